// npm run test:grid: every legal combination, none skipped, in two processes. Prints each with its time, then what was
// refused and why, and the counts. Exits 1 when a combination fails.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createEngine } from '../../src/engine/index.js'
import { conform } from './checks.js'
import { everyCombination, isLegal, resolve } from './combinations.js'

const processes = 2

interface Outcome {
  readonly name: string
  readonly elapsedMs: number
  /** Why it is refused, or how it fails; neither: it conforms. */
  readonly refused?: readonly string[]
  readonly failed?: string
}

/** Every `of`-th combination from `part` on, each outcome told to the parent. */
async function runPart(part: number, of: number): Promise<void> {
  const compiled = await createEngine('compiled', { threads: 1 })
  const reference = await createEngine('tfjs-cpu', { threads: 1 })
  for (const written of everyCombination().filter((_, index) => index % of === part)) {
    const start = performance.now()
    const tell = (more: Partial<Outcome>) =>
      process.send?.({ name: written[0], elapsedMs: performance.now() - start, ...more })
    const combination = resolve(written)
    if (!isLegal(combination)) {
      tell({ refused: combination.reasons })
      continue
    }
    try {
      await conform(combination, compiled, reference)
      tell({})
    } catch (error) {
      tell({ failed: error instanceof Error ? error.message : String(error) })
    }
  }
  process.disconnect()
}

async function runAll(): Promise<void> {
  const start = performance.now()
  const outcomes: Outcome[] = []
  const part = (index: number) =>
    new Promise<void>((done) => {
      const child = fork(fileURLToPath(import.meta.url), [String(index)], { execArgv: process.execArgv })
      child.on('message', (outcome: Outcome) => {
        outcomes.push(outcome)
        if (outcome.refused === undefined) console.log(line(outcome))
      })
      child.on('exit', (code) => {
        if (code !== 0) outcomes.push({ name: `process ${index}`, elapsedMs: 0, failed: `it ended with code ${code}` })
        done()
      })
    })
  await Promise.all(Array.from({ length: processes }, (_, index) => part(index)))
  report(outcomes, (performance.now() - start) / 60_000)
}

function line({ name, elapsedMs, failed }: Outcome): string {
  const verdict = failed === undefined ? 'ok  ' : 'FAIL'
  return `${verdict} ${(elapsedMs / 1000).toFixed(1)} s  ${name}${failed === undefined ? '' : `: ${failed}`}`
}

function report(outcomes: readonly Outcome[], minutes: number): void {
  const reasons = new Map<string, number>()
  for (const { refused } of outcomes) {
    if (refused !== undefined) reasons.set(refused.join('; '), (reasons.get(refused.join('; ')) ?? 0) + 1)
  }
  console.log('\nRefused, as they must be:')
  for (const [reason, count] of reasons) console.log(`${String(count).padStart(5)}  ${reason}`)
  const failed = outcomes.filter(({ failed }) => failed !== undefined)
  const legal = outcomes.filter(({ refused }) => refused === undefined)
  if (failed.length > 0) console.log(`\nFailed:\n${failed.map(line).join('\n')}`)
  const written = everyCombination().length
  const missing = written - outcomes.length
  console.log(
    `\n${written} combinations: ${legal.length} legal, ${outcomes.length - legal.length} refused, ${missing} not reached`,
  )
  console.log(`${legal.length - failed.length} of ${legal.length} legal ones conform; ${minutes.toFixed(1)} minutes`)
  process.exitCode = failed.length > 0 || missing > 0 ? 1 : 0
}

const [index] = process.argv.slice(2)
await (index === undefined ? runAll() : runPart(Number(index), processes))
