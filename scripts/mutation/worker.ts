// A process that tries changes one after the other, and sends an answer after each. A change can make a loop endless, wait for
// ever or fill the heap: then the process ends, and whoever started it goes on after that change.
import { basename } from 'node:path'
import { BaseSequencer, type CliOptions, createVitest, type TestRunResult, type TestSpecification } from 'vitest/node'
import { invalidate, keptPool } from './kept-thread.js'
import { type Answer, type Change, exits, mutated, ready, sound, type Work } from './work.js'

process.on('message', (work: Work) => {
  tryAll(work).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error)
      process.exit(exits.notRun)
    },
  )
})

/** Of processor time, beyond that of the unchanged code: on a busy machine tests may take minutes without any change. */
const longestMs = 10_000

/** Of a process with every version of the modules that it has loaded; the next one begins with none. */
const mostBytes = 2.5 * 1024 ** 3

async function tryAll({ tests, ownFirst, bundled, changes, checkEach }: Work): Promise<void> {
  const pool = keptPool()
  let active: { readonly path: string; readonly text: string } | undefined
  const vitest = await createVitest(
    'test',
    { ...settings, pool, include: [...tests] },
    {
      plugins: [
        {
          name: 'mutant',
          enforce: 'pre',
          resolveId: (source) => bundled[source],
          transform: (_code: string, id: string) =>
            id === active?.path ? { code: active.text, map: null } : undefined,
        },
      ],
    },
  )
  const run = async (path: string, specifications: readonly TestSpecification[], text?: string) => {
    if (text !== undefined) active = { path, text }
    invalidate(vitest, path)
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications([...specifications])
    active = undefined
    invalidate(vitest, path)
    // Vitest gives the modules of all its runs: of files that are not run now, what an earlier change made of them.
    const ran = new Set(specifications.map(({ moduleId }) => moduleId))
    return { testModules: testModules.filter(({ moduleId }) => ran.has(moduleId)), unhandledErrors }
  }
  let last: Change | undefined
  /** Runs tests as they are. Where they fail the process ends: they would notice everything. */
  const runUnchanged = async (path: string, specifications: readonly TestSpecification[]) => {
    const result = await run(path, specifications)
    if (!hasFailed(result)) return result
    console.error(`The tests of ${path} fail without any change: ${failuresOf(result)}`)
    return process.exit(last === undefined ? exits.notRun : exits.stained)
  }
  const durations = new Map<string, number>()
  let unchangedMs = 0
  const tryUnchanged = async (path: string, specifications: readonly TestSpecification[]) => {
    const before = process.cpuUsage()
    const { testModules } = await runUnchanged(path, specifications)
    unchangedMs = Math.max(unchangedMs, processorMs(before))
    for (const module of testModules) durations.set(module.moduleId, module.diagnostic().duration)
  }
  /**
   * The tests that import a file (of these the ones named after it, where only they are asked for), the quickest first, once
   * they have passed as they are.
   */
  const testsOf = async (path: string): Promise<readonly TestSpecification[]> => {
    vitest.config.related = [path]
    const importing = await vitest.getRelevantTestSpecifications()
    const own = importing.filter(({ moduleId }) => basename(moduleId) === `${basename(path, '.ts')}.test.ts`)
    const related = ownFirst && own.length > 0 ? own : importing
    const untried = related.filter(({ moduleId }) => !durations.has(moduleId))
    if (untried.length > 0) await tryUnchanged(path, untried)
    const durationOf = ({ moduleId }: TestSpecification) => durations.get(moduleId) ?? 0
    return related.toSorted((a, b) => durationOf(a) - durationOf(b))
  }
  const known = new Map<string, readonly TestSpecification[]>()
  let failed: readonly TestSpecification[] = []
  /** Says that the answers so far hold, if what failed passes without a change. */
  const check = async () => {
    if (last === undefined) return
    if (failed.length > 0) await runUnchanged(last.path, failed)
    failed = []
    await send(sound)
    if (process.memoryUsage().rss > mostBytes) process.exit(exits.spent)
  }
  for (const change of changes) {
    const { id, path } = change
    if (checkEach || path !== last?.path) await check()
    const related = known.get(path) ?? (await testsOf(path))
    await send(ready)
    const stopWatching = watch(unchangedMs + longestMs)
    const result = await firstFailure(related, (some) => run(path, some, mutated(change)))
    stopWatching()
    const noticing = failedOf(related, result)
    failed = [...new Set([...failed, ...noticing])]
    known.set(path, [...noticing, ...related.filter((one) => !noticing.includes(one))])
    await send({ id, noticed: hasFailed(result) || pool.hasEnded() })
    if (pool.hasEnded()) process.exit(exits.spent)
    last = change
  }
  await check()
  await vitest.close()
  await pool.terminate()
}

function send(message: Answer | typeof ready | typeof sound): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()))
}

/**
 * Ends the process where a change takes more than so much processor time, or next to none for half a minute: a test that waits
 * for ever. Gives what stops watching.
 */
function watch(mostMs: number): () => void {
  const before = process.cpuUsage()
  let recent = { at: Date.now(), usage: before }
  const timer = setInterval(() => {
    if (processorMs(before) > mostMs) process.exit(1)
    if (Date.now() - recent.at < 30_000) return
    if (processorMs(recent.usage) < 100) process.exit(1)
    recent = { at: Date.now(), usage: process.cpuUsage() }
  }, 500)
  return () => clearInterval(timer)
}

function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

/**
 * Runs the first test file, then a few, then the rest, until one fails: most changes to a file are noticed by the same one, and
 * Vitest loads every file that it is given, also those after the one that fails.
 */
async function firstFailure(
  related: readonly TestSpecification[],
  run: (some: readonly TestSpecification[]) => Promise<TestRunResult>,
): Promise<TestRunResult> {
  const [first, few, rest] = [related.slice(0, 1), related.slice(1, 5), related.slice(5)]
  let result: TestRunResult = { testModules: [], unhandledErrors: [] }
  for (const some of [first, few, rest]) {
    if (some.length > 0) result = await run(some)
    if (hasFailed(result)) break
  }
  return result
}

function failedOf(related: readonly TestSpecification[], { testModules }: TestRunResult): TestSpecification[] {
  const ids = new Set(testModules.filter((module) => !module.ok()).map(({ moduleId }) => moduleId))
  return related.filter(({ moduleId }) => ids.has(moduleId))
}

function hasFailed({ testModules, unhandledErrors }: TestRunResult): boolean {
  return unhandledErrors.length > 0 || testModules.some((module) => !module.ok())
}

/** Each failed file with what it says first. */
function failuresOf({ testModules, unhandledErrors }: TestRunResult): string {
  const modules = testModules.flatMap((module) => {
    if (module.ok()) return []
    const [failed] = module.children.allTests('failed')
    const [error] = failed?.result().errors ?? module.errors()
    return [`${module.moduleId}: ${failed?.fullName ?? ''}: ${error?.message ?? 'failed'}`]
  })
  return [...modules, ...unhandledErrors.map(messageOf)].join('; ')
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}

class GivenOrder extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    return specifications
  }
}

const settings: CliOptions = {
  config: false,
  watch: false,
  bail: 1,
  sequence: { sequencer: GivenOrder },
  reporters: [{}],
  server: { deps: { external: [/seqlab-mutation-/] } },
  // One thread for all test files and changes: each would load TF.js again. No test leaves anything for another.
  isolate: false,
  maxWorkers: 1,
  // As in vitest.config.ts: on a busy machine a test that passes may take minutes.
  testTimeout: 300_000,
  hookTimeout: 300_000,
}
