import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

// What the built program does as processes, each test by several real runs: stopped, killed and gone on with, growing studies,
// own parts. Apart from the others, which all together stay under five minutes.
export default defineConfig({
  test: {
    alias: [{ find: /^.*\/document\/ahead\.js$/, replacement: resolve('test/support/ahead.ts') }],
    globalSetup: 'test/support/temporary-folder.ts',
    include: ['test/**/*.processes.ts'],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
