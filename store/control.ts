import type { Instant } from '../domain/instant.ts';
import type { Session } from './database.ts';

/** Switches and marks of the whole installation. */
export type ControlKey = 'mail';

export async function setControl(
  session: Session,
  key: ControlKey,
  value: string,
  at: Instant,
): Promise<void> {
  const data = { value, at: new Date(at) };
  await session.control.upsert({ where: { key }, update: data, create: { key, ...data } });
}
