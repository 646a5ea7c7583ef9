import { reactions, type Basis, type Behavior, type Chance, type Reaction } from './behavior.ts';
import type { Spread } from './spread.ts';

/** `12 (8–17)`: the mean over the runs, and what nine runs of ten lay between. Small ones to a tenth. */
export function spreadInWords({ mean, low, high }: Spread): string {
  const middle = mean > 0 && mean < 0.05 ? '< 0.1' : mean < 10 ? shortened(mean) : whole(mean);
  return low === high ? middle : `${middle} (${whole(low)}–${whole(high)})`;
}

/** A chance as it is told. */
interface ToldChance {
  words: string;
  basis: Basis;
}

/** Chances by mails, those together that have the same ones. */
export function behaviorInWords({
  mails,
}: Pick<Behavior, 'mails'>): { mails: string; chances: Record<Reaction, ToldChance> }[] {
  const groups = new Map<string, { names: string[]; chances: Record<Reaction, Chance> }>();
  for (const [name, chances] of Object.entries(mails)) {
    const key = JSON.stringify(chances);
    const group = groups.get(key) ?? { names: [], chances };
    group.names.push(name);
    groups.set(key, group);
  }
  const isAlone = groups.size === 1;
  return [...groups.values()].map(({ names, chances }) => ({
    mails: isAlone ? 'every mail' : names.join(', '),
    chances: Object.fromEntries(
      reactions.map(reaction => [
        reaction,
        { words: chanceInWords(chances[reaction]), basis: chances[reaction].basis },
      ]),
    ) as Record<Reaction, ToldChance>,
  }));
}

const overInWords = {
  mail: '',
  step: ', all its variants',
  sequence: ', all mails of the sequence',
} as const;

/** `measured: 41 of 812 (5 %)`, or `assumed 3 %`. */
export function chanceInWords({ rate, basis }: Chance): string {
  const percent = `${Number((rate * 100).toPrecision(2))} %`;
  if (basis.kind === 'assumed') return `assumed ${percent}`;
  return `measured: ${whole(basis.count)} of ${whole(basis.of)} (${percent})${overInWords[basis.over]}`;
}

/** What leads do by themselves, and how unevenly, in two sentences. */
export function ownInWords({ own, lively }: Pick<Behavior, 'own' | 'lively'>): string {
  const each = own.deeds.reduce((sum, { perWeek }) => sum + perWeek, 0);
  const { basis } = own;
  const known =
    basis.kind === 'measured'
      ? `measured: ${whole(basis.count)} in ${whole(basis.of)} weeks of leads`
      : 'assumed';
  return `By themselves, each lead does ${Number(each.toPrecision(2))} things a week (${known}). ${Number((lively.share * 100).toPrecision(2))} % of the leads do ${Number((lively.does * 100).toPrecision(2))} % of all clicks, replies and visits (assumed).`;
}

/** To a tenth, and without one that says nothing. */
function shortened(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
