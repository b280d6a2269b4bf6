// A process that tries changes one after the other, and sends an answer after each. A change can make a loop endless: then
// whoever started the process ends it.
import { basename } from 'node:path'
import {
  BaseSequencer,
  type CliOptions,
  createVitest,
  type TestModule,
  type TestSpecification,
  type Vitest,
} from 'vitest/node'
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

async function tryAll({ tests, ownFirst, bundled, changes }: Work): Promise<void> {
  let active: { readonly path: string; readonly text: string } | undefined
  // Most changes to a file are noticed by the same test, and the first that fails is enough: it goes first, then the short ones.
  const noticedBy = new Map<string, string>()
  const durations = new Map<string, number>()
  class LikelyFirst extends BaseSequencer {
    override async sort(files: TestSpecification[]) {
      const likely = noticedBy.get(active?.path ?? '')
      const cost = ({ moduleId }: TestSpecification) => (moduleId === likely ? -1 : (durations.get(moduleId) ?? 0))
      return files.toSorted((a, b) => cost(a) - cost(b))
    }
  }
  const vitest = await createVitest(
    'test',
    { ...settings, include: [...tests], sequence: { sequencer: LikelyFirst } },
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
  const relatedTests = async (paths: readonly string[]) => {
    vitest.config.related = [...paths]
    const related = await vitest.getRelevantTestSpecifications()
    const names = paths.map((path) => `${basename(path, '.ts')}.test.ts`)
    const own = related.filter(({ moduleId }) => names.includes(basename(moduleId)))
    return ownFirst && own.length > 0 ? own : related
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
    const failed = testModules.find((module) => !module.ok())
    if (failed !== undefined) noticedBy.set(change.path, failed.moduleId)
    return { id: change.id, noticed: unhandledErrors.length > 0 || failed !== undefined }
  }
  const modules = await passUnchanged(vitest, await relatedTests(changes.map(({ path }) => path)))
  for (const module of modules) durations.set(module.moduleId, module.diagnostic().duration)
  process.send?.('ready')
  for (const change of changes) process.send?.(await run(change))
  await vitest.close()
}

/** Errors: a test that fails without any change. */
async function passUnchanged(vitest: Vitest, related: TestSpecification[]): Promise<readonly TestModule[]> {
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(related)
  const failed = testModules.filter((module) => !module.ok()).map(({ moduleId }) => moduleId)
  if (failed.length + unhandledErrors.length > 0) throw new Error(`Fails unchanged: ${failed.join(', ')}`)
  return testModules
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
  testTimeout: 60_000,
}
