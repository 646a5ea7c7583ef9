import { stringify } from 'csv-stringify/sync';
import { shareNames, type StepFigures } from '../domain/review/step-results.ts';
import type { Share } from '../domain/review/intervals.ts';
import { percent } from '../domain/review/share-text.ts';
import { liftInWords, measureInWords, splitFindings } from '../domain/review/variant-words.ts';
import type { StepResults } from '../store/step-results.ts';
import type { StoredSplitResult } from '../store/split-results.ts';
import type { Terminal } from './terminal.ts';
import { clip, wrap } from './wrap.ts';

/** Tells people what each step brought, in 80 columns; segments one after the other. */
export function printStepResults(terminal: Terminal, results: StepResults): void {
  const { name, versions, segment, enrolled, steps, findings } = results;
  const which =
    versions.length === 1 ? `v${versions[0]}` : `v${versions[0]} to v${versions.at(-1)}`;
  const whose = segment === null ? '' : ` by the segment "${segment}"`;
  terminal.say(`${name}, ${which}: ${many(enrolled, 'enrollment')}${whose}.`);
  if (steps.length === 0)
    return terminal.say('No mail has gone out of it so far, so there is nothing to tell.');
  const segments = [...new Set(steps.map(step => step.segment))];
  for (const each of segments) {
    terminal.say();
    if (segments.length > 1) terminal.say(each === null ? 'Without a segment:' : `${each}:`);
    printTables(
      terminal,
      steps.filter(step => step.segment === each),
    );
  }
  terminal.say();
  terminal.say(
    wrap(
      `Counted are leads. Clicks are people's: scanners stand apart. Opens score nothing; (m.) are those of machines alone. To sales, within ${results.creditDays} days after the mail; a lead counts for each mail of those days, so these do not add up.`,
    ),
  );
  if (findings.length > 0) terminal.say();
  for (const finding of findings) terminal.say(wrap(`- ${finding}`));
}

function printTables(terminal: Terminal, steps: readonly StepFigures[]): void {
  terminal.table(
    ['step', 'sent', 'deliv.', 'clicked', 'replied', 'unsub.', 'compl.'],
    steps.map(step => [
      labelOf(step),
      String(step.sent),
      String(step.delivered),
      rate(step.shares.clicked),
      String(step.replied),
      String(step.unsubscribed),
      String(step.complained),
    ]),
  );
  terminal.say();
  terminal.table(
    ['step', 'came', 'back', 'opens (m.)', 'scanned', 'to sales', 'acc.', 'won'],
    steps.map(step => [
      labelOf(step),
      String(step.came),
      String(step.bounced),
      `${step.opened} (${step.openedByMachine})`,
      String(step.scanned),
      rate(step.shares.escalated),
      String(step.accepted),
      String(step.won),
    ]),
  );
}

function labelOf({ step, variant }: StepFigures): string {
  const width = 18;
  if (variant === null) return clip(step, width);
  return `${clip(step, width - 1 - Math.min(variant.length, 10))}/${clip(variant, 10)}`;
}

/** `31: 15 % (10–20)` */
function rate({ count, rate: part, low, high }: Share): string {
  if (part === null || low === null || high === null) return '–';
  return `${count}: ${percent(part)} % (${percent(low)}–${percent(high)})`;
}

/** Tells people what the variants of a split brought, in 80 columns. */
export function printSplitResult(terminal: Terminal, result: StoredSplitResult): void {
  const { split, of, variants, against } = result;
  terminal.say(
    wrap(
      `${of === 'mail' ? 'Variants of' : 'Paths of'} "${split}", ${measureInWords(result)}. Against ${against}:`,
    ),
  );
  terminal.table(
    ['variant', 'weight', 'leads', 'of them', 'rate', 'lift (points)'],
    variants.map(({ variant, weight, exposed, share, lift }) => [
      clip(variant, 14),
      String(weight),
      String(exposed),
      share === null ? '–' : String(share.of),
      share === null ? '–' : rate(share),
      lift === null ? '–' : liftInWords(lift),
    ]),
  );
  for (const finding of splitFindings(result)) terminal.say(wrap(finding));
}

/**
 * What each step brought as CSV: a line for each step, variant and segment. Texts that a spreadsheet would take for a
 * formula are quoted so that it does not.
 */
export function stepResultsCsv({ name, steps }: StepResults): string {
  const counts = [
    ...['came', 'sent', 'delivered', 'bounced', 'opened', 'openedByMachine', 'clicked', 'scanned'],
    ...['replied', 'unsubscribed', 'complained', 'escalated', 'accepted', 'won'],
  ] as const;
  const columns = ['sequence', 'step', 'variant', 'segment', ...counts.map(snake)];
  const rates = shareNames.flatMap(share => [`${share}_rate`, `${share}_low`, `${share}_high`]);
  const lines = steps.map(step => [
    ...[name, step.step, step.variant, step.segment],
    ...counts.map(count => step[count as keyof StepFigures]),
    ...shareNames.flatMap(share => {
      const { rate: part, low, high } = step.shares[share];
      return [part, low, high];
    }),
  ]);
  return stringify([[...columns, ...rates], ...lines], { escape_formulas: true });
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}

function many(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
