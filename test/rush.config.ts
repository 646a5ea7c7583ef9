import { defineConfig } from 'vitest/config';

/** A thousand leads cross to five reps in one minute: `npm run rush`. */
export default defineConfig({
  test: {
    include: ['test/workflows/rush.test.ts'],
    globalSetup: 'test/global-setup.ts',
    setupFiles: 'test/set-up.ts',
    hookTimeout: 60_000,
    provide: { rush: 1_000 },
  },
});
