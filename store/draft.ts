import { changesBetween, type Change } from '../domain/agreement/diff.ts';
import type { AgreementId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { parse } from 'yaml';
import {
  agreementHeads,
  agreementById,
  type AgreementFiles,
  type AgreementHead,
} from './agreement.ts';
import {
  missingFrom,
  signaturesOf,
  signers,
  teams,
  type Signature,
  type Signer,
  type Team,
} from './approval.ts';
import type { Session } from './database.ts';

/** A version, as those see it who decide on it. */
export interface DraftState extends AgreementHead {
  /** The number of the version in force. */
  active: number;
  /** The number of a newer version, if there is one. */
  newest: number | null;
  /** What it says differently than the version in force. */
  changes: Change[];
  signatures: Signature[];
  /** Teams that have not signed. */
  missing: Team[];
  signers: Signer[];
}

export async function draftState(session: Session, id: AgreementId): Promise<DraftState | null> {
  const heads = await agreementHeads(session);
  const head = heads.find(each => each.id === id);
  const active = heads.find(({ state }) => state === 'active');
  if (head === undefined || active === undefined) return null;
  const signatures = await signaturesOf(session, id);
  const newer = heads.find(({ version }) => version > head.version);
  return {
    ...head,
    active: active.version,
    newest: newer?.version ?? null,
    changes: await changesOfVersions(session, active, head),
    signatures,
    missing: missingFrom(signatures),
    signers: await signers(session),
  };
}

/** The newest version, while it is a draft from before a moment that a team has not signed. */
export async function unsignedDraft(
  session: Session,
  before: Instant,
): Promise<AgreementId | null> {
  const newest = await session.agreement.findFirst({
    orderBy: { version: 'desc' },
    select: { id: true, activatedAt: true, createdAt: true, approvals: { select: { team: true } } },
  });
  if (newest === null || newest.activatedAt !== null) return null;
  const isOpen = newest.createdAt.getTime() < before && newest.approvals.length < teams.length;
  return isOpen ? (newest.id as AgreementId) : null;
}

/** What one version says differently than another, as people wrote it. */
export async function changesOfVersions(
  session: Session,
  before: AgreementHead,
  after: AgreementHead,
): Promise<Change[]> {
  if (before.files !== null && after.files !== null)
    return changesOfFiles(before.files, after.files);
  // Of versions whose texts were not kept, what they came to is compared.
  const [was, is] = await Promise.all(
    [before, after].map(async ({ id }) => (await agreementById(session, id)).agreement),
  );
  return changesBetween(was, is);
}

/** What files say differently than others. */
export function changesOfFiles(before: AgreementFiles, after: AgreementFiles): Change[] {
  const whole = (files: AgreementFiles): unknown => ({
    ...(parse(files['agreement.yaml']) as object),
    ...(parse(files['segments.yaml']) as object),
  });
  return changesBetween(whole(before), whole(after));
}
