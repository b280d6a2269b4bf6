import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type PrepareOptions, prepare } from '../../src/spec/prepare.js'
import { readStartingState } from '../../src/store/trial/starting-state.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-prepare-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A file over specs that fit their data. */
function prepared(text: string, more: Partial<PrepareOptions> = {}) {
  const file = join(folder, 'study.yaml')
  writeFileSync(file, `extends: ${resolve('test/spec/unfit/base.yaml')}\n${text}\n`)
  return prepare([file], { kind: 'either', readState: readStartingState, ...more })
}

describe('what is wrong anywhere is told, and then there is no plan', () => {
  it.each([
    ['a spec', 'model: { encoder: { hidden: none } }', 'model.encoder.hidden'],
    ['rules between its sections', 'train: { validate: { select: mase } }', 'train.validate.select'],
    [
      'the files of its data',
      'data: { source: { type: tsv, train: nowhere.tsv, dev: nowhere.tsv, test: nowhere.tsv } }',
      'data',
    ],
    ['a spec on its data', 'train: { freeze: [nothing] }', 'train.freeze.0'],
    ['a number of parameters that no size gives', 'match: { parameters: 100 }', 'match'],
    ['a size that no variant has', 'match: { parameters: 900, by: [model.encoder.nothing] }', 'match.by.0'],
    ['what is no size', 'match: { by: [model.encoder.hidden, train.batchSize] }', 'match.by.1'],
    ['the grid', 'grid: { model.encoder.hidden: [4, 4] }', ''],
  ])('%s', async (_, text, at) => {
    const { problems, plan } = await prepared(text)
    expect(problems.map(({ path }) => path)).toEqual([at])
    expect(plan).toBeUndefined()
  })

  it('mistakes in specs and in data, of all variants, in one round', async () => {
    const grid = `grid: { model.encoder.hidden: [none, 4], data.source: [
      { type: tsv, train: a.tsv, dev: b.tsv, test: b.tsv }, { type: tsv, file: c.tsv }] }`
    const { problems } = await prepared(grid)
    const files = problems.flatMap(({ hint }) => /looked at .*(.\.tsv)/.exec(hint ?? '')?.[1] ?? [])
    expect(files.sort()).toEqual(['a.tsv', 'b.tsv', 'c.tsv'])
    expect(problems.map(({ path }) => path)).toContain('model.encoder.hidden')
    const one = await prepared('data: { source: { type: tsv, file: d.tsv } }\nmodel: { encoder: { hidden: none } }')
    expect(one.problems.map(({ path }) => path).sort()).toEqual(['data', 'model.encoder.hidden'])
  })

  it('a trial twice', async () => {
    const base = resolve('test/spec/unfit/base.yaml')
    const { problems, plan } = await prepare([base, base], { kind: 'specs', readState: readStartingState })
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('are the same trial')])
    expect(plan).toBeUndefined()
  })

  it('nothing', async () => {
    const { problems, plan, specs } = await prepared('seeds: [1, 2]')
    expect(problems).toEqual([])
    expect(specs.map(({ dataset }) => dataset?.digests)).toEqual([
      { training: expect.any(String), test: expect.any(String) },
    ])
    expect(plan?.trials.map(({ seed }) => seed)).toEqual([1, 2])
  })
})

describe('what the data say beforehand of the results', () => {
  const forecast = (second: (step: number) => number) => {
    const values = Array.from({ length: 40 }, (_, step) => [step % 5, second(step)])
    const file = join(folder, 'forecast.yaml')
    writeFileSync(
      file,
      `task: forecast
data: { source: { type: series, values: ${JSON.stringify(values)}, window: 4, horizon: 2 }, split: { dev: 8, test: 8 } }
model: { source: { representation: numbers }, encoder: { cell: gru, hidden: 3 }, context: last-state }
train: { optimizer: adam, steps: 2, batchSize: 4, validate: { every: 1 } }
metrics: [mae, mase]
`,
    )
    return prepare([file], { kind: 'either', readState: readStartingState })
  }

  it('warns of a series that is constant in training, and of what MASE leaves out', async () => {
    const { problems, warnings } = await forecast((step) => (step < 24 ? 0 : step))
    expect(problems).toEqual([])
    expect(warnings.map(({ message }) => message)).toEqual([
      'the series series 2 is constant in training (from one season to the next)',
      'mase on dev is without the series whose naive forecast has no error in training (constant there)',
      'mase on test is without the series whose naive forecast has no error in training (constant there)',
    ])
    expect((await forecast((step) => step % 3)).warnings).toEqual([])
  })

  it('refuses a number that float32 cannot hold, with its step', async () => {
    const { problems } = await forecast((step) => (step === 38 ? 1e300 : step % 3))
    expect(problems[0]?.message).toBe('step 39 of series 2 is too large, also when it is scaled')
  })

  it('scales by a huge number in training', async () => {
    expect((await forecast((step) => (step === 3 ? 1e300 : step % 3))).problems).toEqual([])
  })
})

