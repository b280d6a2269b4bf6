// seqlab as a step peer: the protocol of bench/peers/cases.py on stdin and stdout.
// usage: node --import tsx bench/step/serve.ts --engine compiled --threads 1
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { EngineName } from '../../src/engine/types.js'
import type { Case } from './cases.js'
import { prepareSeqlab, type Runner } from './seqlab.js'

type Message =
  | { readonly op: 'prepare'; readonly case: Case }
  | { readonly op: 'run'; readonly steps: number }
  | { readonly op: 'quit' }

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'compiled' },
    threads: { type: 'string', default: '1' },
    dump: { type: 'string' },
  },
})

async function prepare(which: Case): Promise<Runner> {
  const dump = values.dump === undefined ? {} : { dumpGraphDir: values.dump }
  const runner = await prepareSeqlab(which, values.engine as EngineName, { threads: Number(values.threads), ...dump })
  await runner.run(2)
  return runner
}

let runner: Runner | undefined
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  if (message.op === 'quit') break
  if (message.op === 'prepare') {
    await runner?.dispose()
    runner = await prepare(message.case)
    const { nodes, traceMs, sessionMs } = runner.info
    const { stateBytes } = runner
    answer({ ready: true, prepareMs: performance.now() - start, nodes, traceMs, sessionMs, stateBytes })
  } else {
    await runner?.run(message.steps)
    const { user, system } = process.cpuUsage(cpu)
    const wall = performance.now() - start
    answer({ msPerStep: wall / message.steps, cpuMsPerStep: (user + system) / 1e3 / message.steps })
  }
}
await runner?.dispose()

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
