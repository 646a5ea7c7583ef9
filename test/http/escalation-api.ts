import type { LeadId } from '../../domain/ids.ts';
import type { App } from '../app.ts';
import { aLead, bestFit, does, escalationsOf, takeIn } from '../program.ts';

export interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** Asks `/v1` as a system with the key does. */
export async function ask(app: App, path: string, init: RequestInit = {}): Promise<Answered> {
  const headers = { authorization: `Bearer ${app.config.apiKey}`, ...(init.headers as object) };
  const response = await fetch(`${app.config.http.publicUrl}${path}`, { ...init, headers });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

/** Answers for an escalation. @param key an Idempotency-Key */
export function say(app: App, id: string, body: unknown, key?: string): Promise<Answered> {
  return ask(app, `/v1/escalations/${id}/answers`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** A lead that books a demo, its escalation, whose it is, and another rep. */
export async function booked(app: App, fields = bestFit) {
  const lead: LeadId = await aLead(app, fields);
  await takeIn(app, lead);
  await does(app, lead, { kind: 'form', subject: 'Book a demo' });
  const [escalation] = await escalationsOf(app, lead);
  if (escalation === undefined) throw new Error('The lead did not go to sales.');
  const where = { id: escalation.ownerId };
  const { key: owner } = await app.database.person.findUniqueOrThrow({ where });
  return { lead, id: escalation.id, owner, other: owner === 'lena' ? 'emil' : 'lena' };
}
