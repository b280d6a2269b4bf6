// seqlab as a step peer.
// usage: node --import tsx bench/step/serve.ts --engine compiled --threads 1 [--dump DIR]
import { parseArgs } from 'node:util'
import type { EngineName } from '../../src/engine/types.js'
import type { Case } from './cases.js'
import { prepareSeqlab } from './seqlab.js'
import { serve } from './serving.js'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'compiled' },
    threads: { type: 'string', default: '1' },
    dump: { type: 'string' },
  },
})

await serve(async (which: Case, threads) => {
  const dump = values.dump === undefined ? {} : { dumpGraphDir: values.dump }
  const runner = await prepareSeqlab(which, values.engine as EngineName, { threads, ...dump })
  const { nodes, traceMs, sessionMs } = runner.info
  return {
    // The state's memory grows with its first step.
    get info() {
      return { nodes, traceMs, sessionMs, stateBytes: runner.stateBytes }
    },
    run: runner.run,
    dispose: runner.dispose,
  }
})
