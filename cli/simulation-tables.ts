import { DateTime } from 'luxon';
import colors from 'picocolors';
import { day, hour } from '../domain/instant.ts';
import { reactions, type Basis } from '../domain/sequence/simulate/behavior.ts';
import {
  behaviorInWords,
  ownInWords,
  spreadInWords,
} from '../domain/sequence/simulate/in-words.ts';
import type { Simulation } from '../domain/sequence/simulate/summary.ts';
import { clip, wrap } from './wrap.ts';
import type { Terminal } from './terminal.ts';

/** A simulation in tables of 80 columns. */
export function tellSimulation(terminal: Terminal, simulation: Simulation): void {
  const { sequence, version, agreement, leads, leadsFrom, begin, runs, seed } = simulation;
  const date = (at: number) =>
    DateTime.fromMillis(at, { zone: simulation.zone }).setLocale('en').toFormat('d LLL yyyy');
  terminal.say(colors.bold(`${sequence}, ${version}, under ${agreement}`));
  terminal.say(
    wrap(
      `${count(leads)} leads of ${leadsFrom}, ${date(simulation.from)} to ${date(simulation.to)}; ${count(begin)} of them go into the sequence. ${count(runs)} runs with seed ${seed}: figures are means of the runs, in brackets what they lay between in nine of ten.`,
    ),
  );
  for (const { why, leads: many } of simulation.notBegun)
    terminal.say(`  ${count(many)} do not: ${why}`);
  tellWeeks(terminal, simulation);
  tellSteps(terminal, simulation);
  tellTasks(terminal, simulation);
  tellEnds(terminal, simulation);
  tellSplits(terminal, simulation);
  tellGrades(terminal, simulation);
  tellBehavior(terminal, simulation);
}

function tellWeeks(terminal: Terminal, { weeks, mails, escalations }: Simulation): void {
  heading(terminal, 'By week');
  terminal.table(
    ['week', 'mails', 'to sales', 'graded better', 'worse', ''],
    [
      ...weeks.map(week => [
        week.week,
        ...[week.mails, week.escalations, week.rises, week.falls].map(spreadInWords),
        week.days < 7 ? colors.dim(`${week.days} days`) : '',
      ]),
      ['in all', spreadInWords(mails), spreadInWords(escalations), '', '', ''],
    ],
  );
}

function tellSteps(terminal: Terminal, { steps }: Simulation): void {
  heading(terminal, 'How many each mail reaches, and how many windows and caps put off');
  terminal.table(
    ['mail', 'leads', 'share', 'window', 'cap', 'half within', 'latest'],
    steps.map(({ mail, leads, share, putOff }) => [
      clip(mail, 26),
      spreadInWords(leads),
      percent(share),
      ...(putOff === null
        ? ['·', '·', '', '']
        : [
            percent(of(putOff.byWindow.mean, leads.mean)),
            percent(of(putOff.byCap.mean, leads.mean)),
            long(putOff.medianMs),
            long(putOff.longestMs),
          ]),
    ]),
  );
}

function tellTasks(terminal: Terminal, { tasks }: Simulation): void {
  if (tasks.length === 0) return;
  heading(terminal, 'What people are asked to do');
  terminal.table(
    ['task', 'leads', 'share'],
    tasks.map(({ task, leads, share }) => [clip(task, 48), spreadInWords(leads), percent(share)]),
  );
}

function tellEnds(terminal: Terminal, { ends }: Simulation): void {
  heading(terminal, 'How leads leave');
  terminal.table(
    ['', 'leads', 'share'],
    ends.map(({ how, leads, share }) => [clip(how, 48), spreadInWords(leads), percent(share)]),
  );
}

function tellSplits(terminal: Terminal, { splits }: Simulation): void {
  if (splits.length === 0) return;
  heading(terminal, 'Where the sequence goes several ways');
  terminal.table(
    ['split', 'variant', 'leads', 'share'],
    splits.flatMap(({ split, variants }) =>
      variants.map(({ variant, leads, share }, index) => [
        index === 0 ? clip(split, 26) : '',
        ...[clip(variant, 22), spreadInWords(leads), percent(share)],
      ]),
    ),
  );
}

function tellGrades(terminal: Terminal, { grades }: Simulation): void {
  if (grades.length === 0) return;
  heading(terminal, 'Changes of grades');
  terminal.table(
    ['', 'times'],
    grades.map(({ change, times }) => [change, spreadInWords(times)]),
  );
}

function tellBehavior(terminal: Terminal, { behavior }: Simulation): void {
  heading(terminal, 'What leads were taken to do');
  terminal.table(
    ['mails', 'after one', 'known from'],
    behaviorInWords(behavior).flatMap(({ mails, chances }) =>
      reactions.map((reaction, index) => [
        index === 0 ? clip(mails, 24) : '',
        ...[reaction, marked(chances[reaction].basis, chances[reaction].words)],
      ]),
    ),
  );
  terminal.say(wrap(ownInWords(behavior)));
}

function marked({ kind }: Basis, words: string): string {
  return kind === 'measured' ? words : colors.dim(words);
}

function heading(terminal: Terminal, text: string): void {
  terminal.say();
  terminal.say(colors.bold(text));
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function of(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

function long(ms: number): string {
  return ms < 2 * day ? `${Math.round(ms / hour)} h` : `${(ms / day).toFixed(1)} d`;
}
