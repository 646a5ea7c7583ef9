import { afterEach, describe, expect, it } from 'vitest';
import { worldOf } from '../../sandbox/people/world.ts';
import { startApp, type App } from '../app.ts';
import { playUnderFire, someFaults } from './play.ts';
import { countPromises } from './promises.ts';

/** A few of them; `npm run fire` plays as many as one likes, and longer. */
const seeds = [1, 3];
const size = { leads: 24, days: 21 };

let app: App;
afterEach(() => app.stop());

describe('under fire', () => {
  it.each(seeds)(
    'every promise is kept, whatever goes wrong at the provider (P1 to P10), seed %i',
    async seed => {
      app = await startApp('2026-03-02T08:00:00Z');
      app.sandbox.faults = someFaults(seed);
      const world = worldOf(app.config, app.sandbox.reader, app.config.http.publicUrl);
      const fire = await playUnderFire({ ...app, world }, seed, size);
      const count = await countPromises(app, fire);
      expect(count.broken, `npm run fire -- --seeds ${seed}`).toEqual([]);
      expect(count.mails).toBeGreaterThan(size.leads);
      expect(count.escalations).toBeGreaterThan(0);
    },
    300_000,
  );
});
