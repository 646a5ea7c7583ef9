import type { Instant } from '../domain/instant.ts';
import type { Session } from './database.ts';

type Switch = 'on' | 'off';

/** Whether any mail may leave at all. The ledger reads it before every send. */
export async function mailSwitch(session: Session): Promise<Switch> {
  return (await position(session, 'mail')) ?? 'on';
}

export async function switchMail(session: Session, value: Switch, at: Instant): Promise<void> {
  await turn(session, 'mail', value, at);
}

/** Whether transitions are written to be told to another system: on while a worker knows whom to tell. */
export async function hookSwitch(session: Session): Promise<Switch> {
  return (await position(session, 'hooks')) ?? 'off';
}

export async function switchHooks(session: Session, value: Switch, at: Instant): Promise<void> {
  if ((await hookSwitch(session)) !== value) await turn(session, 'hooks', value, at);
}

async function position(session: Session, key: 'mail' | 'hooks'): Promise<Switch | null> {
  const row = await session.control.findUnique({ where: { key } });
  if (row === null) return null;
  return row.value === 'off' ? 'off' : 'on';
}

async function turn(
  session: Session,
  key: 'mail' | 'hooks',
  value: Switch,
  at: Instant,
): Promise<void> {
  const data = { value, at: new Date(at) };
  await session.control.upsert({ where: { key }, update: data, create: { key, ...data } });
}
