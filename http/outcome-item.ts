import { z } from 'zod';
import { readValues } from '../domain/document/columns.ts';
import { storable } from '../domain/document/text.ts';
import type { Instant } from '../domain/instant.ts';
import type { OutcomeColumn } from '../domain/outcome/headings.ts';
import { readOutcome, type ReadOutcome } from '../domain/outcome/outcome.ts';
import { currencies } from '../intake/currencies.ts';

const text = (longest: number) =>
  z
    .string()
    .max(longest, `it must have at most ${longest} characters`)
    .refine(value => storable(value) === value, 'the text holds NUL or half a character');

/** Which system tells, where a post does not say. */
const usualSource = 'crm';

/** What became of a lead, as it is posted. */
export const outcomeItemSchema = z.strictObject({
  id: z
    .union([text(200), z.int()], { error: 'it must be a text or a whole number' })
    .nullish()
    .meta({
      description:
        "your system's own id for it: what is posted of it later replaces what was posted before; without one it is told by what it says",
    }),
  source: text(200)
    .trim()
    .min(1, 'say which system this is from')
    .default(usualSource)
    .meta({ description: 'the system that says so' }),
  email: text(500).meta({ description: "the lead's address" }),
  outcome: text(100).meta({
    description:
      'accepted, rejected, qualified, won or lost; what CRMs call it is understood, such as "Closed Won". What is not decided yet is passed over.',
  }),
  at: z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], {
      error: 'it must be a date, or a date with time and zone, such as 2026-03-02T08:00:00Z',
    })
    .meta({ description: 'when; not in the future' }),
  amount: z
    .union([z.number(), text(40)], { error: 'it must be a number' })
    .nullish()
    .meta({ description: 'what was won, such as 12000.50; it needs a currency' }),
  currency: text(10).nullish().meta({ description: 'its three letters, such as EUR' }),
  reason: text(300).nullish().meta({ description: 'why it was rejected or lost' }),
});
type OutcomeItem = z.output<typeof outcomeItemSchema>;

/** What a posted outcome says, by the rules of a file's row. */
export function readOutcomeItem(item: OutcomeItem, now: Instant): ReadOutcome {
  const names = ['email', 'outcome', 'at', 'amount', 'currency', 'reason', 'id'] as const;
  // In a text a point may part thousands; in a number it never does.
  const { amount } = item;
  const given = { ...item, amount: typeof amount === 'number' ? inDecimals(amount) : amount };
  const values = readValues<OutcomeColumn>(
    names.map(name => [name, String(given[name] ?? '')] as const),
  );
  if (!(values instanceof Map)) return values;
  return readOutcome(values, { now, currency: null, currencies, dates: 'month' });
}

/** A number in decimals, so that three of them are not taken for thousands: `12.125` is `12.1250`. */
function inDecimals(amount: number): string {
  const text = String(amount);
  return /\.\d{3}$/.test(text) ? `${text}0` : text;
}
