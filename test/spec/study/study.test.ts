import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { formatPlace } from '../../../src/core/errors.js'
import { countParameters, modelOf } from '../../../src/spec/plan/parameters.js'
import { loadStudy } from '../../../src/spec/plan/study/load-study.js'
import { matchParameters } from '../../../src/spec/plan/study/match.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-study-'))
afterAll(() => rmSync(folder, { recursive: true }))
const base = resolve('test/spec/broken/base.yaml')
const sizes = { source: { vocabulary: 30 }, target: { vocabulary: 40 }, longestSource: 9, longestTarget: 9 }

function load(text: string, set: readonly string[] = []) {
  const file = join(folder, 'study.yaml')
  writeFileSync(file, `extends: ${base}\n${text}`)
  return loadStudy(file, { set })
}

function variants(text: string, set: readonly string[] = []) {
  const { specs, problems } = load(text, set)
  expect(problems).toEqual([])
  return specs
}

function labels(text: string, set: readonly string[] = []): readonly string[] {
  return variants(text, set).map(({ label }) => label)
}

function problemsOf(text: string, set: readonly string[] = []): readonly string[] {
  return load(text, set).problems.map(({ message, place }) => {
    const where = place === undefined ? 'nowhere' : formatPlace(place).replace(`${folder}/`, '')
    return `${where}: ${message}`
  })
}

describe('the grid', () => {
  test('every combination, the last path changing fastest', () => {
    const text = 'grid:\n  model.context.scorer: [additive, general]\n  model.encoder.hidden: [8, 16]'
    expect(labels(text)).toEqual([
      'additive, hidden=8',
      'additive, hidden=16',
      'general, hidden=8',
      'general, hidden=16',
    ])
    const [first] = variants(text)
    expect(first?.variant).toEqual({ 'model.context.scorer': 'additive', 'model.encoder.hidden': 8 })
    expect(first?.spec.model.encoder?.hidden).toBe(8)
  })

  test('several paths as one key move together', () => {
    const text = 'grid:\n  [model.encoder.hidden, model.decoder.hidden]: [[8, 16], [4, 8]]'
    const sizesOf = variants(text).map(({ spec: { model } }) => [model.encoder?.hidden, model.decoder?.hidden])
    expect(sizesOf).toEqual([
      [8, 16],
      [4, 8],
    ])
    expect(labels(text.replace(/[[\]]/, '').replace(']:', ':'))).toEqual([
      'encoder.hidden=8, decoder.hidden=16',
      'encoder.hidden=4, decoder.hidden=8',
    ])
  })

  test('parts with options, and whole lists', () => {
    expect(labels('grid:\n  model.encoder.cell: [gru, { type: gru, reset: before }]')).toEqual([
      'gru',
      'gru(reset=before)',
    ])
    expect(labels('grid:\n  metrics: [[per], [per, wer]]')).toEqual(['metrics=per', 'metrics=per+wer'])
  })

  test('exclude drops what fits a rule, include adds', () => {
    const text = `grid:
  model.encoder.cell: [gru, lstm, elman]
  seed: [1, 2]
exclude:
  - { model.encoder.cell: [lstm, elman], seed: 2 }
include:
  - { model.encoder.cell: aaren, seed: 7 }`
    expect(labels(text)).toEqual(['gru, seed=1', 'gru, seed=2', 'lstm, seed=1', 'elman, seed=1', 'aaren, seed=7'])
  })

  test('--set lies over every variant, and several values multiply them', () => {
    const text = 'grid:\n  model.encoder.cell: [gru, lstm]'
    expect(variants(text, ['train.steps=3']).map(({ spec }) => spec.train.steps)).toEqual([3, 3])
    expect(labels(text, ['train.steps=3,4'])).toEqual([
      'gru, steps=3',
      'gru, steps=4',
      'lstm, steps=3',
      'lstm, steps=4',
    ])
  })
})

