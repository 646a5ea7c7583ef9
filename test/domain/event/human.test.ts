import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scannerClicks } from '../../../domain/event/human.ts';
import type { SendId } from '../../../domain/ids.ts';
import { hour, minute, plus, second } from '../../../domain/instant.ts';
import { plainlyScanned } from '../agreement/plain-score.ts';
import { anEvent, monday, someEvents } from '../facts.ts';

const sendId = 'send-1' as SendId;
const click = (link: string, seconds = 60, more = {}) =>
  anEvent({
    kind: 'click',
    sendId,
    subject: `https://a.example/${link}`,
    at: plus(monday, seconds * second),
    ...more,
  });
const delivered = anEvent({ kind: 'delivered', sendId, at: monday });

describe('a click', () => {
  it('by a person is a person’s', () => {
    expect(scannerClicks([delivered, click('1'), click('2', 90)]).size).toBe(0);
  });

  it('on three links of one mail within two seconds is a gateway’s, all of them', () => {
    const burst = [click('1', 60), click('2', 61), click('3', 62)];
    expect(scannerClicks([delivered, ...burst])).toEqual(new Set(burst));
  });

  it('of a person is not lost because a gateway was there before', () => {
    const later = click('1', 3 * 3600);
    const scanned = scannerClicks([delivered, click('1'), click('2'), click('3'), later]);
    expect(scanned.has(later)).toBe(false);
    expect(scanned.size).toBe(3);
  });

  it('within seconds of delivery is a gateway’s', () => {
    expect(scannerClicks([delivered, click('1', 2)]).size).toBe(1);
    expect(scannerClicks([delivered, click('1', 4)]).size).toBe(0);
  });

  it('on the hidden link gives its maker away', () => {
    expect(scannerClicks([delivered, click('l/p', 60), click('1', 65)]).size).toBe(2);
  });

  it('by something that says it is a scanner is believed', () => {
    expect(scannerClicks([click('1', 60, { userAgent: 'Barracuda Sentinel (EE)' })]).size).toBe(1);
    expect(
      scannerClicks([
        click('1', 60, { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }),
      ]).size,
    ).toBe(0);
  });

  it('of one mail says nothing of another', () => {
    const other = (link: string) => ({ ...click(link), sendId: 'send-2' as SendId });
    expect(scannerClicks([click('1'), click('2'), other('3')]).size).toBe(0);
  });

  it('is judged the same in any order of events', () => {
    fc.assert(
      fc.property(someEvents, events => {
        const forwards = scannerClicks(events);
        const backwards = scannerClicks(events.toReversed());
        expect(backwards).toEqual(forwards);
      }),
    );
  });

  it('is judged as the rules are told, in any crowd of clicks', () => {
    const some = fc.record({
      kind: fc.constantFrom('click', 'click', 'click', 'delivered'),
      sendId: fc.constantFrom(sendId, sendId, null),
      link: fc.constantFrom('1', '2', '3', '4', 'l/p'),
      seconds: fc.integer({ min: 0, max: 30 }),
      userAgent: fc.constantFrom(null, null, 'Mozilla/5.0', 'Barracuda'),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 12 }), drawn => {
        const events = drawn.map(({ link, seconds, ...more }) => click(link, seconds, more));
        expect(scannerClicks(events)).toEqual(plainlyScanned(events));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is not judged by opens or pages', () => {
    const page = anEvent({ kind: 'page', at: plus(monday, minute) });
    expect(scannerClicks([page, anEvent({ kind: 'open', at: plus(monday, hour) })]).size).toBe(0);
  });
});
