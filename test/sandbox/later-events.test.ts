import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { day, hour, instant, minute, plus } from '../../domain/instant.ts';
import { realClock } from '../../engine/clock.ts';
import type { StoredMail } from '../../sandbox/sendgrid/outbox.ts';
import { eventOf } from '../../sandbox/sendgrid/event.ts';
import { LaterEvents } from '../../sandbox/sendgrid/later-events.ts';
import { startSandbox, type TestSandbox } from './sandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startSandbox();
});
afterEach(async () => {
  test.sandbox.faults = {};
  test.sandbox.webhook.release(plus(test.clock.at, 1_000 * day));
  await test.told();
});
afterAll(() => test.stop());

async function aMail(): Promise<StoredMail> {
  const mail = await test.mail();
  if (mail === null) throw new Error('It was dropped.');
  return mail;
}
const kinds = async () => (await test.told()).map(({ event }) => event);

describe('events', () => {
  it('come twice, under the same id or under another', async () => {
    test.sandbox.faults = { duplicates: 1 };
    const mail = await aMail();
    test.sandbox.webhook.release(plus(test.clock.at, minute));
    const twice = await test.told();
    expect(twice).toHaveLength(4);
    expect(new Set(twice.map(event => event.sg_event_id)).size).toBe(2);
    test.sandbox.faults = { renamed: 1 };
    test.sandbox.reader.open(mail);
    test.sandbox.webhook.release(plus(test.clock.at, minute));
    const [first, second] = await test.told();
    expect(first?.sg_event_id).not.toBe(second?.sg_event_id);
    expect({ ...first, sg_event_id: '' }).toEqual({ ...second, sg_event_id: '' });
  });

  it('lack the message they are of', async () => {
    test.sandbox.faults = { nameless: 1 };
    await aMail();
    for (const event of await test.told()) expect(event).not.toHaveProperty('sg_message_id');
  });

  it('are overtaken by the next of their mail, or come a minute later', async () => {
    const mail = await aMail();
    await test.told();
    test.sandbox.faults = { reordering: 1 };
    test.sandbox.reader.machineOpen(mail);
    expect(await kinds()).toEqual([]);
    test.sandbox.faults = {};
    test.sandbox.reader.block(mail);
    expect(await kinds()).toEqual(['bounce', 'open']);
    test.sandbox.faults = { reordering: 1 };
    test.sandbox.reader.open(mail);
    expect(test.sandbox.webhook.nextDue()).toBe(test.clock.at + minute);
  });

  it('that were to come later meet faults too', async () => {
    const mail = await aMail();
    await test.told();
    test.sandbox.faults = { duplicates: 1, nameless: 1 };
    const due = plus(test.clock.at, hour);
    test.sandbox.webhook.sendAt(due, eventOf.delivered(mail, due));
    expect(test.sandbox.webhook.nextDue()).toBe(due);
    test.sandbox.webhook.release(plus(due, minute));
    const events = await test.told();
    expect(events.map(({ event }) => event)).toEqual(['delivered', 'delivered']);
    for (const event of events) expect(event).not.toHaveProperty('sg_message_id');
  });

  it('come hours later, when the clock has come to be there', async () => {
    test.sandbox.faults = { delays: 1, delayHours: 5, seed: 2 };
    const { webhook } = test.sandbox;
    const began = test.clock.at;
    await aMail();
    await aMail();
    expect(await kinds()).toEqual([]);
    expect(await test.report()).toMatchObject({ unposted: 0, later: 4 });
    let count = 0;
    for (let due = webhook.nextDue(); due !== null; due = webhook.nextDue()) {
      expect(due).toBeGreaterThanOrEqual(test.clock.at);
      expect(due).toBeLessThanOrEqual(began + 5 * hour);
      webhook.release(plus(due, -1));
      expect(await test.told()).toEqual([]);
      test.clock.at = due;
      webhook.release(due);
      const events = await test.told();
      // They say when they happened, not when they came.
      for (const { timestamp } of events) expect(timestamp).toBe(Math.floor(began / 1_000));
      count += events.length;
    }
    expect(count).toBe(4);
  });

  it('come by themselves while the clock goes by itself', async () => {
    const other = await startSandbox({ clock: realClock });
    try {
      // A ten-thousandth of an hour is a third of a second.
      other.sandbox.faults = { delays: 1, delayHours: 0.0001 };
      await other.mail();
      await expect.poll(() => other.receiver.posts.length).toBeGreaterThan(0);
      await expect.poll(() => other.sandbox.webhook.later).toBe(0);
    } finally {
      await other.stop();
    }
  });
});

describe('what is later', () => {
  it('is taken in the order in which it is due', () => {
    const later = new LaterEvents();
    const dues = [5, 1, 3, 1, 4, 9, 2].map(instant);
    for (const [n, due] of dues.entries())
      later.add({ event: { email: String(n), event: 'open' }, due, behind: null });
    expect(later.nextDue).toBe(1);
    expect(later.takeDue(instant(3)).map(({ event }) => event.email)).toEqual(['1', '3', '6', '2']);
    expect([later.count, later.nextDue]).toEqual([3, 4]);
    expect(later.takeDue(instant(9)).map(({ due }) => due)).toEqual([4, 5, 9]);
    expect([later.takeDue(instant(99)), later.nextDue]).toEqual([[], null]);
  });
});
