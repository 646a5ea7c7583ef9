import colors from 'picocolors';
import type { Calibration } from '../domain/agreement/calibrate.ts';
import type { Finding, Verdict } from '../domain/agreement/calibrate/judge.ts';
import { day } from '../domain/instant.ts';
import { wrapped } from './forecast-tables.ts';
import { percent, shareInWords } from '../domain/review/share-text.ts';
import type { Terminal } from './terminal.ts';

/** What outcomes say, in tables of 80 columns. */
export function tellCalibration(terminal: Terminal, calibration: Calibration): void {
  const { base, target, pending, patience, version, fit, engagement, grades } = calibration;
  terminal.say(colors.bold(`Leads that were ${target}, under version ${version} in force`));
  terminal.say(`${shareInWords(base)}; ${pending.toLocaleString('en')} pending`);
  if (patience !== null)
    terminal.say(
      `Nine of ten successes took at most ${days(patience)}: who is silent for longer counts as a no.`,
    );
  table(terminal, 'Fit', fit);
  table(terminal, 'What leads did before', engagement);
  table(terminal, 'Grades', grades);
  tellProposals(terminal, calibration);
  terminal.say();
  for (const note of calibration.notes) terminal.say(wrapped(note, '· '));
}

function table(terminal: Terminal, title: string, findings: readonly Finding[]): void {
  terminal.say();
  terminal.table(
    [title, 'points', 'n', 'rate, 95 %', 'lift', 'pending', ''],
    findings.map(({ what, points, share, lift, pending, verdict }) => [
      what.length > 22 ? `${what.slice(0, 21)}…` : what,
      points === null ? '' : String(points),
      share.of.toLocaleString('en'),
      rateOf(share),
      lift === null ? '–' : lift.toFixed(2),
      pending.toLocaleString('en'),
      colored(verdict),
    ]),
  );
}

function rateOf({ rate, low, high }: Finding['share']): string {
  if (rate === null || low === null || high === null) return '–';
  return `${percent(rate)} (${percent(low)}–${percent(high)})`;
}

function colored(verdict: Verdict): string {
  switch (verdict) {
    case 'inverted':
      return colors.red(verdict);
    case 'raise':
    case 'lower':
      return colors.yellow(verdict);
    case 'no difference':
      return 'no difference';
    case 'not enough data':
      return colors.dim('too few');
    default:
      return verdict satisfies never;
  }
}

function tellProposals(terminal: Terminal, { proposals }: Calibration): void {
  terminal.say();
  if (proposals.length === 0) {
    terminal.say('Nothing is proposed: no difference is beyond doubt.');
    return;
  }
  terminal.say(colors.bold('Proposed, and changed by nobody but you'));
  for (const { rule, from, to, why } of proposals)
    terminal.say(wrapped(`${rule}: ${from} → ${to} (${why})`, '· '));
}

function days(milliseconds: number): string {
  const count = Math.ceil(milliseconds / day);
  return `${count} ${count === 1 ? 'day' : 'days'}`;
}
