import { resolve } from 'node:path'

/**
 * What suites of tests that start from sources and run the built program have in common. Two workers: the tests share two cores
 * with the child processes that some of them start. Timeouts are for tests that hang: on a busy machine a test may take ten
 * times as long, and must not fail for it.
 */
export const common = {
  alias: [{ find: /^.*\/document\/ahead\.js$/, replacement: resolve('test/support/ahead.ts') }],
  globalSetup: 'test/support/temporary-folder.ts',
  pool: 'forks',
  maxWorkers: 2,
  testTimeout: 300_000,
  hookTimeout: 300_000,
} as const
