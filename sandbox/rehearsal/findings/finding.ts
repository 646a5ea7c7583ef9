import type { Instant } from '../../../domain/instant.ts';
import type { Plan } from '../../../domain/sequence/plan.ts';
import type { WhatHappened } from '../../../store/what-happened.ts';

/** Something in the result of a rehearsal that both teams should know before they go live. */
export interface Finding {
  rule: string;
  /** A sentence for marketers, with the numbers. */
  text: string;
  /** Of what the sentence is about. */
  count: number;
  /** At most five addresses, steps or names. */
  examples: string[];
  /** Whether something should be mended; others are figures to know. */
  isFault: boolean;
}

/** What the program was meant to be, beside what it did. */
export interface FindingsContext {
  from: Instant;
  to: Instant;
  /** The agreement's, an IANA name. */
  zone: string;
  /** The published sequences. */
  sequences: readonly { name: string; plan: Plan }[];
  /** The names of the agreement's segments. */
  segments: readonly string[];
  people: readonly { key: string; name: string; capacity: number | null }[];
  /** Addresses of leads whose next mail waits for somebody to mend it. */
  blocked: readonly string[];
}

/** Looks for one thing; null when it is not there. */
export type Rule = (told: WhatHappened, context: FindingsContext) => Finding | null;

const mostExamples = 5;

/** Something to mend, with each of its examples once, the first five of them. */
export function fault(
  rule: string,
  count: number,
  text: string,
  examples: readonly string[],
): Finding {
  return { ...figure(rule, count, text, examples), isFault: true };
}

/** Something to know. */
export function figure(
  rule: string,
  count: number,
  text: string,
  examples: readonly string[],
): Finding {
  const few = [...new Set(examples)].slice(0, mostExamples);
  return { rule, text, count, examples: few, isFault: false };
}