describe('random draws', () => {
  const text = (seed: number) => `random:
  samples: 50
  seed: ${seed}
  space:
    train.optimizer.learningRate: { log: [0.0001, 0.1] }
    model.encoder.dropout: { range: [0, 0.5] }
    model.encoder.hidden: { integers: [8, 12] }
    model.encoder.cell: [gru, lstm]`

  test('the same seed draws the same points, within their ranges', () => {
    const drawn = variants(text(1))
    expect(variants(text(1)).map(({ variant }) => variant)).toEqual(drawn.map(({ variant }) => variant))
    expect(variants(text(2)).map(({ variant }) => variant)).not.toEqual(drawn.map(({ variant }) => variant))
    const values = (path: string) => drawn.map(({ variant }) => variant[path])
    expect(new Set(values('model.encoder.hidden'))).toEqual(new Set([8, 9, 10, 11, 12]))
    expect(new Set(values('model.encoder.cell'))).toEqual(new Set(['gru', 'lstm']))
    const rates = values('train.optimizer.learningRate') as number[]
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.0001)
    expect(Math.max(...rates)).toBeLessThan(0.1)
    // Uniform in the logarithm: each decade of three has a third of the draws, 17 +- 3.3.
    const decades = [0.0001, 0.001, 0.01].map((low) => rates.filter((rate) => rate >= low && rate < 10 * low).length)
    for (const count of decades) expect(Math.abs(count - 50 / 3)).toBeLessThan(4 * 3.3)
  })

  test('a larger number of samples begins with the smaller one', () => {
    const few = variants(text(1).replace('50', '5'))
    expect(
      variants(text(1))
        .slice(0, 5)
        .map(({ variant }) => variant),
    ).toEqual(few.map(({ variant }) => variant))
  })
})

describe('seeds, budget, claims', () => {
  test('a number of seeds, or a list', () => {
    expect(load('seeds: 3').seeds).toEqual([1, 2, 3])
    expect(load('seeds: [4, 9]').seeds).toEqual([4, 9])
    expect(load('seed: 5').seeds).toBeUndefined()
  })

  test('the budget’s steps are every trial’s', () => {
    expect(variants('budget: { steps: 7 }\ngrid: { seed: [1, 2] }').map(({ spec }) => spec.train.steps)).toEqual([7, 7])
  })

  test('claims name variants and metrics that exist', () => {
    const grid = 'grid:\n  model.context: [last-state, { from: attention, scorer: additive }]\nclaims:\n'
    const claim = '  - { left: attention(scorer=additive), right: last-state, metric: ser, relation: better }'
    expect(load(grid + claim).claims).toHaveLength(1)
    expect(
      problemsOf(`${grid}  - { left: lost-state, right: last-state, metric: bleu, relation: equivalent }`),
    ).toEqual([
      'study.yaml:5:13: there is no variant `lost-state`; did you mean `last-state`?',
      'study.yaml:5:5: equivalence needs a `margin`: the smallest difference of interest',
      'study.yaml:5:52: there is no metric `bleu`',
    ])
  })
})

