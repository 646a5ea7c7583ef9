import { saysTheSame } from '../document/same.ts';
import { landed, nameAt, waysFrom } from './flow.ts';
import { compiledName, type Instruction, type Plan } from './plan.ts';

/** What of a version tells whether a step of it is still the same. */
export interface Steps {
  plan: Plan;
  mails: Readonly<Record<string, unknown>>;
}

/** Where a lead goes on in another version; or the changed step that it has passed or stands at. */
export type CarriedOver = { cursor: number } | { reached: string };

/**
 * Where a lead that stands somewhere in one version goes on in another: at the same step, when that and everything on
 * any way to it are the same in both. Where ways come together again it may have gone either, so both must be.
 */
export function carryOver(before: Steps, after: Steps, cursor: number): CarriedOver {
  const target = landed(before.plan, cursor);
  const passed = leadingTo(before.plan, target);
  const places = new Map<number, number>();
  const open: [number, number][] = [[landed(before.plan, 0), landed(after.plan, 0)]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [was, is] = pair;
    if (!passed.has(was)) continue;
    const known = places.get(was);
    if (known === is) continue;
    if (known !== undefined || !isSame(before, after, was, is))
      return { reached: nameAt(before.plan, was) };
    places.set(was, is);
    const ways = new Map(waysFrom(after.plan, is).map(({ by, to }) => [by, to]));
    for (const { by, to } of waysFrom(before.plan, was)) {
      if (!passed.has(to)) continue;
      const there = ways.get(by);
      if (there === undefined) return { reached: nameAt(before.plan, was) };
      open.push([to, there]);
    }
  }
  const there = places.get(target);
  return there === undefined ? { reached: nameAt(before.plan, target) } : { cursor: there };
}

/** The places on any way from the beginning to one, and that one. All ways lead forward. */
function leadingTo(plan: Plan, target: number): Set<number> {
  const leading = new Set([target]);
  for (let at = Math.min(target, plan.length) - 1; at >= 0; at--)
    if (waysFrom(plan, at).some(({ to }) => leading.has(to))) leading.add(at);
  return leading;
}

function isSame(before: Steps, after: Steps, was: number, is: number): boolean {
  const [a, b] = [before.plan[was], after.plan[is]];
  if (a === undefined || b === undefined) return a === b;
  return saysTheSame(contentOf(a, before), contentOf(b, after));
}

/** What an instruction does, without where it leads to; of a mail, also what is sent. */
function contentOf(instruction: Instruction, { mails }: Steps): unknown {
  switch (instruction.do) {
    case 'mail':
      return [instruction, mails[compiledName(instruction)]];
    case 'branch':
      return ['branch', instruction.if];
    case 'split': {
      const { split, paths } = instruction;
      return ['split', split, paths.map(({ variant, weight }) => [variant, weight])];
    }
    case 'wait':
    case 'task':
    case 'jump':
    case 'move':
    case 'exit':
      return instruction;
    default:
      return instruction satisfies never;
  }
}