it('says nothing of a metric over true alignments where there are some, and which split has none', async () => {
  const aligning = (dev: string) => {
    const file = join(folder, 'aligning.yaml')
    writeFileSync(
      file,
      `task: transduce
data:
  source:
    type: inline
    train: [[a b, x y], [b a, y x]]
    dev: [${dev}]
    test: [{ source: b b, target: y y, alignment: 0-0 1p1 }]
  sourceTokens: whitespace
  targetTokens: whitespace
model:
  source: { representation: { type: embedding, size: 2 } }
  target: { representation: { type: embedding, size: 2 } }
  encoder: { cell: gru, hidden: 3 }
  context: { from: attention, scorer: general }
  decoder: { cell: gru, hidden: 3, receives: both }
train: { optimizer: adam, steps: 2, batchSize: 2, validate: { every: 1 } }
metrics: [ser, aer, alignment-mass]
`,
    )
    return prepare([file], { kind: 'either', readState: readStartingState })
  }
  expect((await aligning('{ source: a a, target: x x, alignment: 1-0 }')).warnings).toEqual([])
  expect((await aligning('[a a, x x]')).warnings.map(({ message }) => message)).toEqual([
    'aer is undefined on dev, even if all is predicted right: the data have no true alignment',
    'alignment-mass is undefined on dev, even if all is predicted right: the data have no true alignment',
  ])
})

describe('a metric that selects', () => {
  const tagging = (dev: string, select: string, metrics = 'token-accuracy') => {
    const file = join(folder, 'tagging.yaml')
    writeFileSync(
      file,
      `task: tag
data:
  source: { type: inline, train: [[a b, B-x I-x], [b a, O O], [a a, B-x O]], dev: [[a b, ${dev}]], test: [[b b, O O]] }
  sourceTokens: whitespace
  targetTokens: whitespace
model: { source: { representation: { type: embedding, size: 2 } }, encoder: { cell: gru, hidden: 3 } }
train: { optimizer: adam, steps: 2, batchSize: 2, validate: { every: 1, patience: 1, select: ${select} } }
metrics: [${metrics}]
`,
    )
    return prepare([file], { kind: 'either', readState: readStartingState })
  }

  it('is reported where it has no value on dev, in first place with what that means for patience', async () => {
    const none =
      'slot-f1 is undefined on dev even if all is predicted right (neither the references nor the predictions have slots): where it is, it does not decide between checkpoints'
    expect((await tagging('O O', 'slot-f1')).warnings).toMatchObject([
      {
        path: 'train.validate.select',
        message: `${none}, and patience and a plateau do not count the validation`,
      },
    ])
    expect((await tagging('O O', '[loss, slot-f1]')).warnings.map(({ message }) => message)).toEqual([none])
    expect((await tagging('B-x O', 'slot-f1')).warnings).toEqual([])
    expect((await tagging('B-x O', 'slot-f1')).problems).toEqual([])
  })

  it('has the scheme of the training tags, as in training: these spans of IOB2 are none by the letters of IOBES', async () => {
    const strict = '{ type: slot-f1, count: strict }'
    const { warnings, problems } = await tagging('B-x I-x', strict, strict)
    // The test set, O O, has no slots in any scheme.
    expect(warnings.map(({ message }) => message)).toEqual([
      'slot-f1 is undefined on test, even if all is predicted right: neither the references nor the predictions have slots',
    ])
    expect(problems).toEqual([])
    const unreadable = await tagging('B-x M-x', strict, strict)
    expect(unreadable.warnings.map(({ path }) => path)).toEqual(['data'])
    expect(unreadable.problems).not.toEqual([])
  })

  it('is held against the tags as one that is reported', async () => {
    const { problems } = await tagging('B-x O', '[token-accuracy, { type: slot-f1, scheme: bmes }]')
    expect(problems).toMatchObject([
      { path: 'train.validate.select.1', message: 'the training tags have prefixes that bmes does not have' },
    ])
    expect((await tagging('B-x M-x', 'slot-f1')).problems).toMatchObject([
      { path: 'train.validate.select.0', message: 'the dev tags have prefixes that iob2 does not have' },
    ])
  })
})

describe('without data', () => {
  it('tells what is wrong with the spec and with the names in it, and gives no plan', async () => {
    const told = async (text: string) => {
      const { problems, plan } = await prepared(text, { data: false })
      expect(plan).toBeUndefined()
      return problems.map(({ path }) => path)
    }
    expect(await told('train: { freeze: [nothing] }')).toEqual(['train.freeze.0'])
    expect(await told('model: { encoder: { hidden: none } }')).toEqual(['model.encoder.hidden'])
    expect(await told('')).toEqual([])
  })
})
