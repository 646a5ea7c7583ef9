import { beginning, placeAt, type Place } from '../../document/place.ts';
import type { Problem } from '../../document/problem.ts';
import type { AgreementDocument } from '../../agreement/schema.ts';
import type { Brand } from '../brand.ts';
import type { Plan } from '../plan.ts';
import type { SequenceDocument } from '../schema.ts';
import type { Defaults } from './attributes.ts';
import type { Element, Source } from './template.ts';

/** Where in a mail something stands: its template, or a text of its step. */
export type MailPart = 'mjml' | 'subject' | 'preheader';

/** Something in a mail's template, in a file that it includes, or in a text of its step. */
export interface InMail extends Place {
  in: MailPart;
  /** The file, where it is a template. */
  file: string;
}

/** A mail of a sequence with everything that a rule may look at. */
export interface LintedMail {
  /** Of its file, without `.mjml`; of a variant it may be another than its step names. */
  name: string;
  /** The plan's instruction that sends it. */
  step: number;
  /** The path of its MJML, for messages. */
  file: string;
  source: string;
  subject: string;
  preheader: string;
  /** Its own file, then those that it includes. */
  sources: readonly Source[];
  /** What is written in them, in the order in which it is shown. */
  elements: readonly Element[];
  /** What its `mj-attributes` say. */
  defaults: Defaults;
  /** As compiled, its Liquid still in it; null when there is no file, or it does not compile. */
  html: string | null;
  text: string | null;
  /** What MJML itself complains of. */
  complaints: readonly Problem[];
  /** Includes that lead nowhere. */
  includes: readonly Problem[];
  /** Liquid that cannot be read. */
  liquid: readonly (InMail & { message: string })[];
  /** Variables of subject, preheader and body, by where they stand in the template. */
  variables: readonly (InMail & { name: string; hasDefault: boolean })[];
}

/** What a sequence rests on that does not stand in the templates; null is what is not known, and no rule is about that. */
export interface Surroundings {
  /** Keys of the people who may own it. */
  people: readonly string[] | null;
  /** The roles that somebody has. */
  roles: readonly string[] | null;
  /** What the agreement says of all mails. */
  agreed: Pick<AgreementDocument['nurture'], 'cap' | 'window'> | null;
}

/** A sequence as a rule sees it. */
export interface LintedSequence extends Surroundings {
  name: string;
  file: string;
  /** What stands in `sequence.yaml`. */
  source: string;
  document: SequenceDocument;
  plan: Plan;
  mails: readonly LintedMail[];
  brand: Brand;
  /** All sequences of the folder, and which others each moves leads to. */
  moves: ReadonlyMap<string, readonly string[]>;
  /** Every variable that a mail may use. */
  knownVariables: readonly string[];
  /** Every filter that Liquid knows. */
  knownFilters: readonly string[];
  /** Files in the folder that look like mails. */
  files: readonly string[];
  /** Where a part of `sequence.yaml` stands. */
  placeOf: (path: readonly PropertyKey[]) => Place;
  /** Where an instruction's step, or a key of that step or of the variant, stands in `sequence.yaml`. */
  placeOfStep: (step: number, key?: string) => Place;
}

/** A part of a file that is replaced by another text. */
export interface Edit {
  file: string;
  start: number;
  end: number;
  text: string;
}

/** Something that a rule found. */
export interface Finding extends Problem {
  file: string;
  /** What mends it without anybody having to think. */
  edits?: readonly Edit[];
}

/** An error keeps a sequence from being published, a warning is worth a second look, a hint may help. */
export type Severity = 'error' | 'warning' | 'hint';

/** One rule: what it demands, why, how to mend what it finds, and how it looks. */
export interface Rule {
  id: string;
  severity: Severity;
  why: string;
  mend: string;
  example: { wrong: string; right: string };
  /** What `--fix` does about it. */
  fix?: string;
  check: (sequence: LintedSequence) => Finding[];
}

/** Where something in a part of a mail is shown to be: in its template, or at the text of its step. */
export function findingIn(
  { file, placeOfStep }: LintedSequence,
  mail: LintedMail,
  { line, column, in: part, file: template }: InMail,
  message: string,
): Finding {
  return part === 'mjml'
    ? { file: template, line, column, message }
    : { file, ...placeOfStep(mail.step, part), message };
}

/** Something at an offset of a file. */
export function findingAt({ file, text }: Source, offset: number, message: string): Finding {
  return { file, ...placeAt(text, offset), message };
}

/** Something about a mail as a whole. */
export function findingOf({ file }: LintedMail, message: string): Finding {
  return { file, ...beginning, message };
}

/** The same for the text of a step. */
export function findingInStep(
  { file, placeOfStep }: LintedSequence,
  step: number,
  key: string | undefined,
  message: string,
): Finding {
  return { file, ...placeOfStep(step, key), message };
}

/** What a check finds in each element of each mail. */
export function inElements(
  look: (element: Element, mail: LintedMail) => { at?: number; message: string } | null,
): Rule['check'] {
  return ({ mails }) =>
    mails.flatMap(mail =>
      mail.elements.flatMap(element => {
        const found = look(element, mail);
        return found === null
          ? []
          : [findingAt(element.source, found.at ?? element.start, found.message)];
      }),
    );
}
