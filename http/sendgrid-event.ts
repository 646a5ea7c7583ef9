import { z } from 'zod';
import { suppressingKinds, type EventKind } from '../domain/event/event.ts';
import { instant, plus, type Instant } from '../domain/instant.ts';
import { normalizeAddress } from '../domain/lead/address.ts';
import { testMark } from '../mail/message.ts';
import { naturalHash, type ArrivedEvent } from '../store/event.ts';

/** The end of the year 9999; later moments are mistakes, which the database cannot hold either. */
const latestSecond = 253_402_300_799;
/** The database keys events by their ids; a longer one is no id of SendGrid's. */
const longestId = 200;

/** A field that may be missing, or be something else one day: an unsubscribe counts all the same. */
const optionalText = z.string().optional().catch(undefined);

/** What is read of an event; everything else it says is kept only for kinds that are not known. */
const eventSchema = z.looseObject({
  event: z.string(),
  timestamp: z.number().positive().max(latestSecond).optional().catch(undefined),
  email: optionalText,
  sg_event_id: optionalText,
  sg_message_id: optionalText,
  send_id: z.uuid().optional().catch(undefined),
  url: optionalText,
  url_offset: z.looseObject({ index: z.number() }).nullish().catch(undefined),
  useragent: optionalText,
  reason: optionalText,
  type: optionalText,
  bounce_classification: optionalText,
  sg_machine_open: z.boolean().optional().catch(undefined),
});
type SendGridEvent = z.output<typeof eventSchema>;

/** A post of the event webhook: any list, because what cannot be read is kept all the same. */
export const batchSchema = z.array(z.unknown());

/**
 * Reads the elements of a post. What a test mail goes through is left out, whoever it went to, unless it says that the
 * address takes no mail or wants none: that is about the address, whichever mail told it.
 */
export function readEvents(
  batch: readonly unknown[],
  receivedAt: Instant,
  clickHoldMs: number,
): ArrivedEvent[] {
  return batch.flatMap(raw => {
    const event = readEvent(raw, receivedAt, clickHoldMs);
    return isOfTest(raw) && !(suppressingKinds as readonly string[]).includes(event.kind)
      ? []
      : [event];
  });
}

/** Custom arguments come back beside everything else that an event says. */
function isOfTest(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && testMark in raw && !('send_id' in raw);
}

/** Reads one element of a post. It never fails: what is not understood is of the kind `unknown`. */
export function readEvent(raw: unknown, receivedAt: Instant, clickHoldMs: number): ArrivedEvent {
  const parsed = eventSchema.safeParse(raw);
  if (!parsed.success) {
    const hash = naturalHash(JSON.stringify(raw));
    const nobody = { leadId: null, sendId: null, providerId: null, address: null, holdUntil: null };
    const detail = { raw };
    return {
      ...nobody,
      providerKey: hash,
      naturalHash: hash,
      kind: 'unknown',
      subject: null,
      at: receivedAt,
      detail,
    };
  }
  const event = parsed.data;
  const kind = kindOf(event);
  const content = naturalHash(
    JSON.stringify([
      event.send_id ?? event.sg_message_id ?? event.email ?? null,
      event.event,
      event.timestamp ?? null,
      event.url ?? null,
      event.url_offset?.index ?? null,
    ]),
  );
  const address = event.email === undefined ? null : normalizeAddress(event.email);
  // A clock that is ahead must not make points last longer.
  const sentAt = event.timestamp === undefined ? receivedAt : Math.floor(event.timestamp * 1000);
  const at = instant(Math.min(sentAt, receivedAt));
  return {
    providerKey: idOf(event.sg_event_id) ?? content,
    naturalHash: content,
    kind,
    subject: subjectOf(event),
    at,
    holdUntil: kind === 'click' ? plus(Math.max(at, receivedAt) as Instant, clickHoldMs) : null,
    leadId: null,
    sendId: event.send_id ?? null,
    // The message id of an event begins with the id that the send was answered with.
    providerId: event.send_id === undefined ? (event.sg_message_id?.split('.')[0] ?? null) : null,
    address: address !== null && 'address' in address ? address.address : null,
    detail: detailOf(event, kind),
  };
}

/** Reasons for which SendGrid drops a mail because the address is on one of its own lists. */
const droppedFor: ReadonlyMap<string, EventKind> = new Map([
  ['Bounced Address', 'bounce'],
  ['Unsubscribed Address', 'unsubscribe'],
  ['Spam Reporting Address', 'complaint'],
  ['Invalid', 'bounce'],
]);

function idOf(id: string | undefined): string | null {
  if (id === undefined || id === '') return null;
  return id.length <= longestId ? id : naturalHash(id);
}

function kindOf({ event, type, reason }: SendGridEvent): EventKind {
  switch (event) {
    case 'processed':
    case 'deferred':
    case 'delivered':
    case 'open':
    case 'click':
    case 'unsubscribe':
      return event;
    case 'bounce':
      return type === 'blocked' ? 'blocked' : 'bounce';
    case 'dropped':
      return droppedFor.get(reason ?? '') ?? 'dropped';
    case 'spamreport':
      return 'complaint';
    case 'group_unsubscribe':
      return 'unsubscribe';
    case 'group_resubscribe':
      return 'resubscribe';
    default:
      return 'unknown';
  }
}

function subjectOf({ event, url, bounce_classification, reason }: SendGridEvent): string | null {
  switch (event) {
    case 'click':
      return url ?? null;
    case 'bounce':
      return bounce_classification ?? null;
    case 'dropped':
      return reason ?? null;
    default:
      return null;
  }
}

function detailOf(event: SendGridEvent, kind: EventKind): Record<string, unknown> | null {
  if (kind === 'unknown') return { raw: event };
  const { useragent, type, reason, sg_machine_open: machine } = event;
  const detail = { useragent, type, reason, machine };
  return Object.values(detail).every(value => value === undefined) ? null : detail;
}
