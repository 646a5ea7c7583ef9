import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: 'test/global-setup.ts',
    setupFiles: 'test/set-up.ts',
    pool: 'forks',
    // As every process of ours: workers of Temporal's run in these.
    execArgv: ['--import', './engine/threads.mjs'],
    isolate: false,
    // Many tests wait for servers and processes: two of them do not keep two cores busy.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    provide: { rush: 80 },
    expect: { poll: { timeout: 10_000 } },
  },
});
