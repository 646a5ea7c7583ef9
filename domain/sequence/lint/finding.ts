import type { Place } from '../../document/place.ts';
import type { Problem } from '../../document/problem.ts';
import type { Brand } from '../brand.ts';
import type { Plan } from '../plan.ts';
import type { SequenceDocument } from '../schema.ts';

/** Where in a mail something stands: its template, or a text of its step. */
export type MailPart = 'mjml' | 'subject' | 'preheader';

/** A mail of a sequence with everything that a rule may look at. */
export interface LintedMail {
  name: string;
  /** The plan's instruction that sends it. */
  step: number;
  /** The path of its MJML, for messages. */
  file: string;
  source: string;
  /** As compiled, its Liquid still in it; null when there is no file, or it does not compile. */
  html: string | null;
  text: string | null;
  /** What MJML itself complains of. */
  complaints: readonly Problem[];
  /** Includes that lead nowhere. */
  includes: readonly Problem[];
  /** Liquid that cannot be read. */
  liquid: readonly (Problem & { in: MailPart })[];
  /** Variables of subject, preheader and body, by where they stand in the template. */
  variables: readonly (Place & { name: string; hasDefault: boolean; in: MailPart })[];
}

/** A sequence as a rule sees it. */
export interface LintedSequence {
  name: string;
  file: string;
  document: SequenceDocument;
  plan: Plan;
  mails: readonly LintedMail[];
  brand: Brand;
  /** Keys of the people who may own it; null when that is not known. */
  people: readonly string[] | null;
  /** The roles that somebody has; null, or left out, when that is not known. */
  roles?: readonly string[] | null;
  /** Every variable that a mail may use. */
  knownVariables: readonly string[];
  /** Files in the folder that look like mails. */
  files: readonly string[];
  /** Where a part of `sequence.yaml` stands. */
  placeOf: (path: readonly PropertyKey[]) => Place;
  /** Where an instruction's step, or a key of that step, stands in `sequence.yaml`. */
  placeOfStep: (step: number, key?: string) => Place;
}

/** Something that a rule found. */
export interface Finding extends Problem {
  file: string;
}

/** One rule: what it demands, why, and how it looks. An error keeps a sequence from being published. */
export interface Rule {
  id: string;
  severity: 'error' | 'warning';
  why: string;
  check: (sequence: LintedSequence) => Finding[];
}

/** Where something in a part of a mail is shown to be: in its template, or at the text of its step. */
export function findingIn(
  { file, placeOfStep }: LintedSequence,
  mail: LintedMail,
  { line, column, in: part }: Place & { in: MailPart },
  message: string,
): Finding {
  return part === 'mjml'
    ? { file: mail.file, line, column, message }
    : { file, ...placeOfStep(mail.step, part), message };
}
