import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

type Message<Case> =
  | { readonly op: 'prepare'; readonly case: Case }
  | { readonly op: 'run'; readonly steps: number }
  | { readonly op: 'quit' }

/** A model made ready. */
export interface Served {
  /** Numbers that go with its being ready. */
  readonly info: Readonly<Record<string, number>>
  /** Runs a number of steps, and waits for the last. */
  run(steps: number): Promise<number>
  dispose(): Promise<void>
}

/** The protocol of bench/peers/cases.py on stdin and stdout; to be ready is to have made two steps. */
export async function serve<Case>(prepare: (which: Case, threads: number) => Promise<Served>): Promise<void> {
  const { values } = parseArgs({ options: { threads: { type: 'string', default: '1' } }, strict: false })
  let served: Served | undefined
  for await (const line of createInterface({ input: process.stdin })) {
    const message: Message<Case> = JSON.parse(line)
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    if (message.op === 'quit') break
    if (message.op === 'prepare') {
      await served?.dispose()
      served = await prepare(message.case, Number(values.threads))
      await served.run(2)
      answer({ ready: true, prepareMs: performance.now() - start, ...served.info })
    } else {
      await served?.run(message.steps)
      const { user, system } = process.cpuUsage(cpu)
      const wall = performance.now() - start
      answer({ msPerStep: wall / message.steps, cpuMsPerStep: (user + system) / 1e3 / message.steps })
    }
  }
  await served?.dispose()
}

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
