import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { end, identify } from '../../sandbox/servers/process-identity.ts';
import { Supervisor, type Service } from '../../sandbox/supervisor.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A real process that does nothing until it is told to end. */
const idle = (name: string): Service => ({
  name,
  describe: () => '',
  start: async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1_000)']);
    await once(child, 'spawn');
    const identity = await identify(child.pid ?? 0);
    if (identity === null) throw new Error('The process is gone.');
    const exited = once(child, 'exit').then(([code]) => String(code));
    return { process: identity, exited, stop: () => end(identity, 'SIGTERM', 5_000) };
  },
});

const quiet = { starting: () => undefined, up: () => undefined, warning: () => undefined };

it('changes of services that come up at once are told one after the other, the newest last', async () => {
  const told: number[] = [];
  let telling = 0;
  const supervisor = new Supervisor(
    quiet,
    async processes => {
      telling += 1;
      expect(telling).toBe(1);
      // The first takes longest, as a write to a slow disk may.
      await sleep(told.length === 0 ? 50 : 1);
      told.push(processes.length);
      telling -= 1;
    },
    error => {
      throw error;
    },
  );
  stops.push(() => supervisor.stop());
  await supervisor.start(idle('a'), idle('b'), idle('c'));
  expect(told).toHaveLength(3);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(3);
});
