import type { EventKind } from '../../event/event.ts';
import { compiledName, type Plan } from '../plan.ts';
import type { Assumptions } from './assumptions.ts';

/** What may follow a mail: each within its own time, and of most mails none of them. */
export const reactions = ['bounce', 'click', 'reply', 'unsubscribe', 'complaint'] as const;
export type Reaction = (typeof reactions)[number];

/** What leads do by themselves, whether they were mailed or not. */
export const ownKinds = ['page', 'form', 'download', 'webinar', 'booked'] as const;
export type OwnKind = (typeof ownKinds)[number] & EventKind;

/** What the mails of one step, and of one of its variants, came to. */
export interface MeasuredMail {
  mail: string;
  variant: string | null;
  sent: number;
  /** Sent and not bounced. */
  delivered: number;
  reactions: Record<Reaction, number>;
}

/** What is known of a sequence from all the time that it has been sent. */
export interface Measured {
  mails: readonly MeasuredMail[];
  /** How long reactions took: evenly spaced quantiles in milliseconds, rising, of so many. */
  delays: Record<Reaction, { count: number; quantiles: readonly number[] }>;
  /** What leads did by themselves in the weeks that they were in it, all leads together. */
  own: { weeks: number; deeds: readonly { kind: OwnKind; subject: string; count: number }[] };
}

/** What a figure rests on. */
export type Basis =
  | {
      kind: 'measured';
      count: number;
      /** Mails, reactions, or weeks that leads were in the sequence. */
      of: number;
      /** Of this very mail, of all variants of its step, or of all mails of the sequence. */
      over: 'mail' | 'step' | 'sequence';
    }
  | { kind: 'assumed' };

/** A probability from 0 to 1. */
export interface Chance {
  rate: number;
  basis: Basis;
}

/** How leads are taken to behave, and how that is known. */
export interface Behavior {
  /** By what the mails are called; see `compiledName`. */
  mails: Readonly<Record<string, Record<Reaction, Chance>>>;
  delays: Record<Reaction, { quantiles: readonly number[]; basis: Basis }>;
  own: { deeds: readonly { kind: OwnKind; subject: string; perWeek: number }[]; basis: Basis };
  /** This share of the leads does that share of all clicks, replies and of what leads do by themselves. */
  lively: Assumptions['lively'];
}

const assumed: Basis = { kind: 'assumed' };

/**
 * How leads behave in a plan: as was measured where there was enough of it, first for the very mail, then for its
 * step, then for the whole sequence; else as is assumed.
 */
export function behaviorOf(
  plan: Plan,
  assumptions: Assumptions,
  measured: Measured | null,
): Behavior {
  const { after_a_mail: after, by_themselves: own, lively, enough } = assumptions;
  const mails = plan.flatMap(instruction => {
    if (instruction.do !== 'mail') return [];
    const chances = record(reaction =>
      chanceOf(
        reaction,
        { mail: instruction.mail, variant: instruction.variant?.name ?? null },
        measured?.mails ?? [],
        assumptions,
      ),
    );
    return [[compiledName(instruction), chances] as const];
  });
  const weeks = measured?.own.weeks ?? 0;
  return {
    mails: Object.fromEntries(mails),
    delays: record(reaction => {
      const { count, quantiles } = measured?.delays[reaction] ?? { count: 0, quantiles: [] };
      return count >= enough.reactions && quantiles.length > 1
        ? { quantiles, basis: { kind: 'measured', count, of: count, over: 'sequence' } }
        : { quantiles: after[reaction].within, basis: assumed };
    }),
    own:
      measured !== null && weeks >= enough.weeks
        ? {
            deeds: measured.own.deeds.map(({ kind, subject, count }) => ({
              ...{ kind, subject, perWeek: count / weeks },
            })),
            basis: {
              ...{ kind: 'measured', of: Math.round(weeks), over: 'sequence' },
              count: measured.own.deeds.reduce((sum, { count }) => sum + count, 0),
            },
          }
        : {
            deeds: own.map(({ does: kind, name: subject, each_week: perWeek }) => ({
              ...{ kind, subject, perWeek },
            })),
            basis: assumed,
          },
    lively,
  };
}

function chanceOf(
  reaction: Reaction,
  { mail, variant }: { mail: string; variant: string | null },
  measured: readonly MeasuredMail[],
  { after_a_mail: after, enough }: Assumptions,
): Chance {
  const step = measured.filter(row => row.mail === mail);
  const pools = [
    { over: 'mail', rows: step.filter(row => row.variant === variant) },
    { over: 'step', rows: step },
    { over: 'sequence', rows: measured },
  ] as const;
  for (const { over, rows } of pools) {
    const delivered = sumOf(rows, row => row.delivered);
    // What bounces was never delivered.
    const of = reaction === 'bounce' ? sumOf(rows, row => row.sent) : delivered;
    if (delivered < enough.mails) continue;
    const count = sumOf(rows, row => row.reactions[reaction]);
    return { rate: Math.min(1, count / of), basis: { kind: 'measured', count, of, over } };
  }
  return { rate: after[reaction].chance, basis: assumed };
}

function sumOf(rows: readonly MeasuredMail[], value: (row: MeasuredMail) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}

function record<Value>(value: (reaction: Reaction) => Value): Record<Reaction, Value> {
  return {
    bounce: value('bounce'),
    click: value('click'),
    reply: value('reply'),
    unsubscribe: value('unsubscribe'),
    complaint: value('complaint'),
  };
}
