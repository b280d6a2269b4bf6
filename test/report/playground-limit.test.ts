import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compare } from '../../src/report/analysis/comparison/compare.js'
import { playgroundsOf } from '../../src/report/analysis/comparison/playgrounds.js'
import { findTrials } from '../../src/report/analysis/comparison/read.js'
import {
  charactersOf,
  defaultPlayground,
  modelWithin,
  playgroundOf,
} from '../../src/report/analysis/trial/playground.js'
import { formatComparison } from '../../src/report/render/comparison/write.js'
import { foldersIn, isTrialFolder, readTrial } from '../../src/store/index.js'
import { command } from '../support/command.js'
import { tinyRuns } from '../support/trained-runs.js'

// A model of some 1.1 million numbers: 2.2 MB as float16, of which base64 makes 2.9.
const size = 320
const side = { representation: { type: 'embedding', size: 6 } }
const spec = {
  ...tinyRuns.transduce?.spec,
  name: 'both',
  model: {
    ...{ source: side, target: side, encoder: { cell: 'gru', hidden: size } },
    context: { from: 'attention', scorer: 'additive' },
    decoder: { cell: 'gru', hidden: size, receives: 'every-step' },
  },
  train: { steps: 1, optimizer: 'sgd', batchSize: 8, maxShapes: 1, validate: { every: 1 } },
  decode: 'greedy',
}
const root = mkdtempSync(join(tmpdir(), 'seqlab-limit-'))
const study = join(root, 'runs', 'both')
let large = ''

beforeAll(async () => {
  for (const [file, text] of Object.entries(tinyRuns.transduce?.files ?? {})) writeFileSync(join(root, file), text)
  writeFileSync(join(root, 'both.yaml'), JSON.stringify(spec))
  const { code, stderr } = await command(
    ['run', 'both.yaml', '--name', 'both', '--quiet', '--workers', '1', '--set', `model.encoder.hidden=8,${size}`],
    { cwd: root },
  )
  if (code !== 0) throw new Error(stderr)
  const trials = foldersIn(study).map((id) => join(study, id))
  const sizes = await Promise.all(
    trials.filter(isTrialFolder).map(async (each) => [each, (await recordOf(each)).parameters] as const),
  )
  large = sizes.sort((one, other) => other[1] - one[1])[0]?.[0] ?? ''
}, 120_000)

afterAll(() => rmSync(root, { recursive: true, force: true }))

const recordOf = async (trial: string) => {
  const { record } = await readTrial(trial)
  if (record === undefined) throw new Error('the trial has a record')
  return record
}

const written = async (...flags: readonly string[]) => {
  const { code, stderr } = await command(['show', large, '--html', ...flags], { cwd: root })
  if (code !== 0) throw new Error(stderr)
  return readFileSync(join(large, 'report.html'), 'utf8')
}

const sentence =
  /<section id="playground" class="try"><h2>Try the model<\/h2><p class="quiet">The model would add (\d\.\d) MB to this page, more than 2 MB: it was left out. --playground on puts it in.<\/p><\/section>/

describe('a model that is larger than 2 MB', () => {
  it('is left out of a page with a sentence that says how large it is, and the flag', async () => {
    const { parameters } = await recordOf(large)
    const page = await written()
    expect(sentence.exec(page)?.[1]).toBe(((parameters * 2 * 4) / 3 / 1e6).toFixed(1))
    expect(page).not.toContain('playground-weights')
    expect(page.length).toBeLessThan(1_000_000)
  })

  it('is in the page with --playground on, as float16 or float32', async () => {
    const { parameters } = await recordOf(large)
    const numbersIn = (page: string) => (/id="playground-weights">([^<]*)</.exec(page)?.[1] ?? '').length
    expect(numbersIn(await written('--playground', 'on'))).toBe(4 * Math.ceil((2 * parameters) / 3))
    const exact = await written('--playground', 'on', '--playground-weights', 'float32')
    expect(numbersIn(exact)).toBe(4 * Math.ceil((4 * parameters) / 3))
    expect(exact).not.toContain('rounded to float16')
  })

  it('is not mentioned with --playground off', async () => {
    const page = await written('--playground', 'off')
    expect(page).not.toContain('Try the model')
    expect(page).not.toContain('playground-weights')
    expect(playgroundOf(large, await recordOf(large), { ...defaultPlayground, playground: 'off' })).toBeUndefined()
  })

  it('is in a page where as much is allowed as it takes, and not where one character less is', async () => {
    const record = await recordOf(large)
    const found = modelWithin(large, record, 'float16', Number.POSITIVE_INFINITY)
    if (found === undefined || !('model' in found)) throw new Error('there is a model')
    const characters = charactersOf(found)
    expect(modelWithin(large, record, 'float16', characters)).toEqual(found)
    expect(modelWithin(large, record, 'float16', characters - 1)).toEqual({ tooLarge: characters })
  })
})

describe('a comparison of a small model and a large one', () => {
  const report = async () => compare(await findTrials([study]), { command: 'seqlab compare' })
  const heldIn = async (choice: object) =>
    (await playgroundsOf(await report(), { ...defaultPlayground, ...choice })).flatMap(({ models }) =>
      models.map(({ held }) => Object.keys(held)[0]),
    )

  it('has the small one, and says of the other how it is had', async () => {
    const compared = await report()
    const playgrounds = await playgroundsOf(compared, defaultPlayground)
    expect(playgrounds[0]?.models.map(({ held }) => Object.keys(held)[0]).sort()).toEqual(['model', 'tooLarge'])
    const page = await formatComparison(compared, 'html', undefined, playgrounds)
    expect(page).toMatch(
      /1 more model is not in this page, which holds 2 MB of models at most: \d\.\d MB more. To load any of them: seqlab view \S*both. To put all of them in: --playground on.</,
    )
  })

  it('has both with --playground on, and neither with off', async () => {
    expect(await heldIn({ playground: 'on' })).toEqual(['model', 'model'])
    expect(await heldIn({ playground: 'off' })).toEqual([])
    const out = join(root, 'comparison.html')
    const { code } = await command(['compare', study, '--out', out, '--playground', 'off'], { cwd: root })
    expect(code).toBe(0)
    expect(readFileSync(out, 'utf8')).not.toContain('Try the variants')
  })
})
