// npm run test:grid [-- --shard 2/8] [-- --part NAME]: every legal combination, none skipped, on two processes; of a shard,
// its part of them; with a part's name (gru, additive), those that it is in. Prints each with its time, then what was
// refused and why, and the counts. Exits 1 when a combination fails or is not reached, or there is none.
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { randomStream } from '../../src/core/random.js'
import { createEngine } from '../../src/engine/index.js'
import { headsTable } from '../../src/spec/heads-table.js'
import { conform } from './checks.js'
import { type Combination, everyCombination, type Illegal, isLegal, partsOf, resolve } from './combinations.js'

interface Outcome {
  readonly name: string
  readonly elapsedMs: number
  readonly failed?: string
}

/** A worker process: checks the combinations that its parent sends by index, one at a time. */
async function serve(): Promise<void> {
  const compiled = await createEngine('compiled', { threads: 1 })
  const reference = await createEngine('tfjs-cpu', { threads: 1 })
  const written = everyCombination()
  process.on('message', async (index: number) => {
    const start = performance.now()
    const combination = resolve(written[index] as (typeof written)[number])
    const failed = isLegal(combination)
      ? await conform(combination, compiled, reference).then(() => undefined, messageOf)
      : 'it is refused here'
    process.send?.({ name: combination.name, elapsedMs: performance.now() - start, failed })
  })
  process.send?.('ready')
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

interface Entry {
  readonly index: number
  readonly combination: Combination | Illegal
}

function entriesOf(shard: string): Entry[] {
  const [part = 0, of = 0] = shard.split('/').map(Number)
  if (!(Number.isInteger(part) && Number.isInteger(of) && part >= 1 && part <= of)) {
    throw new RangeError(`--shard takes PART/OF, such as 2/8, not ${shard}`)
  }
  const all = everyCombination().map((written, index) => ({ index, written }))
  // Shuffled, or a shard might hold one way of entering the decoder only: every fourth has the same.
  const chosen = randomStream(1, 'test')
    .shuffle(all)
    .filter((_, place) => place % of === part - 1)
  return chosen
    .sort((a, b) => a.index - b.index)
    .map(({ index, written }) => ({ index, combination: resolve(written) }))
}

/** Takes entries off `queue`, one after the other, in a process of its own; a process that dies costs one entry. */
async function work(queue: Entry[], done: (outcome: Outcome) => void): Promise<void> {
  while (queue.length > 0) {
    await new Promise<void>((ended) => {
      const child = fork(fileURLToPath(import.meta.url), ['--worker'], { execArgv: process.execArgv })
      let current: Entry | undefined
      child.on('message', (message: 'ready' | Outcome) => {
        if (message !== 'ready') done(message)
        current = queue.shift()
        if (current === undefined) child.disconnect()
        else child.send(current.index)
      })
      child.on('exit', (code, signal) => {
        const failed = `its process ended with ${signal ?? `code ${code}`}`
        const lost = current ?? (code === 0 ? undefined : queue.shift())
        if (lost !== undefined) done({ name: lost.combination.name, elapsedMs: 0, failed })
        ended()
      })
    })
  }
}

/** What is refused has no resolved spec to look into: of a part's entries, only the legal ones are named. */
function withPart(entries: readonly Entry[], name: string | undefined): readonly Entry[] {
  if (name === undefined) return entries
  return entries.filter(({ combination }) => isLegal(combination) && partsOf(combination.spec).has(name))
}

async function runAll(shard: string, part: string | undefined): Promise<void> {
  const start = performance.now()
  const pageIsCurrent = readFileSync('docs/parts.md', 'utf8').endsWith(`\n${headsTable()}\n`)
  if (!pageIsCurrent) console.log('docs/parts.md has another table of heads: npm run docs')
  const entries = withPart(entriesOf(shard), part)
  if (entries.length === 0) throw new RangeError(`No legal combination of this shard has a part ${part}`)
  const legal = entries.filter(({ combination }) => isLegal(combination))
  const outcomes: Outcome[] = []
  const done = (outcome: Outcome) => {
    outcomes.push(outcome)
    console.log(`${String(outcomes.length).padStart(5)}/${legal.length} ${line(outcome)}`)
  }
  const queue = [...legal]
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, () => work(queue, done)))
  printRefused(entries)
  const failed = outcomes.filter((outcome) => outcome.failed !== undefined)
  if (failed.length > 0) console.log(`\nFailed:\n${failed.map(line).join('\n')}`)
  const minutes = ((performance.now() - start) / 60_000).toFixed(1)
  const passed = outcomes.length - failed.length
  console.log(
    `\n${entries.length} combinations written, ${entries.length - legal.length} of them refused as they must be`,
  )
  console.log(`${legal.length} combinations, ${passed} passed, ${legal.length - passed} failed, ${minutes} minutes`)
  process.exitCode = pageIsCurrent && legal.length > 0 && passed === legal.length ? 0 : 1
}

function line({ name, elapsedMs, failed }: Outcome): string {
  const verdict = failed === undefined ? 'ok  ' : 'FAIL'
  return `${verdict} ${(elapsedMs / 1000).toFixed(1)} s  ${name}${failed === undefined ? '' : `: ${failed}`}`
}

/** How many combinations each reason refuses. */
function printRefused(entries: readonly Entry[]): void {
  const counts = new Map<string, number>()
  for (const { combination } of entries) {
    if (isLegal(combination)) continue
    const reason = combination.reasons.join('; ')
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  console.log('\nRefused, as they must be:')
  for (const [reason, count] of counts) console.log(`${String(count).padStart(5)}  ${reason}`)
}

const { values } = parseArgs({
  options: {
    shard: { type: 'string', default: '1/1' },
    part: { type: 'string' },
    worker: { type: 'boolean', default: false },
  },
})
await (values.worker ? serve() : runAll(values.shard, values.part))
