import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SparingLog } from '../../http/sparing-log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('writes a message twenty times a minute, then says how many it left out, and begins anew', () => {
  const lines: { msg: string; n?: number; leftOut?: number }[] = [];
  const stream = new Writable({
    write: (line, _encoding, done) => {
      lines.push(JSON.parse(String(line)) as (typeof lines)[number]);
      done();
    },
  });
  const log = new SparingLog(pino(stream));
  for (let n = 0; n < 1_000; n++) log.say('warn', { n }, 'refused');
  log.say('error', {}, 'failed');
  expect(lines.map(({ msg }) => msg)).toEqual([...Array<string>(20).fill('refused'), 'failed']);
  vi.advanceTimersByTime(60_000);
  expect(lines.slice(21)).toMatchObject([{ msg: 'refused', leftOut: 980 }]);
  log.say('warn', { n: 1_000 }, 'refused');
  expect(lines.at(-1)).toMatchObject({ msg: 'refused', n: 1_000 });
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(23);
});
