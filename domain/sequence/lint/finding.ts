import type { Brand } from '../brand.ts';
import type { Plan } from '../plan.ts';
import type { SequenceDocument } from '../schema.ts';

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
  complaints: readonly { line: number; message: string }[];
  /** Variables of subject, preheader and body, by where they stand. */
  variables: readonly {
    name: string;
    hasDefault: boolean;
    line: number;
    in: 'mjml' | 'subject' | 'preheader';
  }[];
}

/** A sequence as a rule sees it. */
export interface LintedSequence {
  name: string;
  file: string;
  document: SequenceDocument;
  plan: Plan;
  mails: readonly LintedMail[];
  brand: Brand;
  /** Every variable that a mail may use. */
  knownVariables: readonly string[];
  /** Files in the folder that look like mails. */
  files: readonly string[];
  /** The line of `sequence.yaml` at which an instruction's step, or a key of that step, stands. */
  lineOf: (step: number, key?: string) => number;
}

/** Something that a rule found. Lines count from 1. */
export interface Finding {
  file: string;
  line: number;
  message: string;
}

/** One rule: what it demands, why, and how it looks. An error keeps a sequence from being published. */
export interface Rule {
  id: string;
  severity: 'error' | 'warning';
  why: string;
  check: (sequence: LintedSequence) => Finding[];
}
