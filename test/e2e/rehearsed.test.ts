import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oneClickBelow } from '../../sandbox/sample/leads.ts';
import { makePlace, removePlace, start, stop, type LocalRun } from './local.ts';

let place: Awaited<ReturnType<typeof makePlace>>;
let run: LocalRun;
beforeAll(async () => {
  place = await makePlace();
  run = await start(place, 'sample', undefined, undefined, 2);
}, 240_000);
afterAll(() => removePlace(place));

const said = (what: string) => run.lines.filter(({ up }) => up === what);
const home = async () => (await fetch(run.pages)).text();

it('the first start gives the sample a rehearsed past, once, and says so on every page', async () => {
  expect(said('rehearsal')).toHaveLength(1);
  expect(await home()).toContain('Rehearsed: what happened from');
  const report = await readFile(join(place.home, 'sample', 'report.html'), 'utf8');
  expect(report).toContain('The sample program');
  const inbox = await (await fetch(`${run.inbox}/?q=${encodeURIComponent(oneClickBelow)}`)).text();
  // Who stands a click below the line comes afterwards, and is mailed in real time.
  expect(inbox).toContain('here is what you asked for');
  expect(await stop(run)).toBe(0);

  run = await start(place, 'sample', undefined, undefined, 2);
  expect(said('rehearsal')).toHaveLength(0);
  expect(await home()).toContain('Rehearsed: what happened from');
  expect(await stop(run)).toBe(0);
}, 240_000);