describe('claims over curves', () => {
  const text = (claim: string, more = '') =>
    `${more}train: { steps: 1000, validate: { every: 300 } }
grid: { model.context.scorer: [additive, general] }
claims:
  - { left: additive, right: general, ${claim} }`

  test.each(['mean', 'last', 'best', 300, 900, 1000])('at %s', (at) => {
    const { claims, problems } = load(text(`curve: validation-loss, at: ${at}, relation: better`))
    expect(problems).toEqual([])
    expect(claims).toEqual([{ left: 'additive', right: 'general', curve: 'validation-loss', at, relation: 'better' }])
  })

  test('training-loss has a value at every second step of a thousand; a metric where it is validated', () => {
    expect(problemsOf(text('curve: training-loss, at: 998, relation: lower'))).toEqual([])
    expect(problemsOf(text('curve: ser, relation: better'))).toEqual([])
  })

  test('cannot be over what there will not be', () => {
    const where = 'study.yaml:5'
    expect(problemsOf(text('curve: validation-los, relation: better'))).toEqual([
      `${where}:46: there is no curve \`validation-los\`; did you mean \`validation-loss\`?`,
    ])
    expect(problemsOf(text('curve: copies-distance, relation: lower'))).toEqual([
      `${where}:46: there is no curve \`copies-distance\``,
    ])
    const [step] = load(text('curve: ser, at: 500, relation: better')).problems
    expect(step).toMatchObject({
      path: 'claims.0.at',
      message: '`additive` has no ser at step 500',
      expected: '`300` or `600`',
      received: '500',
    })
    const [late] = load(text('curve: ser, at: 1300, relation: better')).problems
    expect(late?.expected).toBe('`1000`')
    expect(problemsOf(text('relation: better'))).toEqual([
      `${where}:5: a claim needs a \`metric\` (on test) or a \`curve\` (over steps)`,
    ])
    expect(problemsOf(text('curve: ser, metric: ser, relation: better'))).toEqual([
      `${where}:5: a claim has a \`metric\` or a \`curve\`, not both`,
    ])
    expect(problemsOf(text('metric: ser, at: last, relation: better'))).toEqual([
      `${where}:56: \`at\` applies to curves; a metric has one value on test`,
    ])
  })

  test('how far copies drift has no better way', () => {
    const untied = `model: { encoder: { unroll: { type: untied, length: 12 } } }\n`
    const text2 = (claim: string) =>
      text(claim, untied).replace('train: {', 'train: { optimizer: { type: sgd, learningRate: 0.1 }, ')
    expect(problemsOf(text2('curve: copies-distance, at: last, relation: lower'))).toEqual([])
    expect(problemsOf(text2('curve: copies-distance, at: best, relation: better'))).toEqual([
      expect.stringContaining('neither lower nor higher is better in copies-distance'),
      expect.stringContaining('neither lower nor higher is better in copies-distance'),
    ])
  })
})

describe('claims by settings', () => {
  const text = (...claims: readonly string[]) => `model: { encoder: { cell: gru } }
grid:
  model.encoder.cell: [gru, lstm]
  model.context.scorer: [additive, { type: additive, size: 8 }, general]
exclude: [{ model.encoder.cell: lstm, model.context.scorer: general }]
claims:
${claims.map((claim) => `  - { ${claim}, metric: ser, relation: better }`).join('\n')}`
  const sides = (left: string, right: string) => text(`left: ${left}, right: ${right}`)

  test('name parts, values, options and whole maps, or labels', () => {
    const accepted = [
      ['{ model.encoder.cell: gru }', '{ model.encoder.cell: lstm }'],
      ['{ model.encoder.cell: { type: gru, reset: after } }', '{ model.encoder.cell: lstm }'],
      ['{ model: { encoder: { cell: gru } } }', '{ model.encoder.cell: lstm }'],
      ['{ model.context.scorer: additive }', '{ model.context.scorer: general }'],
      ['{ model.context.scorer.size: 8 }', '{ model.context.scorer: { type: general } }'],
      ['"gru, general"', '"lstm, additive"'],
      ['"gru, general"', '{ model.context.scorer: additive }'],
    ] as const
    for (const [left, right] of accepted) expect(problemsOf(sides(left, right)), left).toEqual([])
    expect(load(sides('{ model.encoder.cell: gru }', '{ model.encoder.cell: lstm }')).claims[0]).toMatchObject({
      left: { 'model.encoder.cell': 'gru' },
      right: { 'model.encoder.cell': 'lstm' },
    })
  })

  test('cannot name a setting or a value that no variant has: the nearest one, and where it was written', () => {
    const [path, value, number] = load(
      text(
        'left: { model.encoder.cel: gru }, right: { model.encoder.cell: lstm }',
        'left: { model.encoder.cell: gru }, right: { model.encoder.cell: lstn }',
        'left: { model.encoder.hidden: 64 }, right: { model.encoder.cell: lstm }',
      ),
    ).problems
    expect(path).toMatchObject({
      message: 'no variant has a setting `model.encoder.cel`; did you mean `model.encoder.cell`?',
      expected: 'a path such as `model.encoder.cell` or `model.context.scorer`',
    })
    expect(path?.place).toMatchObject({ line: 8, column: 15 })
    expect(value).toMatchObject({
      message: 'no variant has this value of `model.encoder.cell`; did you mean `lstm`?',
      expected: '`gru` or `lstm`',
      received: '"lstn"',
    })
    expect(value?.place).toMatchObject({ line: 9, column: 71 })
    expect(number).toMatchObject({ expected: '`16`', received: '64' })
  })

  test('cannot be about nothing, about the same variants, or about variants that differ in more', () => {
    expect(
      problemsOf(sides('{ model.encoder.cell: lstm, model.context.scorer: general }', '{ model.encoder.cell: gru }')),
    ).toEqual(['study.yaml:8:13: no variant has all of `model.encoder.cell`, `model.context.scorer` as written here'])
    expect(problemsOf(sides('{ model.encoder.cell: gru }', '{ model.context.scorer: general }'))).toEqual([
      'study.yaml:8:5: both sides have `gru, general`',
    ])
    const unmatched = `grid:
  model.encoder.cell: [gru, lstm]
  model.context.scorer: [additive, general]
exclude: [{ model.encoder.cell: lstm, model.context.scorer: general }, { model.encoder.cell: gru, model.context.scorer: additive }]
claims: [{ left: { model.encoder.cell: gru }, right: { model.encoder.cell: lstm }, metric: ser, relation: better }]`
    expect(problemsOf(unmatched)).toEqual([
      'study.yaml:6:10: no variant of gru has the same other settings as one of lstm, so nothing can be averaged over',
    ])
    expect(problemsOf(sides('{}', '{ model.encoder.cell: gru }'))).not.toEqual([])
  })
})

