// A process that tries changes one after the other, and sends an answer after each. A change can make a loop endless: then
// whoever started the process ends it.
import { type CliOptions, createVitest, type TestSpecification } from 'vitest/node'
import { invalidate, keptPool } from './kept-thread.js'
import { type Answer, type Change, mutated, notRun, type Work } from './work.js'

process.on('message', (work: Work) => {
  tryAll(work).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error)
      process.exit(notRun)
    },
  )
})

async function tryAll({ tests, bundled, changes }: Work): Promise<void> {
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
  const testsOf = new Map<string, Promise<TestSpecification[]>>()
  const relatedTests = (path: string) => {
    vitest.config.related = [path]
    return vitest.getRelevantTestSpecifications()
  }
  const fails = async (path: string, text?: string): Promise<boolean> => {
    const promised = testsOf.get(path) ?? relatedTests(path)
    testsOf.set(path, promised)
    const related = await promised
    if (text !== undefined) active = { path, text }
    invalidate(vitest, path)
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(related)
    active = undefined
    invalidate(vitest, path)
    return unhandledErrors.length > 0 || testModules.some((module) => !module.ok())
  }
  const run = async (change: Change): Promise<Answer> => {
    // Tests that fail anyway would notice everything.
    if (!testsOf.has(change.path) && (await fails(change.path))) throw new Error(`The tests of ${change.path} fail`)
    return { id: change.id, noticed: await fails(change.path, mutated(change)) }
  }
  for (const change of changes) process.send?.(await run(change))
  await vitest.close()
  await pool.terminate()
}

const settings: CliOptions = {
  config: false,
  watch: false,
  bail: 1,
  reporters: [{}],
  server: { deps: { external: [/seqlab-mutation-/] } },
  // One thread for all test files of a change: each would load TF.js again. No test leaves anything for another.
  isolate: false,
  maxWorkers: 1,
  testTimeout: 20_000,
}
