import { z } from 'zod';
import { suggestion } from '../../domain/document/nearest.ts';
import { readDocument } from '../../domain/document/read.ts';

/** How often a fault strikes: never unless said, always at 1. */
const probability = z.number().min(0).max(1).default(0);

/** What goes wrong with the sandbox; nothing, unless somebody asked for it. */
export const faultsSchema = z.strictObject({
  /** The same program meets the same faults under the same seed. */
  seed: z.int().min(0).max(4_294_967_295).default(0),

  /** An event comes twice. */
  duplicates: probability,
  /** An event comes twice, the second time under another `sg_event_id`. */
  renamed: probability,
  /** An event is overtaken by the next one of its mail. */
  reordering: probability,
  /** An event comes late. */
  delays: probability,
  /** How late at most, in hours. */
  delayHours: z.number().positive().max(72).default(6),
  /** A mail's first events come before the call that sent it is answered. */
  early: probability,
  /** An event lacks `sg_message_id`. */
  nameless: probability,

  /** A call is answered 429, with the moment from which to try again. */
  limits: probability,
  /** How far off that moment is, in seconds. */
  limitSeconds: z.int().min(1).max(3_600).default(5),
  /** A call is answered 500 or 503, and the mail was not taken. */
  errors: probability,
  /** A call is answered 500 or 503, and the mail was taken. */
  lateErrors: probability,
  /** A call is answered long after the mail was taken. */
  timeouts: probability,
  /** How long after, in milliseconds: longer than a client waits. */
  holdMs: z.number().min(0).max(120_000).default(15_000),
  /** A call's connection is reset, and the mail was not taken. */
  resets: probability,
  /** A call's connection is reset, and the mail was taken. */
  lateResets: probability,
  /** A call is answered 502 by a proxy, with a page; the mail was taken, or it was not. */
  proxy: probability,

  /** How long the API takes to answer, in milliseconds. */
  delayMs: z.number().min(0).max(60_000).default(0),
});
export type Faults = z.output<typeof faultsSchema>;
/** Faults as they are asked for: whatever is not named does not happen. */
export type SomeFaults = z.input<typeof faultsSchema>;

export const noFaults: Faults = faultsSchema.parse({});

/** How often each fault strikes when only its name is given: often enough to be met, seldom enough to get on. */
const usual = {
  duplicates: 0.3,
  renamed: 0.1,
  reordering: 0.3,
  delays: 0.2,
  early: 0.2,
  nameless: 0.1,
  limits: 0.1,
  errors: 0.05,
  lateErrors: 0.03,
  timeouts: 0.02,
  resets: 0.03,
  lateResets: 0.03,
  proxy: 0.03,
} as const satisfies Partial<Faults>;

export type FaultName = keyof typeof usual;
/** What can strike; the rest says how hard. */
export const faultNames = Object.keys(usual) as FaultName[];

/** Somebody asked for a fault that there is not; the message names the nearest. */
export class UnknownFaultError extends Error {
  override readonly name = 'UnknownFaultError';
}

/**
 * Faults as a document describes them.
 * @param file its name, for messages
 * @throws DocumentError that names line, column, what was found and what was expected
 */
export function readFaults(file: string, text: string): Faults {
  return readDocument(file, text, faultsSchema).value;
}

/**
 * The named faults, each as often as is usual.
 * @param list names with commas in between, such as `duplicates,reordering`, or `all`
 * @throws UnknownFaultError
 */
export function faultsOf(list: string): Faults {
  const names = list
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  const wanted = names.flatMap(name => (name === 'all' ? faultNames : [faultNamed(name)]));
  return faultsSchema.parse(Object.fromEntries(wanted.map(name => [name, usual[name]])));
}

function faultNamed(name: string): FaultName {
  const found = faultNames.find(each => each.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const known = [...faultNames, 'all'];
  const hint = suggestion(name, known) || ` Known: ${known.join(', ')}.`;
  throw new UnknownFaultError(`There is no fault "${name}".${hint}`);
}
