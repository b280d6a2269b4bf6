// A process that tries changes one after the other, and sends an answer after each. A change can make a loop endless: then
// whoever started the process ends it.
import { type CliOptions, createVitest, type TestSpecification, type Vitest } from 'vitest/node'
import { type Answer, type Change, mutated, type Work } from './work.js'

process.on('message', (work: Work) => {
  tryAll(work).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function tryAll({ tests, bundled, changes }: Work): Promise<void> {
  let active: { readonly path: string; readonly text: string } | undefined
  const vitest = await createVitest(
    'test',
    { ...settings, include: [...tests] },
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
  const relatedTests = (paths: readonly string[]) => {
    vitest.config.related = [...paths]
    return vitest.getRelevantTestSpecifications()
  }
  const run = async (change: Change): Promise<Answer> => {
    const promised = testsOf.get(change.path) ?? relatedTests([change.path])
    testsOf.set(change.path, promised)
    const related = await promised
    active = { path: change.path, text: mutated(change) }
    vitest.invalidateFile(change.path)
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(related)
    active = undefined
    vitest.invalidateFile(change.path)
    return { id: change.id, noticed: unhandledErrors.length > 0 || testModules.some((module) => !module.ok()) }
  }
  await passUnchanged(vitest, await relatedTests(changes.map(({ path }) => path)))
  process.send?.('ready')
  for (const change of changes) process.send?.(await run(change))
  await vitest.close()
}

/** Errors: a test that fails without any change. */
async function passUnchanged(vitest: Vitest, related: TestSpecification[]): Promise<void> {
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(related)
  const failed = testModules.filter((module) => !module.ok()).map(({ moduleId }) => moduleId)
  if (failed.length + unhandledErrors.length > 0) throw new Error(`Fails unchanged: ${failed.join(', ')}`)
}

const settings: CliOptions = {
  config: false,
  watch: false,
  bail: 1,
  reporters: [{}],
  server: { deps: { external: [/seqlab-mutation-/] } },
  pool: 'threads',
  // One thread for all test files of a change: each would load TF.js again. No test leaves anything for another.
  isolate: false,
  maxWorkers: 1,
  testTimeout: 20_000,
}
