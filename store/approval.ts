import type { AgreementId, PersonId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import { lockAgreements } from './agreement.ts';
import { newId, type Database, type Session } from './database.ts';

/** The two that agree. */
export const teams = ['marketing', 'sales'] as const;
export type Team = (typeof teams)[number];

/** A team's signature under a version. */
export interface Signature {
  team: Team;
  person: { id: PersonId; name: string };
  way: 'link' | 'command line';
  at: Instant;
}

/** Somebody who may sign for their team. */
export interface Signer {
  id: PersonId;
  name: string;
  address: Address;
  team: Team;
}

/** Why a signature was not taken. */
export type SignRefusal =
  'no draft any more' | 'a newer draft' | 'another text' | 'signed already' | 'no member';

export async function signaturesOf(session: Session, id: AgreementId): Promise<Signature[]> {
  const rows = await session.approval.findMany({
    where: { agreementId: id },
    include: { person: { select: { id: true, name: true } } },
    orderBy: { at: 'asc' },
  });
  return rows.map(({ team, person, way, at }) => ({
    team: team as Team,
    person: { id: person.id as PersonId, name: person.name },
    way: way as Signature['way'],
    at: at.getTime() as Instant,
  }));
}

/** The teams that have not signed. */
export function missingFrom(signatures: readonly Signature[]): Team[] {
  return teams.filter(team => !signatures.some(signature => signature.team === team));
}

/**
 * Who may sign for each team: its heads and managers, and in a team that has neither, everybody.
 */
export async function signers(session: Session): Promise<Signer[]> {
  const people = await session.person.findMany({
    where: { active: true },
    orderBy: { key: 'asc' },
    select: { id: true, name: true, address: true, team: true, role: true },
  });
  return teams.flatMap(team => {
    const members = people.filter(person => person.team === team);
    const leading = members.filter(({ role }) => role === 'head' || role === 'manager');
    return (leading.length > 0 ? leading : members).map(({ id, name, address }) => ({
      id: id as PersonId,
      name,
      address: address as Address,
      team,
    }));
  });
}

/**
 * Signs a draft for the signer's team, under exactly the content that was shown. Signing a second time
 * changes nothing, and says so.
 */
export async function sign(
  database: Database,
  {
    agreementId,
    contentHash,
    personId,
    way,
  }: {
    agreementId: AgreementId;
    contentHash: string;
    personId: PersonId;
    way: Signature['way'];
  },
  at: Instant,
): Promise<{ team: Team } | { refused: SignRefusal }> {
  return database.transaction(async session => {
    // So that no newer draft is proposed, and this one is not activated, while it is signed.
    await lockAgreements(session);
    const newest = await session.agreement.findFirst({
      orderBy: { version: 'desc' },
      select: { id: true, contentHash: true, activatedAt: true },
    });
    const signer = (await signers(session)).find(({ id }) => id === personId);
    if (signer === undefined) return { refused: 'no member' };
    if (newest?.id !== agreementId) return { refused: 'a newer draft' };
    if (newest.activatedAt !== null) return { refused: 'no draft any more' };
    if (newest.contentHash !== contentHash) return { refused: 'another text' };
    const { team } = signer;
    const before = await session.approval.findUnique({
      where: { agreementId_team: { agreementId, team } },
    });
    if (before !== null) return { refused: 'signed already' };
    await session.approval.create({
      data: { id: newId(), agreementId, contentHash, team, personId, way, at: new Date(at) },
    });
    return { team };
  });
}
