import type { AgreementId } from '../domain/ids.ts';
import { day, minute, plus, type Instant } from '../domain/instant.ts';
import { draftState, type DraftState } from '../store/draft.ts';
import { isSuppressed } from '../store/suppression.ts';
import type { Context } from './context.ts';
import { unknownRow } from './failure.ts';
import { momentOf } from './moment.ts';

/** How long until somebody who has not signed is asked again. */
const remindMs = 3 * day;
/** How long until a mail that could not be sent is tried again. */
const retryMs = minute;

/** What a turn of a signing tells its workflow; it stands in histories, and none of it is personal. */
export interface SigningNext {
  v: 1;
  version: number;
  /** Where the draft stands, in a sentence. */
  standing: string;
  /** When to ask again; null when there is nothing to ask for any more. */
  until: Instant | null;
}

/**
 * Asks those who may sign a draft and whose team has not.
 * @param isDue whether it is time to ask, and not just a look at what has been signed
 */
export async function signingTurn(
  context: Context,
  { agreement, isDue, shift }: { agreement: AgreementId; isDue: boolean; shift: number },
): Promise<SigningNext> {
  const at = momentOf(shift);
  const draft = await draftState(context.database, agreement);
  if (draft === null) throw unknownRow('agreement');
  const { version, missing } = draft;
  const over = overBecause(draft);
  if (over !== null) return { v: 1, version, standing: over, until: null };
  const standing = `Waits for the signature of ${missing.join(' and ')}.`;
  if (!isDue) return { v: 1, version, standing, until: plus(at, remindMs) };
  const isTold = await ask(context, draft, at);
  return { v: 1, version, standing, until: plus(at, isTold ? remindMs : retryMs) };
}

function overBecause({ state, missing, newest }: DraftState): string | null {
  if (state !== 'draft') return 'It came into force.';
  if (newest !== null) return `A newer draft, version ${newest}, took its place.`;
  return missing.length === 0 ? 'Both teams have signed it; it can be put into force.' : null;
}

/** @returns whether everybody was told who can be told by mail */
async function ask(
  { database, gateway, signingMail, links, log }: Context,
  { id, version, active, missing, changes, signers }: DraftState,
  at: Instant,
): Promise<boolean> {
  let isTold = true;
  for (const signer of signers.filter(({ team }) => missing.includes(team))) {
    if (await isSuppressed(database, signer.address)) {
      log.warn(
        { agreement: id, team: signer.team },
        'the address of somebody who may sign is suppressed',
      );
      continue;
    }
    const link = links.signing(id, signer.id, at);
    const answer = await gateway.send(signingMail.make({ signer, version, active, changes, link }));
    if (answer.kind === 'refused')
      log.warn(
        { agreement: id, team: signer.team },
        'the mail to somebody who may sign was refused',
      );
    else if (answer.kind !== 'accepted') isTold = false;
  }
  return isTold;
}
