// npm run test:grid [-- --all] [-- --shard 2/8] [-- --part NAME]: every legal combination, on two processes. Those with
// features are a product of too many choices for an hour: of them so many that every two choices that can stand together do
// in one, and with --all every one. Of a shard, its part of them; with a part's name (gru, additive), those that it is in.
// Prints each with its time, then what was refused and why, and the counts. The models that test/model/combinations.test.ts
// leaves out are refused or built here. Exits 1 when a combination fails or is not reached, or there is none.
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { headsTable } from '../../docs/heads-table.js'
import { randomStream } from '../../src/core/random.js'
import { createEngine } from '../../src/engine/index.js'
import type { ModelOptions } from '../../src/model/options.js'
import { buildTransducer, transducerProblems } from '../../src/model/transducer.js'
import { everyModel, refusedAt, sizes } from '../model/every-model.js'
import { conform } from './checks.js'
import { type Combination, everyCombination, type Illegal, isLegal, partsOf, resolve } from './combinations.js'
import { pairwise } from './thinned.js'

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

function entriesOf(shard: string, all: boolean): readonly Entry[] {
  const [part = 0, of = 0] = shard.split('/').map(Number)
  if (!(Number.isInteger(part) && Number.isInteger(of) && part >= 1 && part <= of)) {
    throw new RangeError(`--shard takes PART/OF, such as 2/8, not ${shard}`)
  }
  const entries = everyCombination().map((written, index) => ({ index, combination: resolve(written) }))
  const kept = all ? entries : thinned(entries)
  // Shuffled, or a shard might hold one way of entering the decoder only: every fourth has the same.
  return randomStream(1, 'test')
    .shuffle(kept)
    .filter((_, place) => place % of === part - 1)
    .sort((a, b) => a.index - b.index)
}

/** Without the legal combinations with features, or factors, that have no pair of choices which another has not. */
function thinned(entries: readonly Entry[]): readonly Entry[] {
  return ['features', 'factors'].reduce(thinnedOf, entries)
}

function thinnedOf(entries: readonly Entry[], kind: string): readonly Entry[] {
  const named = entries.flatMap(({ combination }) =>
    isLegal(combination) && combination.name.startsWith(`${kind} | `) ? [combination] : [],
  )
  const kept = new Set<Combination | Illegal>(pairwise(named))
  console.log(`Of ${named.length} legal combinations with ${kind} ${kept.size} have every pair of choices (--all: all)`)
  const left = new Set<Combination | Illegal>(named.filter((combination) => !kept.has(combination)))
  return entries.filter(({ combination }) => !left.has(combination))
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

async function runAll(shard: string, part: string | undefined, all: boolean): Promise<void> {
  const start = performance.now()
  const pageIsCurrent = readFileSync('docs/parts.md', 'utf8').endsWith(`\n${headsTable()}\n`)
  if (!pageIsCurrent) console.log('docs/parts.md has another table of heads: npm run docs')
  const entries = withPart(entriesOf(shard, all), part)
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
  const wrong = part === undefined && shard.startsWith('1/') ? otherModels() : 0
  process.exitCode = pageIsCurrent && legal.length > 0 && passed === legal.length && wrong === 0 ? 0 : 1
}

function* leftOut(): Generator<ModelOptions> {
  for (const quarter of [1, 2, 3]) yield* everyModel(quarter)
}

/** The models that the tests leave out: refused at an option that they know, or of every 50th, built. */
function otherModels(): number {
  const counts = { refused: 0, legal: 0, built: 0 }
  const problems: string[] = []
  for (const model of leftOut()) {
    const paths = transducerProblems(model).map(({ path }) => path)
    if (paths.some((path) => !refusedAt.includes(path))) problems.push(`refused at ${paths}: ${JSON.stringify(model)}`)
    if (paths.length > 0) counts.refused++
    else if (counts.legal++ % 50 === 0) {
      buildTransducer(model, sizes)
      counts.built++
    }
  }
  console.log(`Other models: ${counts.refused} refused, ${counts.legal} legal and ${counts.built} of them built`)
  for (const problem of problems.slice(0, 20)) console.log(`FAIL ${problem}`)
  return problems.length
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
    all: { type: 'boolean', default: false },
    worker: { type: 'boolean', default: false },
  },
})
await (values.worker ? serve() : runAll(values.shard, values.part, values.all))
