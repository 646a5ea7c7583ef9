import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { readAgreement, type Agreement } from '../../domain/agreement/agreement.ts';
import { readSegments } from '../../domain/agreement/read-segments.ts';
import type { Engagement } from '../../domain/event/event.ts';
import type { EnrollmentId, EventId, LeadId, SendId, VersionId } from '../../domain/ids.ts';
import { day, instant, type Instant } from '../../domain/instant.ts';
import { noFields, type LeadFields } from '../../domain/lead/fields.ts';
import type { EnrollmentFacts, Facts, LeadFacts, SendFacts } from '../../domain/nurture/facts.ts';

const sequences = ['c-nurture', 'd-long-cycle', 'problem-education', 'referral', 'stay-in-touch'];

/** The agreement of this repository. */
export function theAgreement(): Agreement {
  const read = (name: string) => readFileSync(`agreement/${name}`, 'utf8');
  const agreement = readAgreement('agreement.yaml', read('agreement.yaml'), sequences);
  const { segments } = readSegments('segments.yaml', read('segments.yaml'), sequences, agreement);
  return { ...agreement, segments };
}

/** A Monday morning in Berlin. */
export const monday = instant(Date.parse('2026-03-02T08:00:00Z'));

let made = 0;

export function anEvent(event: Partial<Engagement>): Engagement {
  made += 1;
  const at = event.at ?? monday;
  return {
    id: `event-${made}` as EventId,
    kind: 'page',
    subject: '/',
    at,
    receivedAt: at,
    holdUntil: null,
    sendId: null,
    userAgent: null,
    ...event,
  };
}

export function theFacts(
  lead: Partial<Omit<LeadFacts, 'fields'>> & { fields?: Partial<LeadFields> } = {},
  facts: Partial<Omit<Facts, 'lead'>> = {},
): Facts {
  return {
    lead: {
      id: 'lead' as LeadId,
      spread: 'lead',
      rep: null,
      source: 'test',
      account: null,
      disqualified: null,
      suppressed: false,
      quiet: false,
      revision: 1,
      seenRevision: 0,
      grade: null,
      bands: null,
      armed: true,
      crossing: null,
      scoredAt: null,
      holdUntil: null,
      holdFit: null,
      ...lead,
      fields: { ...noFields, ...lead.fields },
    },
    enrollment: null,
    escalation: null,
    escalationEndedAt: null,
    events: [],
    sends: [],
    past: [],
    rejections: [],
    mailOff: false,
    ...facts,
  };
}

export function anEnrollment(enrollment: Partial<EnrollmentFacts> = {}): EnrollmentFacts {
  return {
    id: 'enrollment' as EnrollmentId,
    versionId: 'version' as VersionId,
    segment: 'everyone else',
    cursor: 0,
    dueAt: monday,
    pausedAt: null,
    remainingMs: null,
    blocked: null,
    ...enrollment,
  };
}

export function aSend(send: Partial<SendFacts>): SendFacts {
  return {
    id: 'send' as SendId,
    enrollmentId: 'enrollment' as EnrollmentId,
    stepKey: 'first',
    contentKey: 'test/first',
    state: 'accepted',
    at: monday,
    callAgeMs: null,
    ...send,
  };
}

/** Events of a lead within the hundred days before Monday, some of them held. */
export const someEvents: fc.Arbitrary<Engagement[]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom('click', 'page', 'form', 'download', 'webinar', 'delivered'),
      subject: fc.constantFrom(
        '/pricing',
        '/careers/x',
        '/',
        'Demo request',
        'Contact',
        'A guide',
        'https://a.example/1',
        'https://a.example/2',
      ),
      at: fc.integer({ min: monday - 100 * day, max: monday }).map(instant),
      sendId: fc.constantFrom('send-1' as SendId, 'send-2' as SendId, null),
      hold: fc.constantFrom(0, 0, 60_000),
    })
    .map(({ hold, ...event }) =>
      anEvent({
        ...event,
        holdUntil: hold === 0 ? null : instant(event.at + hold),
      }),
    ),
  { maxLength: 25 },
);

export const someFields: fc.Arbitrary<LeadFields> = fc.record({
  firstName: fc.constant(null),
  lastName: fc.constant(null),
  company: fc.constant(null),
  title: fc.constantFrom(null, 'Plant Manager', 'VP Operations', 'Shift Lead', 'Engineer', 'Cook'),
  industry: fc.constantFrom(null, 'manufacturing', 'Logistics', 'retail', 'banking'),
  employees: fc.option(fc.integer({ min: 0, max: 10_000 })),
  country: fc.constantFrom(null, 'DE', 'NL', 'US'),
  region: fc.constant(null),
  zone: fc.constant(null),
});

export const someMoment: fc.Arbitrary<Instant> = fc
  .integer({ min: monday - 30 * day, max: monday + 70 * day })
  .map(instant);
