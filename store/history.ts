import type { PastEvent } from '../domain/event/history.ts';
import type { ImportId, LeadId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Session } from './database.ts';
import { ingestEvents, naturalHash, type ArrivedEvent } from './event.ts';
import { addImportRows, leadsByAddress, lockImport } from './lead.ts';
import { addressHash } from './suppression.ts';

/** What a batch of past events did. */
export interface Remembered {
  /** Events that were not there before. */
  stored: number;
  /** Events that were there already. */
  repeated: number;
  /** Leads that have something unseen now that may change their grade. */
  touched: LeadId[];
  /** For each event whether its address is a lead's. */
  known: boolean[];
}

/**
 * Something that another system knows a lead did, as it arrives. It is told again by its content, whichever file
 * tells it: of an address, by name, at a moment.
 */
export function importedEvent(
  address: PastEvent['address'],
  name: string,
  { kind, subject, at }: Pick<ArrivedEvent, 'kind' | 'subject' | 'at'>,
  leadId: LeadId | null,
): ArrivedEvent {
  const key = naturalHash(`${addressHash(address)}\n${name}\n${at}`);
  return {
    providerKey: `import/${key}`,
    naturalHash: key,
    kind,
    subject,
    at,
    holdUntil: null,
    leadId,
    sendId: null,
    providerId: null,
    address,
    detail: null,
  };
}

/**
 * Stores what leads did before, all or nothing; each once, by its content. Only those that an active rule still looks
 * back to have their leads looked at again, with the import.
 */
export async function remember(
  session: Session,
  importId: ImportId,
  events: readonly PastEvent[],
  at: Instant,
): Promise<Remembered> {
  await lockImport(session, importId);
  const leads = await leadsByAddress(
    session,
    events.map(({ address }) => address),
  );
  const arrived = events.flatMap(event => {
    const lead = leads.get(event.address);
    return lead === undefined ? [] : [arrivalOf(event, lead)];
  });
  const { stored, toNudge } = await ingestEvents(session, arrived, at);
  await addImportRows(session, importId, toNudge);
  return {
    stored,
    repeated: arrived.length - stored,
    touched: toNudge,
    known: events.map(({ address }) => leads.has(address)),
  };
}

function arrivalOf(event: PastEvent, leadId: LeadId): ArrivedEvent {
  const { address, kind, subject } = event;
  // A visit to a page is none of the conversions that a file of leads tells of as well.
  const name = kind === 'page' ? `page\n${subject ?? ''}` : (subject ?? '');
  return importedEvent(address, name, event, leadId);
}
