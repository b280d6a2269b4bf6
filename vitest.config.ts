import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/long-first.js'

// Where tfjs-node is installed the first two bind its TF.js, and a process has one; the third gives own parts, for good.
const elsewhere = ['test/package/**']
const alone = ['test/engine/tfjs-node.test.ts', 'test/engine/step.test.ts', 'test/own/conformance.test.ts']

// Two workers: the tests share two cores with the child processes that some of them start. A worker keeps what it has loaded
// from file to file: no module has a state that a test could leave behind, and loading takes longer than most files do.
// Timeouts are for tests that hang: on a busy machine a test may take ten times as long, and must not fail for it.
export default defineConfig({
  test: {
    alias: [{ find: /^.*\/document\/ahead\.js$/, replacement: resolve('test/support/ahead.ts') }],
    globalSetup: 'test/support/temporary-folder.ts',
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: [...alone, ...elsewhere], isolate: false },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
})
