import type { Segmented } from '../domain/nurture/survey.ts';
import type { Terminal } from './terminal.ts';

/** No more rows of a kind than fit on a screen with all others; `--json` has them all. */
const longest = 8;

/** Tells people who is in which segment, in 80 columns. */
export function printSegments(terminal: Terminal, segmented: Segmented): void {
  const { leads, segments, onlyLast } = segmented;
  terminal.table(
    ['segment', 'C', 'get', 'D', 'get', 'moves'],
    segments.map(({ name, move, C, D }) => [
      clip(name, 24),
      String(C.leads),
      clip(C.sequence, 14),
      String(D.leads),
      clip(D.sequence, 14),
      move ? 'yes' : 'no',
    ]),
  );
  terminal.say();
  const nurtured = segments.reduce((sum, { C, D }) => sum + C.nurtured + D.nurtured, 0);
  terminal.say(`${many(leads.segmented)} in a segment, ${nurtured} of them in a sequence now.`);
  terminal.say(
    `Not counted: ${leads.sales} with sales, ${leads.neverMailed} never mailed, ${leads.notGraded} not graded yet.`,
  );
  printOverlaps(terminal, segmented);
  if (onlyLast.leads > 0) printOnlyLast(terminal, segmented);
  printElsewhere(terminal, segmented);
}

function printOverlaps(terminal: Terminal, { overlaps }: Segmented): void {
  terminal.say();
  if (overlaps.length === 0) return terminal.say('No lead fits two segments, the last one aside.');
  terminal.say('Leads that a later segment would take, were it first:');
  terminal.table(
    ['segment', 'fit also', 'leads'],
    overlaps
      .slice(0, longest)
      .map(({ segment, also, leads }) => [clip(segment, 32), clip(also, 32), String(leads)]),
  );
  sayMore(terminal, overlaps.length);
}

function printOnlyLast(terminal: Terminal, { onlyLast }: Segmented): void {
  terminal.say();
  terminal.say(`${many(onlyLast.leads)} in the last segment alone. What is commonest there:`);
  const rows = Object.entries(onlyLast.fields).flatMap(([field, { blank, commonest, isExact }]) => {
    const values = commonest
      .filter(({ count }) => count > 1)
      .map(({ value, count }) => `${value} (${isExact ? '' : 'at least '}${count})`);
    const all = blank === 0 ? values : [...values, `blank (${blank})`];
    return all.length === 0 ? [] : [[field, fitting(all, 66)]];
  });
  terminal.table(['field', 'values'], rows);
}

function printElsewhere(terminal: Terminal, { elsewhere }: Segmented): void {
  terminal.say();
  if (elsewhere.length === 0)
    return terminal.say('Every lead in a sequence is there by the segment that it fits.');
  const leads = elsewhere.reduce((sum, row) => sum + row.leads, 0);
  terminal.say(`${many(leads)} in a sequence by another segment than now fits:`);
  terminal.table(
    ['came by', 'fit now', 'leads', 'next turn'],
    elsewhere
      .slice(0, longest)
      .map(row => [
        clip(row.enrolledAs, 26),
        clip(row.fits, 26),
        String(row.leads),
        row.moving === 0 ? 'stay' : `${row.moving} move`,
      ]),
  );
  sayMore(terminal, elsewhere.length);
}

function sayMore(terminal: Terminal, rows: number): void {
  if (rows > longest) terminal.say(`and ${rows - longest} more such pairs`);
}

function many(leads: number): string {
  return leads === 1 ? '1 lead is' : `${leads} leads are`;
}

/** As many of the texts as fit, the first at any rate. */
function fitting(texts: readonly string[], width: number): string {
  let line = clip(texts[0] ?? '', width);
  for (const text of texts.slice(1)) {
    if (line.length + 2 + text.length > width) break;
    line = `${line}, ${text}`;
  }
  return line;
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
