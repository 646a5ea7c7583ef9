import { differenceOf, type SequenceDifference } from '../domain/sequence/diff.ts';
import type { PersonId, ProposalId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { signers, type Signature, type Signer, type SignRefusal } from './approval.ts';
import { newId, type Database, type Session } from './database.ts';
import { lockVersions, makeLive } from './publication.ts';
import { currentVersion, versionHashed, type StoredVersion } from './sequence-version.ts';

/** A version of a sequence that waits for sales, as those see it who decide on it. */
export interface ProposalState {
  id: ProposalId;
  version: StoredVersion;
  contentHash: string;
  /** Withdrawn: another version took its place before it was signed. */
  state: 'open' | 'signed' | 'withdrawn';
  /** Who proposed it; null where that is not known. */
  by: string | null;
  at: Instant;
  signature: Pick<Signature, 'person' | 'way' | 'at'> | null;
  /** Those of sales who may sign. */
  signers: Signer[];
  /** What is live; null where nothing is. */
  live: StoredVersion | null;
  /** What it does differently than what is live. */
  difference: SequenceDifference;
}

export async function proposalState(
  session: Session,
  id: ProposalId,
): Promise<ProposalState | null> {
  const row = await session.proposal.findUnique({
    where: { id },
    include: {
      person: { select: { name: true } },
      approvals: { include: { person: { select: { id: true, name: true } } } },
    },
  });
  if (row === null) return null;
  const version = await versionHashed(session, row.sequence, row.contentHash);
  const live = await currentVersion(session, row.sequence);
  const [approval] = row.approvals;
  return {
    id,
    version,
    contentHash: row.contentHash,
    state: (row.endReason ?? 'open') as ProposalState['state'],
    by: row.person?.name ?? null,
    at: row.at.getTime() as Instant,
    signature:
      approval === undefined
        ? null
        : {
            person: { id: approval.person.id as PersonId, name: approval.person.name },
            way: approval.way as Signature['way'],
            at: approval.at.getTime() as Instant,
          },
    signers: await salesSigners(session),
    live,
    difference:
      live === null ? { changes: [], bodies: [] } : differenceOf(live.content, version.content),
  };
}

/** Proposals from before a moment that wait to be signed. */
export async function openProposals(session: Session, before: Instant): Promise<ProposalId[]> {
  const rows = await session.proposal.findMany({
    where: { endedAt: null, at: { lt: new Date(before) } },
    select: { id: true },
  });
  return rows.map(({ id }) => id as ProposalId);
}

/**
 * Signs a proposal for sales, under exactly the content that was shown, which makes it live. Of two who sign at once
 * the second is told that it is signed already.
 */
export async function signProposal(
  database: Database,
  given: { proposalId: ProposalId; contentHash: string; personId: PersonId; way: Signature['way'] },
  at: Instant,
): Promise<{ signed: true } | { refused: SignRefusal }> {
  const { proposalId, contentHash, personId, way } = given;
  return database.transaction(async session => {
    await lockVersions(session);
    const proposal = await session.proposal.findUniqueOrThrow({ where: { id: proposalId } });
    const may = await salesSigners(session);
    if (!may.some(({ id }) => id === personId)) return { refused: 'no member' };
    if (proposal.endReason === 'signed') return { refused: 'signed already' };
    if (proposal.endReason !== null) return { refused: 'a newer draft' };
    if (proposal.contentHash !== contentHash) return { refused: 'another text' };
    const moment = new Date(at);
    const signature = { proposalId, contentHash, team: 'sales', personId, way, at: moment };
    await session.approval.create({ data: { id: newId(), ...signature } });
    await session.proposal.update({
      where: { id: proposalId },
      data: { endedAt: moment, endReason: 'signed' },
    });
    const { id } = await versionHashed(session, proposal.sequence, contentHash);
    const by = proposal.personId as PersonId | null;
    await makeLive(session, proposal.sequence, id, 'published', at, { by });
    return { signed: true };
  });
}

async function salesSigners(session: Session): Promise<Signer[]> {
  return (await signers(session)).filter(({ team }) => team === 'sales');
}
