import { readdirSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatProblems } from '../../src/cli/text/errors.js'
import { colorsFor } from '../../src/cli/text/terminal.js'
import { describeData } from '../../src/data/description.js'
import type { Dataset } from '../../src/data/types.js'
import { createDatasetCache } from '../../src/spec/plan/datasets.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { prepare } from '../../src/spec/prepare.js'
import type { LoadedSpec } from '../../src/spec/types.js'
import { writeCheckpoint } from '../../src/store/trial/checkpoint.js'
import { writeDataDescription } from '../../src/store/trial/data-description.js'
import { readStartingState } from '../../src/store/trial/starting-state.js'
import { stepParts } from '../../src/train/graph/trial-functions.js'
import { firstState } from '../../src/train/loop/train-state.js'
import type { TrainState } from '../../src/train/types.js'

const folder = 'test/spec/unfit'
const base = join(folder, 'base.yaml')
const plain = colorsFor({ write: () => {} })
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'base.yaml')

async function problemsOf(file: string, set: readonly string[] = []) {
  const { problems, specProblems } = await prepare([file], { readState: readStartingState, kind: 'either', set })
  expect(specProblems).toEqual([])
  return problems
}

// Each spec is valid but does not fit its data, or refers to a run that does not exist; next to it, what `check` prints.
describe('specs that do not fit their data', () => {
  test('what they extend fits', async () => {
    expect(await problemsOf(base)).toEqual([])
  })

  test.each(files)('%s', async (file) => {
    const problems = await problemsOf(join(folder, file))
    expect(problems.length).toBeGreaterThan(0)
    for (const { place } of problems) expect(place).toEqual(expect.objectContaining({ line: expect.any(Number) }))
    const printed = `${formatProblems(problems, plain)}\n`.replaceAll(process.cwd(), '.')
    await expect(printed).toMatchFileSnapshot(`unfit/${basename(file, '.yaml')}.txt`)
  })

  test('names and runs are reported without the data too', async () => {
    const reported = async (name: string) => {
      const { problems } = await prepare([join(folder, name)], {
        readState: readStartingState,
        kind: 'specs',
        data: false,
      })
      return problems.map(({ path }) => path)
    }
    expect(await reported('freeze-misspelt.yaml')).toEqual(['train.freeze.1', 'train.freeze.2', 'train.freeze.3'])
    expect(await reported('init-from-nowhere.yaml')).toEqual(['train.init.from'])
    expect(await reported('base.yaml')).toEqual([])
  })
})

/** A checkpoint as a run leaves it. */
async function keep(
  loaded: LoadedSpec,
  checkpoint: string,
  more: Partial<TrainState>,
  about: Partial<Dataset> = {},
): Promise<void> {
  const dataset = await createDatasetCache().read(loaded)
  writeCheckpoint(checkpoint, { ...firstState(stepParts(loaded.spec, dataset), 1, 64), ...more })
  writeDataDescription(checkpoint, describeData({ ...dataset, ...about }, loaded.spec.data))
}

