import { defineConfig } from 'vitest/config'

// Two workers: the tests share two cores with the child processes that some of them start.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
