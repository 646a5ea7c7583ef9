import { defineConfig } from 'vitest/config';

/** Takes the pictures of the README and the guides again: `npm run pictures`. */
export default defineConfig({
  test: {
    include: ['test/pictures.ts', 'test/mail-pictures.ts', 'test/studio-pictures.ts'],
    globalSetup: 'test/global-setup.ts',
    setupFiles: 'test/set-up.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