describe('a start from another run', () => {
  let runs = ''
  beforeAll(async () => {
    runs = await mkdtemp(join(tmpdir(), 'seqlab-runs-'))
    const [loaded] = loadSpecs([base]).specs
    if (loaded === undefined) throw new Error('base.yaml does not load')
    await keep(loaded, join(runs, 'trial', 'checkpoint'), {})
  })
  afterAll(() => rm(runs, { recursive: true }))

  const from = (...more: string[]) => [`train.init.from=${join(runs, 'trial')}`, ...more]

  test('fits the same model', async () => {
    expect(await problemsOf(base, from())).toEqual([])
    expect(await problemsOf(base, from('train.init.take=training'))).toEqual([])
  })

  test('of another size is refused with both shapes, unless what differs is left out', async () => {
    const wider = ['model.source.representation.size=6', 'model.encoder.hidden=4']
    const [problem, ...others] = await problemsOf(base, from(...wider))
    expect(others).toEqual([])
    expect(problem?.path).toBe('train.init.from')
    expect(problem?.message).toContain('source/table is [7, 6] here and [7, 4] there')
    expect(await problemsOf(base, from(...wider, 'train.init.parameters=["decoder/*"]'))).toEqual([])
  })

  test('counts by what it takes: from a moved or renamed folder it is the same trial, with other numbers another', async () => {
    const [loaded] = loadSpecs([base]).specs
    if (loaded === undefined) throw new Error('base.yaml does not load')
    await cp(join(runs, 'trial'), join(runs, 'moved'), { recursive: true })
    const idOf = async (folder: string, ...more: string[]) => {
      const set = [`train.init.from=${join(runs, folder)}`, ...more]
      const { plan } = await prepare([base], { readState: readStartingState, kind: 'specs', set })
      return plan?.trials[0]
    }
    const [trial, moved] = [await idOf('trial'), await idOf('moved', 'train.init.parameters=["*", "encoder/*"]')]
    expect(trial?.start).toMatch(/^[0-9a-f]{64}$/)
    expect([moved?.id, moved?.trainHash]).toEqual([trial?.id, trial?.trainHash])
    const dataset = await createDatasetCache().read(loaded)
    await keep(loaded, join(runs, 'moved', 'checkpoint'), firstState(stepParts(loaded.spec, dataset), 2, 64))
    expect((await idOf('moved'))?.id).not.toBe(trial?.id)
  })

  test('with new symbols warns of them beforehand, at its place', async () => {
    const [loaded] = loadSpecs([base]).specs
    if (loaded === undefined) throw new Error('base.yaml does not load')
    const dataset = await createDatasetCache().read(loaded)
    const { source } = describeData(dataset, {}).vocabularies
    const symbols = source?.symbols.map((symbol, id) => (id === 4 ? 'new' : symbol)) ?? []
    await keep(loaded, join(runs, 'letters', 'checkpoint'), {}, { sourceVocabulary: { specials: true, symbols } })
    const set = [`train.init.from=${join(runs, 'letters')}`]
    const { warnings, problems } = await prepare([base], { readState: readStartingState, kind: 'specs', set })
    expect(problems).toEqual([])
    expect(warnings).toMatchObject([
      {
        path: 'train.init.from',
        place: { file: expect.stringMatching(/^--set train/) },
        message: `1 of ${symbols.length} source symbols start fresh: ${JSON.stringify(source?.symbols[4])}`,
      },
    ])
  })

  test('that reads other tokens is refused with the difference', async () => {
    const lower = 'data.sourceTokens={ type: characters, lowercase: true }'
    const [problem] = await problemsOf(base, from(lower))
    expect(problem).toMatchObject({ path: 'train.init.from', message: expect.stringContaining('other source tokens') })
    expect(await problemsOf(base, from(lower, 'train.init.parameters=["decoder/*"]'))).toEqual([])
  })

  test('that goes on keeps its seed, whichever of a study is asked', async () => {
    const study = join(runs, 'study.yaml')
    await writeFile(study, `extends: ${resolve(base)}\nseeds: [1, 2]\n`)
    const [problem] = await problemsOf(study, from('train.init.take=training'))
    expect(problem).toMatchObject({ path: 'train.init.take', received: 'seed 2' })
  })

  test('that goes on has steps left', async () => {
    const [loaded] = loadSpecs([base]).specs
    if (loaded === undefined) throw new Error('base.yaml does not load')
    await keep(loaded, join(runs, 'done', 'checkpoint'), { step: 2 })
    const goOn = [`train.init.from=${join(runs, 'done')}`, 'train.init.take=training']
    expect(await problemsOf(base, [...goOn, 'train.steps=3'])).toEqual([])
    const [problem] = await problemsOf(base, goOn)
    expect(problem).toMatchObject({ path: 'train.init.take', expected: 'train.steps above 2' })
  })

  test('from the folder of a study is reported with the trials in it', async () => {
    const [problem] = await problemsOf(base, [`train.init.from=${runs}`])
    expect(problem?.hint).toContain('trial')
  })

  test('with a pattern that fits nothing is reported with the nearest', async () => {
    const [problem] = await problemsOf(base, from('train.init.parameters=["decodr/*"]'))
    expect(problem).toMatchObject({ path: 'train.init.parameters.0' })
    expect(problem?.message).toContain('did you mean `decoder/*`')
  })
})
