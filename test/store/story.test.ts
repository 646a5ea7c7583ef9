import { afterAll, beforeAll, expect, it } from 'vitest';
import { instant, minute, plus } from '../../domain/instant.ts';
import { ingestEvents } from '../../store/event.ts';
import { leadStory } from '../../store/story.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { aLead, anArrival } from '../program.ts';

const at = instant(Date.parse('2026-03-02T08:00:00Z'));
let test: TestDatabase;
beforeAll(async () => {
  test = await createDatabase();
});
afterAll(() => test.drop());

it('a story tells the newest of what happened, newest first, and nothing that is still to come', async () => {
  const lead = await aLead({ database: test.database, clock: { now: () => at, shift: () => 0 } });
  const visits = Array.from({ length: 100 }, (_, n) =>
    anArrival(lead, { kind: 'page', subject: `/${n}`, at: plus(at, (n - 90) * minute) }),
  );
  const delivered = visits.map(({ at: moment }) =>
    anArrival(lead, { kind: 'delivered', at: moment }),
  );
  await ingestEvents(test.database, [...delivered, ...visits], at);
  const story = await leadStory(test.database, lead, at);
  const newest = Array.from({ length: 40 }, (_, n) => `/${90 - n}`);
  expect(story?.timeline.map(({ detail }) => detail)).toEqual(newest);
});
