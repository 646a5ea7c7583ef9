import { changeInWords } from '../domain/agreement/diff.ts';
import type { AgreementId, PersonId, ProposalId } from '../domain/ids.ts';
import { day, minute, plus, type Instant } from '../domain/instant.ts';
import type { OutgoingMail } from '../mail/gateway.ts';
import type { Signer } from '../store/approval.ts';
import { draftState, type DraftState } from '../store/draft.ts';
import { proposalState } from '../store/proposal.ts';
import { isSuppressed } from '../store/suppression.ts';
import type { SigningInput } from '../workflows/signing.ts';
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
  /** Of a sequence that is proposed: which. */
  sequence?: string;
  /** Where it stands, in a sentence. */
  standing: string;
  /** When to ask again; null when there is nothing to ask for any more. */
  until: Instant | null;
}

/** What waits to be signed, whatever it is. */
interface Asking {
  next: Pick<SigningNext, 'version' | 'sequence'>;
  /** Why there is nothing to ask for any more; null while there is. */
  over: string | null;
  missing: readonly string[];
  /** Those who are asked, each with the mail that asks them. */
  mails: { signer: Signer; mail: () => OutgoingMail }[];
}

/**
 * Asks those who may sign what waits, where their team has not.
 * @param isDue whether it is time to ask, and not just a look at what has been signed
 */
export async function signingTurn(
  context: Context,
  { isDue, shift, ...what }: SigningInput & { isDue: boolean; shift: number },
): Promise<SigningNext> {
  const at = momentOf(shift);
  const { next, over, missing, mails } =
    'proposal' in what
      ? await proposalAsking(context, what.proposal, at)
      : await draftAsking(context, what.agreement, at);
  if (over !== null) return { v: 1, ...next, standing: over, until: null };
  const standing = `Waits for the signature of ${missing.join(' and ')}.`;
  if (!isDue) return { v: 1, ...next, standing, until: plus(at, remindMs) };
  const isTold = await ask(context, mails);
  return { v: 1, ...next, standing, until: plus(at, isTold ? remindMs : retryMs) };
}

async function draftAsking(
  { database, links, signingMail }: Context,
  id: AgreementId,
  at: Instant,
): Promise<Asking> {
  const draft = await draftState(database, id);
  if (draft === null) throw unknownRow('agreement');
  const { version, active, changes, missing, signers } = draft;
  const asked = signers.filter(({ team }) => missing.includes(team));
  const notice = {
    title: `Version ${version} of the agreement`,
    subject: `Please sign: version ${version} of the agreement between marketing and sales`,
    until: `It comes into force when both teams have signed it; until then version ${active} does.`,
    changes: changes.map(changeInWords),
  };
  return {
    next: { version },
    over: overBecause(draft),
    missing,
    mails: asked.map(signer => ({
      signer,
      mail: () => signingMail.make({ ...notice, signer, link: links.signing(id, signer.id, at) }),
    })),
  };
}

async function proposalAsking(
  { database, links, signingMail }: Context,
  id: ProposalId,
  at: Instant,
): Promise<Asking> {
  const proposal = await proposalState(database, id);
  if (proposal === null) throw unknownRow('proposal');
  const { state, live, signers, difference } = proposal;
  const { name, version } = proposal.version;
  const over = { open: null, signed: 'It is signed, and live.', withdrawn: 'It was withdrawn.' };
  const now = live === null ? 'nothing is live of it' : `version ${live.version} is live`;
  const notice = {
    title: `Version ${version} of ${name}`,
    subject: `Please sign: version ${version} of the sequence ${name}`,
    until: `It goes live when one of sales has signed it; until then ${now}.`,
    changes: live === null ? ['It is new.'] : difference.changes.map(({ words }) => words),
  };
  const link = (person: PersonId) => links.signingSequence(id, person, at);
  return {
    next: { version, sequence: name },
    over: over[state],
    missing: ['sales'],
    mails: signers.map(signer => ({
      signer,
      mail: () => signingMail.make({ ...notice, signer, link: link(signer.id) }),
    })),
  };
}

function overBecause({ state, missing, newest }: DraftState): string | null {
  if (state !== 'draft') return 'It came into force.';
  if (newest !== null) return `A newer draft, version ${newest}, took its place.`;
  return missing.length === 0 ? 'Both teams have signed it; it can be put into force.' : null;
}

/** @returns whether everybody was told who can be told by mail */
async function ask({ database, gateway, log }: Context, mails: Asking['mails']): Promise<boolean> {
  let isTold = true;
  for (const { signer, mail } of mails) {
    if (await isSuppressed(database, signer.address)) {
      log.warn({ team: signer.team }, 'the address of somebody who may sign is suppressed');
      continue;
    }
    const answer = await gateway.send(mail());
    if (answer.kind === 'refused')
      log.warn({ team: signer.team }, 'the mail to somebody who may sign was refused');
    else if (answer.kind !== 'accepted') isTold = false;
  }
  return isTold;
}