describe('mistakes', () => {
  test('of every variant, all together, at their place in the grid', () => {
    const text = 'grid:\n  model.encoder.ceil: [gru, lstm]\n  model.encoder.hidden: [8, large, 0]'
    expect(problemsOf(text)).toEqual([
      'study.yaml:3:3: `ceil` is not a key of model.encoder; did you mean `cell`?',
      'study.yaml:4:29: has no allowed form',
      'study.yaml:4:36: is too small',
    ])
  })

  test('of a combination alone', () => {
    const text = 'grid:\n  model.context.scorer: [additive, dot]\n  model.decoder.hidden: [16, 32]'
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^study.yaml:3:36: the dot scorer needs a query .* 16.* and keys .* 32.* of equal size$/),
    ])
  })

  test.each([
    ['gird: { seed: [1] }', 'study.yaml:2:1: `gird` is not a key of a study; did you mean `grid`?'],
    ['grid: { seed: [] }', 'study.yaml:2:15: has too few entries (at least 1)'],
    ['grid: { seed: [1, 1] }', 'study.yaml:2:19: is a duplicate variant: {"seed":1}'],
    ['grid:\n  [seed, train.steps]: [[1, 2], [3]]', 'study.yaml:3:33: [seed, train.steps] takes 2 values at a time'],
    ['grid: { seed: [1, 2] }\nexclude: [{ seed: 3 }]', 'study.yaml:3:11: this rule matches no combination of the grid'],
    [
      'grid: { seed: [1, 2] }\nexclude: [{ seed: [1, 2] }]',
      "study.yaml:3:10: these rules exclude all of the grid's 2 combinations",
    ],
    ['grid:\n  [seed, train.steps]: [[1, 2]]\n  seed: [1, 2]', 'study.yaml:4:3: `seed` is varied twice'],
    [
      'random: { samples: 2, space: { seed: { integers: [1, 9] } } }\ngrid: { seed: [1, 2] }',
      'study.yaml:2:32: `seed` is varied twice',
    ],
    [
      'budget: { steps: 7 }\ngrid: { train.steps: [5, 6] }',
      'study.yaml:2:18: the study varies train.steps, and a budget of steps would give every variant the same',
    ],
    ...['range: [1, 0.5]', 'log: [0, 1]', 'log: [-2, -1]', 'integers: [2, 2]', 'integers: [1, 2.5]'].map((range) => [
      `random: { samples: 2, space: { model.encoder.dropout: { ${range} } } }`,
      'study.yaml:2:55: cannot be drawn from this range',
    ]),
    ['grid: {}', 'study.yaml:2:7: has too few entries (at least 1)'],
    ['budget: {}', 'study.yaml:2:9: has too few entries (at least 1)'],
    ['seeds: 0', 'study.yaml:2:8: is too small'],
    ['seeds: [1, 1]', 'study.yaml:2:8: contains a duplicate item'],
    ['random: { samples: 2, space: { seed: { lag: [1, 2] } } }', 'study.yaml:2:38: has no allowed form'],
    [
      'match: parameters\ngrid: { model.encoder.hidden: [8, 16] }',
      'study.yaml:2:8: `model.encoder.hidden` cannot be both varied by the grid and solved for',
    ],
    [
      'compare: { by: [model.encoder.cell] }\ngrid: { seed: [1, 2] }',
      'study.yaml:2:17: there is no path of the grid `model.encoder.cell`',
    ],
  ])('%s', (text, reported) => {
    expect(problemsOf(text)).toEqual([reported])
  })
})

