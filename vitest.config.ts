import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/long-first.js'
import { common } from './test/support/vitest-settings.js'

// Where tfjs-node is installed the first two bind its TF.js, and a process has one; the third gives own parts, for good.
const elsewhere = ['test/package/**']
const alone = ['test/engine/tfjs-node.test.ts', 'test/engine/step.test.ts', 'test/own/conformance.test.ts']

// A worker keeps what it has loaded from file to file: no module has a state that a test could leave behind, and loading takes
// longer than most files do.
export default defineConfig({
  test: {
    ...common,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: [...alone, ...elsewhere], isolate: false },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
})
