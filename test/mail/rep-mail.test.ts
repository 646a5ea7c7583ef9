import { beforeAll, describe, expect, it } from 'vitest';
import { differenceOf } from '../../domain/agreement/difference.ts';
import { doingsOf } from '../../domain/agreement/doings.ts';
import type { AssignmentId, EscalationId, LeadId, PersonId } from '../../domain/ids.ts';
import { day, hour, instant, plus } from '../../domain/instant.ts';
import { noFields, type LeadFields } from '../../domain/lead/fields.ts';
import { Links } from '../../mail/links.ts';
import { RepMail, type Notice } from '../../mail/rep-mail.ts';
import type { EscalationState } from '../../store/escalation.ts';
import type { Handover, Joined } from '../../store/handover.ts';
import { outlookOf } from '../../store/lead-sheet.ts';
import { scoreLead } from '../../domain/agreement/score.ts';
import { anEvent, monday, theAgreement, theFacts } from '../domain/facts.ts';
import { address, bestFit } from '../program.ts';

const links = new Links('https://lockstep.example', 'a secret of thirty-two characters');
const agreement = theAgreement();
let mail: RepMail;
beforeAll(async () => {
  mail = await RepMail.load('templates');
});

const state: EscalationState = {
  id: 'escalation' as EscalationId,
  leadId: 'lead' as LeadId,
  state: 'assigned',
  grade: 'B',
  cause: 'hand raise',
  segment: 'makers and movers',
  joins: null,
  createdAt: monday,
  acceptDueAt: plus(monday, 4 * hour),
  contactDueAt: plus(monday, day),
  feedbackDueAt: null,
  endedAt: null,
  owner: {
    id: 'lena' as PersonId,
    name: 'Lena Vogt',
    address: address('lena@northwind.example'),
    country: null,
    isActive: true,
  },
  assignment: {
    ...{ id: 'assignment' as AssignmentId, n: 1, cause: 'routed', reason: 'in territory' },
    ...{ at: monday, notifiedAt: null },
  },
  asked: [],
  dispositions: [],
  attempts: [],
  told: new Set(),
};

const nothing: Handover = { lastTime: [], mails: [], joins: null };

function made(
  fields: Partial<LeadFields> = bestFit,
  more: { handover?: Partial<Handover>; address?: string | null; segment?: string } = {},
) {
  const whole = { ...noFields, ...fields };
  const visits = Array.from({ length: 10 }, (_, n) =>
    anEvent({ subject: `/page/${n}`, at: plus(monday, -n * hour) }),
  );
  const events = [...visits, anEvent({ kind: 'form', subject: 'Book a demo', at: monday })];
  const score = scoreLead(agreement, whole, events, null, monday);
  const facts = theFacts({ fields: whole }, { events });
  const notice: Notice = {
    state: { ...state, segment: more.segment ?? state.segment },
    story: {
      ...{ id: state.leadId, address: more.address ?? 'ada@engines.example', fields: whole },
      ...{ source: 'spring fair', account: null, suppressed: null, disqualified: null, wish: null },
      ...{ grade: 'B', score: null, enrollment: null, escalation: null, timeline: [] },
    },
    agreement,
    crossing: {
      ...{ cause: 'hand raise', score, version: 1, before: null },
      difference: differenceOf(null, score, agreement),
    },
    outlook: outlookOf({ ...facts, ...loaded }, agreement, monday),
    handover: { ...nothing, ...more.handover },
    doings: doingsOf(events, agreement, monday),
    at: monday,
  };
  return mail.make(notice, links);
}
/** What only the database says. */
const loaded = {
  ...{ turn: 1, escalations: 0, causedAt: monday, agreementId: 'a' as never, enrollment: null },
};

const mailed = (n: number, subject: string | null = `Mail ${n} for {{ lead.company }}`) => ({
  ...{ at: plus(monday, -n * day), name: `0${n}-mail`, subject, company: 'Northwind' },
});
const lines = (text: string, heading: string): string[] => {
  const [, after = ''] = text.split(`\n${heading}\n`);
  return (
    /^\n((?: \* .*\n?)+)/
      .exec(after)?.[1]
      ?.trim()
      .split('\n')
      .map(line => line.trim().replace('* ', '')) ?? []
  );
};

const before = {
  kind: 'rejected',
  reason: 'not now',
  note: 'call in May',
  wakeAt: instant(Date.parse('2026-05-04T07:00:00Z')),
  at: instant(Date.parse('2025-12-04T07:00:00Z')),
  person: 'Lena Vogt',
} as const;

