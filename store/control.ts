import type { Instant } from '../domain/instant.ts';
import type { Session } from './database.ts';

/** Whether any mail may leave at all. The ledger reads it before every send. */
export async function mailSwitch(session: Session): Promise<'on' | 'off'> {
  const row = await session.control.findUnique({ where: { key: 'mail' } });
  return row?.value === 'off' ? 'off' : 'on';
}

export async function switchMail(
  session: Session,
  value: 'on' | 'off',
  at: Instant,
): Promise<void> {
  const data = { value, at: new Date(at) };
  await session.control.upsert({
    where: { key: 'mail' },
    update: data,
    create: { key: 'mail', ...data },
  });
}
