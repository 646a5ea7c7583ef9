import { activationTurn } from './activation.ts';
import { byOps } from './by-ops.ts';
import type { Context } from './context.ts';
import { deliver } from './deliver.ts';
import { escalationTurn } from './escalation.ts';
import { deliverHook, giveUpOnHook } from './hook.ts';
import { intakePage, intakeTurn } from './intake.ts';
import { signingTurn } from './signing.ts';
import { sweep } from './sweep.ts';
import { turn } from './turn.ts';

const all = {
  turn,
  deliver,
  intakeTurn,
  intakePage,
  escalationTurn,
  byOps,
  activationTurn,
  signingTurn,
  deliverHook,
  giveUpOnHook,
  sweep,
};

/** The activities as workflows call them: with one input each. */
export type Activities = {
  [Name in keyof typeof all]: (
    input: Parameters<(typeof all)[Name]>[1],
  ) => ReturnType<(typeof all)[Name]>;
};

/** Binds the activities to what they work with. */
export function createActivities(context: Context): Activities {
  return {
    turn: input => turn(context, input),
    deliver: input => deliver(context, input),
    intakeTurn: input => intakeTurn(context, input),
    intakePage: input => intakePage(context, input),
    escalationTurn: input => escalationTurn(context, input),
    byOps: input => byOps(context, input),
    activationTurn: input => activationTurn(context, input),
    signingTurn: input => signingTurn(context, input),
    deliverHook: input => deliverHook(context, input),
    giveUpOnHook: input => giveUpOnHook(context, input),
    sweep: input => sweep(context, input),
  };
}
