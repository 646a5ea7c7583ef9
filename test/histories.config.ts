import { defineConfig } from 'vitest/config';

/**
 * Records histories of today's workflows: `npm run histories`. Histories that stand in the folder
 * are never overwritten, because runs like them may be open somewhere; a new name is a new one.
 */
export default defineConfig({
  test: {
    include: ['test/record-histories.ts'],
    globalSetup: 'test/global-setup.ts',
    setupFiles: 'test/set-up.ts',
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
