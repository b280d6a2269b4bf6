// A process that tries changes one after the other, and sends an answer after each. A change can make a loop endless: then
// the process ends, and whoever started it goes on after that change.
import { basename } from 'node:path'
import { BaseSequencer, type CliOptions, createVitest, type TestRunResult, type TestSpecification } from 'vitest/node'
import { invalidate, keptPool } from './kept-thread.js'
import { type Answer, mutated, notRun, ready, type Work } from './work.js'

process.on('message', (work: Work) => {
  tryAll(work).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error)
      process.exit(notRun)
    },
  )
})

/** Of processor time, beyond that of the unchanged code: on a busy machine tests may take minutes without any change. */
const longestMs = 10_000

async function tryAll({ tests, ownFirst, bundled, changes }: Work): Promise<void> {
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
  const durations = new Map<string, number>()
  let unchangedMs = 0
  const tryUnchanged = async (path: string, specifications: readonly TestSpecification[]) => {
    const before = process.cpuUsage()
    const result = await run(path, specifications)
    unchangedMs = Math.max(unchangedMs, processorMs(before))
    if (hasFailed(result)) throw new Error(`The tests of ${path} fail without any change: ${failuresOf(result)}`)
    for (const module of result.testModules) durations.set(module.moduleId, module.diagnostic().duration)
  }
  /**
   * The tests that import a file (of these the ones named after it, where only they are asked for), the quickest first. Throws
   * where they fail as it is: they would notice everything.
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
  for (const change of changes) {
    const { id, path } = change
    const related = known.get(path) ?? (await testsOf(path))
    process.send?.(ready)
    const before = process.cpuUsage()
    const watch = setInterval(() => {
      if (processorMs(before) > unchangedMs + longestMs) process.exit(1)
    }, 500)
    const result = await run(path, related, mutated(change))
    clearInterval(watch)
    known.set(path, likelyFirst(related, result))
    const answer: Answer = { id, noticed: hasFailed(result) }
    process.send?.(answer)
  }
  await vitest.close()
  await pool.terminate()
}

function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

/** Most changes to a file are noticed by the same test. */
function likelyFirst(related: readonly TestSpecification[], { testModules }: TestRunResult) {
  const failed = testModules.find((module) => !module.ok())?.moduleId
  const rest = related.filter(({ moduleId }) => moduleId !== failed)
  return [...related.filter(({ moduleId }) => moduleId === failed), ...rest]
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
  return [...modules, ...unhandledErrors.map(String)].join('; ')
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
  testTimeout: 60_000,
}
