import { expect, it } from 'vitest';
import { doingsOf } from '../../../domain/agreement/doings.ts';
import type { SendId } from '../../../domain/ids.ts';
import { hour, minute, plus, second } from '../../../domain/instant.ts';
import { anEvent, monday, theAgreement } from '../facts.ts';

const ago = (milliseconds: number) => plus(monday, -milliseconds);
const click = (path: string, sendId: string, at = ago(hour), more = {}) =>
  anEvent({
    ...{ kind: 'click', subject: `https://www.site.example${path}`, at, ...more },
    sendId: sendId as SendId,
  });

it('what a lead did is told newest first, each thing once with how often', () => {
  const events = [
    anEvent({ subject: '/pricing?plan=2#top', at: ago(3 * hour) }),
    anEvent({ kind: 'form', subject: 'How can we help?', at: ago(4 * hour) }),
    anEvent({ subject: '/pricing', at: ago(hour) }),
    anEvent({ kind: 'download', subject: 'guide.pdf', at: ago(2 * hour) }),
    anEvent({ kind: 'webinar', subject: 'Webinar: What a stop costs', at: ago(7 * hour) }),
    // One click can come as two events.
    click('/story', 'a', ago(5 * hour)),
    click('/story', 'a', ago(5 * hour - second)),
    anEvent({ kind: 'delivered', subject: null, at: ago(minute) }),
    anEvent({ subject: `/${'x'.repeat(200)}\r\ny`, at: ago(6 * hour) }),
  ];
  expect(doingsOf(events, theAgreement(), monday)).toEqual([
    { at: ago(hour), what: 'Read /pricing', times: 2 },
    { at: ago(2 * hour), what: 'Downloaded guide.pdf', times: 1 },
    { at: ago(4 * hour), what: 'Filled in How can we help?', times: 1 },
    { at: ago(5 * hour - second), what: 'Clicked site.example/story', times: 1 },
    { at: ago(6 * hour), what: `Read /${'x'.repeat(88)}…`, times: 1 },
    { at: ago(7 * hour), what: 'Attended a webinar: What a stop costs', times: 1 },
  ]);
});

it('no scanner’s click is told, none that may still be one, and nothing that is still to come', () => {
  const burst = ['/1', '/2', '/3'].map(path => click(path, 'b'));
  const events = [
    ...burst,
    click('/l/p', 'c'),
    click('/held', 'd', ago(second), { holdUntil: plus(monday, minute) }),
    click('/bot', 'e', ago(hour), { userAgent: 'Barracuda Sentinel' }),
    anEvent({ subject: '/later', at: plus(monday, hour) }),
  ];
  expect(doingsOf(events, theAgreement(), monday)).toEqual([]);
});
