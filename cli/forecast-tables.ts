import { DateTime } from 'luxon';
import colors from 'picocolors';
import type { Forecast, Handovers } from '../domain/agreement/forecast.ts';
import { thresholdInWords } from '../domain/agreement/forecast/in-words.ts';
import { grades } from '../domain/agreement/grade.ts';
import { shareInWords } from '../domain/review/share-text.ts';
import type { Terminal } from './terminal.ts';

/** Columns of a terminal. */
const width = 80;
/** Rules that are told. */
const mostRules = 3;

/** A forecast in tables of 80 columns. */
export function tellForecast(terminal: Terminal, forecast: Forecast): void {
  const { from, to, zone, leads, active, draft } = forecast;
  const date = (at: number) => DateTime.fromMillis(at, { zone }).toFormat('d LLL yyyy');
  terminal.say(colors.bold(`${draft} beside version ${active}, which is in force`));
  terminal.say(`${count(leads)} leads, ${date(from)} to ${date(to)}`);
  tellMoves(terminal, forecast);
  tellWeeks(terminal, forecast);
  tellOutcomes(terminal, forecast);
  tellThreshold(terminal, forecast);
  tellRules(terminal, forecast);
  heading(terminal, 'Read with care');
  for (const note of forecast.notes) terminal.say(wrapped(note, '· '));
}

function tellMoves(terminal: Terminal, { moves, better, worse }: Forecast): void {
  heading(terminal, 'Grades at the end');
  terminal.table(
    ['now \\ draft', ...grades],
    grades.map(from => [from, ...grades.map(to => marked(moves[from][to], from === to))]),
  );
  terminal.say(`${count(better)} leads would be graded better, ${count(worse)} worse.`);
}

function tellWeeks(terminal: Terminal, { weeks, escalations, capacity }: Forecast): void {
  heading(terminal, 'Escalations by week');
  const limited = (value: number) =>
    capacity !== null && value > capacity ? colors.red(count(value)) : count(value);
  const average = ({ perWeek }: Handovers) => limited(Math.round(perWeek));
  terminal.table(
    ['week', 'now', 'draft', 'in fact', ''],
    [
      ...weeks.map(({ week, days, active, draft, real }) => [
        ...[week, limited(active), limited(draft), count(real)],
        days < 7 ? colors.dim(`${days} days of it`) : '',
      ]),
      [
        'a week',
        average(escalations.active),
        average(escalations.draft),
        average(escalations.real),
        'on average',
      ],
    ],
  );
  terminal.say(
    capacity === null ? 'No capacity is agreed.' : `The reps can take ${count(capacity)} a week.`,
  );
}

function tellOutcomes(terminal: Terminal, { outcomes }: Forecast): void {
  const { byKind, wanted, unwanted, handedOver } = outcomes;
  heading(terminal, 'What came of leads, and who was handed over before (95 % intervals)');
  if (byKind.length > 0)
    terminal.table(
      ['', 'now', 'draft'],
      [
        ...byKind.map(({ kind, active, draft }) => [
          kind,
          shareInWords(active),
          shareInWords(draft),
        ]),
        ['wanted', shareInWords(wanted.active), shareInWords(wanted.draft)],
        ['unwanted', shareInWords(unwanted.active), shareInWords(unwanted.draft)],
      ],
    );
  terminal.say();
  terminal.table(
    ['handed over', 'wanted', 'unwanted', 'pending', 'share wanted'],
    (['active', 'draft'] as const).map(version => {
      const { wanted: good, unwanted: bad, pending, share } = handedOver[version];
      return [
        version === 'active' ? 'now' : 'draft',
        ...[good, bad, pending].map(count),
        shareInWords(share),
      ];
    }),
  );
}

function tellThreshold(terminal: Terminal, { threshold, capacity }: Forecast): void {
  if (threshold === null) return;
  heading(terminal, 'Cuts that fit the reps');
  terminal.say(wrapped(thresholdInWords(threshold, capacity)));
}

function tellRules(terminal: Terminal, { rules }: Forecast): void {
  if (rules.length === 0) return;
  heading(terminal, 'What moves most leads, each rule changed alone');
  terminal.table(
    ['rule', 'grades changed', 'of'],
    rules.slice(0, mostRules).map(({ rule, moves, of }) => [rule, count(moves), count(of)]),
  );
  const others = rules.length - mostRules;
  if (others > 0)
    terminal.say(`${others} more ${others === 1 ? 'rule differs' : 'rules differ'} (--json).`);
}

function heading(terminal: Terminal, text: string): void {
  terminal.say();
  terminal.say(colors.bold(text));
}

function marked(value: number, isSame: boolean): string {
  if (value === 0) return colors.dim('·');
  return isSame ? count(value) : colors.yellow(count(value));
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** Broken between words, at the width of a terminal; lines after the first stand under its text. */
export function wrapped(text: string, bullet = ''): string {
  const lines: string[] = [];
  let line = bullet;
  for (const word of text.split(' ')) {
    if (line.length + word.length > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = ' '.repeat(bullet.length);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