describe('the mail that hands a lead to a rep', () => {
  it('says who, by when, why, what was, what is to say, and where to say it, in this order', () => {
    const { subject, text, html } = made(bestFit, {
      handover: { lastTime: [before], mails: [1, 2].map(n => mailed(n)) },
    });
    expect(subject).toBe('B lead: Ada Lovelace, Analytical Engines');
    const parts = [
      'B lead: Ada Lovelace',
      'Plant Manager, Analytical Engines',
      'Germany',
      'ada@engines.example',
      'please answer by Mon 2 Mar, 13:00',
      'contact it by Tue 3 Mar, 09:00',
      'Why now',
      'The last time it was with sales',
      'Lena Vogt rejected it on 4 December 2025: not now, “call in May”. To be called again on 4 May.',
      'What they read and clicked',
      'Mon 2 Mar, 09:00 · Filled in Book a demo',
      'What we sent',
      'Sun 1 Mar · Mail 1 for Analytical Engines',
      'To talk about',
      'an hour of standstill',
      'To show and to send',
      'https://northwind.example/calculator',
      'Accept <https://lockstep.example/e/',
      'Reject <https://lockstep.example/e/',
      'Open the lead <https://lockstep.example/e/',
      'My leads <https://lockstep.example/my>',
    ];
    let from = 0;
    for (const part of parts) {
      const place = text.indexOf(part, from);
      expect(place, part).toBeGreaterThanOrEqual(from);
      from = place + part.length;
    }
    expect(text).toMatch(/Accept <\S+#accept>\s+Reject <\S+#reject>\s+Open the lead <[^#\s]+>/);
    expect(html).toContain('href="mailto:ada@engines.example"');
    for (const part of [html, text]) expect(part).not.toMatch(/\{\{|\{%|<mj-|undefined|null/);
    expect(html.length).toBeLessThan(30_000);
  });

  it('has room for four lines of why, six of what they did, five mails', () => {
    const mails = Array.from({ length: 9 }, (_, n) => mailed(n + 1));
    const { text } = made(bestFit, { handover: { mails } });
    expect(lines(text, 'Why now').length).toBeLessThanOrEqual(4);
    expect(lines(text, 'What they read and clicked')).toHaveLength(6);
    expect(lines(text, 'What we sent')).toHaveLength(5);
  });

  it('leaves out what there is nothing of, and knows what a mail was called', () => {
    const { text, subject } = made({}, { segment: 'gone', handover: { mails: [mailed(1, null)] } });
    expect(subject).toBe('B lead: A lead');
    expect(text).not.toContain('The last time');
    expect(lines(text, 'What we sent')).toEqual(['Sun 1 Mar · 01-mail']);
    // Nobody wrote for this segment.
    expect(text).toContain('Begin with what they looked at');
    expect(made({}, { handover: { mails: [mailed(1)] } }).text).toContain('Sun 1 Mar · 01-mail');
  });

  it('tells first that the lead joins another, with the way to that one where both are the rep’s', () => {
    const joins: Joined = {
      lead: { ...noFields, firstName: 'Ada', lastName: 'Lovelace' },
      state: 'contacted',
      ...{ rep: 'Lena Vogt', isTheirs: true, account: 'Analytical Engines', count: 2 },
      assignment: 'other' as AssignmentId,
    };
    const grace = { ...bestFit, firstName: 'Grace', lastName: 'Hopper' };
    const both = made(grace, { handover: { joins } });
    expect(both.subject).toBe(
      'B lead: Grace Hopper joins Ada Lovelace, second of Analytical Engines with you',
    );
    expect(both.text.split('\n')[0]).toMatch(
      /^Second lead of Analytical Engines with you: Grace Hopper joins Ada Lovelace, who is contacted\. Open the other <https:\/\/lockstep\.example\/e\/e\.other\.\S+>$/,
    );
    const third = made(grace, { handover: { joins: { ...joins, count: 3 } } });
    expect(third.text).toMatch(/^Third lead of/);
    const hers = made(grace, { handover: { joins: { ...joins, isTheirs: false } } });
    expect(hers.text).toMatch(
      /^Lena Vogt has a lead of Analytical Engines already: Grace Hopper joins Ada Lovelace, who is contacted\.\n/,
    );
    const ended = made(grace, { handover: { joins: { ...joins, state: 'won' } } });
    expect(ended.text).toMatch(
      /^Grace Hopper came while .* was with Lena Vogt; that has ended: won/,
    );
    for (const { html, text } of [hers, ended]) {
      expect(html).not.toContain('e.other');
      expect(text).not.toContain('Open the other');
    }
  });

  it('shows what a lead calls itself as text, and nobody’s words begin another line of the head', () => {
    const nasty = `"><script>alert('1')</script>\r\nBcc: x@y.example\u202e{{ grade }}`;
    const given = {
      firstName: nasty,
      lastName: nasty,
      company: nasty,
      title: nasty,
      region: nasty,
    };
    const { html, subject, text } = made(
      { ...given, country: 'DE' },
      {
        address: 'a?bcc=x&"b@engines.example',
        handover: {
          lastTime: [{ ...before, note: nasty, reason: nasty }],
          mails: [mailed(1, '{{ lead.company }}'), mailed(2, nasty)],
          joins: {
            ...{ lead: { ...noFields, firstName: nasty }, state: 'assigned', rep: 'x' },
            ...{ isTheirs: false, account: nasty, count: 1 },
            assignment: 'other' as AssignmentId,
          },
        },
      },
    );
    expect(html).not.toMatch(/<script|<\/script/i);
    expect(html).not.toMatch(/href="mailto:[^"]*[?&]/);
    expect(subject).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).not.toMatch(/^Bcc:/m);
    // Apart from what is escaped, the mail is the same as of anybody else.
    const tags = (of: string) => (of.match(/<\/?[a-z][^>]*>/gi) ?? []).length;
    const tame = made(
      { firstName: 'x', lastName: 'x', company: 'x', title: 'x', region: 'x', country: 'DE' },
      {
        handover: {
          lastTime: [{ ...before, note: 'x', reason: 'x' }],
          mails: [mailed(1, '{{ lead.company }}'), mailed(2, 'x')],
          joins: {
            ...{ lead: { ...noFields, firstName: 'x' }, state: 'assigned', rep: 'x' },
            ...{ isTheirs: false, account: 'x', count: 1 },
            assignment: 'other' as AssignmentId,
          },
        },
      },
    );
    expect(tags(html)).toBe(tags(tame.html));
  });

  it('says by no button what a rep says: each only leads to their page', () => {
    const { html } = made();
    const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');
    const page = links.escalation(state.assignment.id, monday);
    expect(hrefs.filter(href => href.startsWith('https://lockstep.example/e/'))).toEqual([
      ...[`${page}#accept`, `${page}#reject`],
      ...[`${page}#accept`, `${page}#reject`, page],
    ]);
  });
});
