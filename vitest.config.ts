import { defineConfig } from 'vitest/config'

// Two workers: the tests share two cores with the child processes that some of them start. Timeouts are for tests that hang:
// on a busy machine a test may take ten times as long, and must not fail for it.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