test('--set does not overwrite what the study varies', () => {
  const text = 'grid: { model.encoder.cell: [gru, lstm] }'
  expect(problemsOf(text, ['model.encoder.cell=elman'])).toEqual([
    'nowhere: --set model.encoder.cell would overwrite what the study varies (model.encoder.cell)',
  ])
  expect(problemsOf(text, ['model.encoder={hidden: 8}'])).toHaveLength(1)
  expect(problemsOf(text, ['model.encoder.hidden=8'])).toEqual([])
})

test('variants without an error are known next to the errors of the others', () => {
  const { specs, seeds, problems } = load('seeds: 2\ngrid:\n  model.encoder.hidden: [8, large, 16]')
  expect(problems).toHaveLength(1)
  expect(specs.map(({ label }) => label)).toEqual(['hidden=8', 'hidden=16'])
  expect(seeds).toEqual([1, 2])
})

describe('match: parameters', () => {
  test('every variant within 1 %, sizes in their ratio, and what was chosen', () => {
    const text = `model: { encoder: { hidden: 64 }, decoder: { hidden: 128 } }
grid:
  model.encoder.cell: [gru, elman, lstm]
  model.context.scorer: [additive, dot]
match: parameters`
    const study = load(text)
    if (study.match === undefined) throw new RangeError('no match')
    const { specs, matched, problems } = matchParameters(new Map(study.specs.map((spec) => [spec, sizes])), study.match)
    expect(problems).toEqual([])
    const counts = specs.map(({ spec }) => countParameters(modelOf(spec, sizes)))
    const [wanted = 0] = counts
    for (const count of counts) expect(Math.abs(count / wanted - 1)).toBeLessThanOrEqual(0.01)
    for (const { spec } of specs) expect(spec.model.decoder?.hidden).toBe(2 * Number(spec.model.encoder?.hidden))
    expect(matched.map(({ parameters }) => parameters)).toEqual(counts)
    expect(matched[0]).toMatchObject({ label: 'gru, additive', sizes: { 'model.encoder.hidden': 64 } })
  })

  test('a number that no size reaches is reported', () => {
    const study = load('match: { parameters: 100 }')
    if (study.match === undefined) throw new RangeError('no match')
    const { problems } = matchParameters(new Map(study.specs.map((spec) => [spec, sizes])), study.match)
    expect(problems.map(({ message }) => message)).toEqual(['"study" cannot have 100 parameters within 1 %'])
  })
})
