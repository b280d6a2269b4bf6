import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { attentionOf } from '../../../src/report/analysis/comparison/details/attention.js'
import { confusionOf } from '../../../src/report/analysis/comparison/details/confusion.js'
import { curvesOfVariants } from '../../../src/report/analysis/comparison/details/curves.js'
import { lengthCurve } from '../../../src/report/analysis/comparison/details/lengths.js'
import { examplesOf } from '../../../src/report/analysis/comparison/details/predictions.js'
import { metricLookup } from '../../../src/report/analysis/metrics.js'
import { seenSourcesText } from '../../../src/report/analysis/seen-sources.js'
import type { CurvePoint } from '../../../src/stats/curve.js'
import type { MetricsLine, PredictionLine } from '../../../src/train/types.js'
import { foundTrial } from '../found.js'
import { madeUpSpec } from '../made-up.js'

const line = (more: Partial<PredictionLine>): PredictionLine => ({
  ...{ split: 'test', index: 0, source: ['a'], references: [['x']], hypothesis: ['x'], score: 0, statistics: {} },
  ...more,
})
const words = (text: string) => (text === '' ? [] : text.split(' '))

describe('attention', () => {
  const row = [0.12345, 0.87655]
  const of = (index: number, more: Partial<PredictionLine> = {}) =>
    line({ index, source: ['a', 'b'], hypothesis: ['x'], alignment: [row, row], ...more })

  it('is of the first four short examples that every variant with attention has', () => {
    const long = Array<string>(25).fill('a')
    const all = [of(0), of(1), of(2, { source: long }), of(3, { source: long.slice(1) }), of(4), of(5), of(6)]
    const others = all.filter(({ index }) => index !== 1)
    const { alignment: _, ...plain } = of(0)
    const examples = attentionOf([
      { variant: 'v0', lines: [plain] },
      { variant: 'v1', lines: all },
      { variant: 'v2', lines: others },
    ])
    expect(examples.map(({ source }) => source.length)).toEqual([2, 24, 2, 2])
    expect(examples[0]).toEqual({
      source: ['a', 'b'],
      maps: ['v1', 'v2'].map((variant) => ({
        variant,
        rows: ['x', 'end'],
        weights: [
          [0.123, 0.877],
          [0.123, 0.877],
        ],
      })),
    })
    expect(attentionOf([{ variant: 'v0', lines: [plain] }])).toEqual([])
    expect(attentionOf([])).toEqual([])
    // One that has no weights for an example takes it from all.
    expect(
      attentionOf([
        { variant: 'v1', lines: [of(0)] },
        { variant: 'v2', lines: [plain, of(1)] },
      ]),
    ).toEqual([])
  })

  it('has features before the source where these are positions of it, though the source was cut', () => {
    const source = ['a', 'b', 'c', 'd']
    const options = { representation: { type: 'embedding', size: 2, start: 'random', frozen: false } } as const
    const joined = { ...options, join: { type: 'source' } } as const
    const first = { variant: 'v1', lines: [of(0, { source, features: ['PL'], alignment: [[0.5, 0.2, 0.3]] })] }
    const other = { variant: 'v2', lines: [of(0, { source, features: ['PL'], alignment: [[0.6, 0.4]] })] }
    const [example] = attentionOf([{ ...first, features: joined }, other])
    expect(example?.source).toEqual(['PL', ...source])
    expect(example?.maps.map(({ weights }) => weights)).toEqual([[[0.5, 0.2, 0.3]], [[0, 0.6, 0.4]]])
  })

  it('has a row for each token and the end, as many as were recorded, at most 24', () => {
    const rows = (tokens: number, weights: number) => {
      const one = of(0, { hypothesis: Array<string>(tokens).fill('x'), alignment: Array<number[]>(weights).fill(row) })
      const [map] = attentionOf([{ variant: 'v1', lines: [one] }])[0]?.maps ?? []
      return [map?.rows.length, map?.weights.length, map?.rows.at(-1)]
    }
    expect(rows(2, 3)).toEqual([3, 3, 'end'])
    expect(rows(2, 2)).toEqual([2, 2, 'x'])
    expect(rows(1, 3)).toEqual([2, 2, 'end'])
    expect(rows(30, 31)).toEqual([24, 24, 'x'])
  })
})

describe('confusion', () => {
  const of = (lines: readonly PredictionLine[], output: Parameters<typeof confusionOf>[1] = 'sequence') =>
    confusionOf({ variant: 'v1', seed: 3, lines }, output)
  const says = (reference: string, hypothesis: string) =>
    line({ references: [words(reference)], hypothesis: words(hypothesis) })

  it('counts what was predicted for what, the most frequent first, then by their texts', () => {
    expect(of([says('a b c', 'a x c'), says('b', 'x'), says('a', ''), says('', 'z'), says('b', 'a')])).toEqual({
      ...{ variant: 'v1', seed: 3 },
      pairs: [
        { expected: 'b', predicted: 'x', count: 2 },
        { expected: 'a', predicted: '', count: 1 },
        { expected: 'b', predicted: 'a', count: 1 },
        { expected: '', predicted: 'z', count: 1 },
      ],
    })
  })

  it('keeps fifteen, and none of numbers', () => {
    const many = Array.from({ length: 17 }, (_, at) => says(String.fromCharCode(97 + at), 'Z'))
    expect(of(many).pairs).toHaveLength(15)
    expect(
      of(many.slice(0, 15))
        .pairs.map(({ expected }) => expected)
        .join(''),
    ).toBe('abcdefghijklmno')
    expect(of([line({ hypothesis: ['y'], values: { reference: [1], predicted: [2] } })]).pairs).toEqual([])
  })

  it('compares labels place by place', () => {
    // As a sequence one deletion and one insertion would do.
    expect(of([says('a b c', 'b c d')], 'labels').pairs.map(({ expected, predicted }) => expected + predicted)).toEqual(
      ['ab', 'bc', 'cd'],
    )
    expect(of([says('a b c', 'b c d')]).pairs).toHaveLength(2)
  })
})

describe("variants' curves", () => {
  const train = (points: readonly CurvePoint[]): MetricsLine[] =>
    points.map(([step, loss]) => ({ kind: 'train', step, epoch: 0, loss, gradientNorm: 1, learningRate: 0.1 }))
  const validations = (...pers: readonly (number | ReturnType<typeof undefinedBecause>)[]): MetricsLine[] =>
    pers.map((per, at) => ({ kind: 'validation', step: at + 1, loss: 1, metrics: { per }, best: false }))
  const curves = (...seeds: readonly (readonly MetricsLine[])[]) => {
    const completed = seeds.map((lines, at) => foundTrial({ seed: at + 1, lines }))
    return curvesOfVariants([{ id: 'v1', label: 'a', settings: {}, completed, unfinished: [] }])
  }
  const curve = (name: string, ...seeds: readonly (readonly MetricsLine[])[]) =>
    curves(...seeds).find((one) => one.name === name)

  it('are mean, lowest and highest over seeds, at the steps that all have', () => {
    const [one, other, third] = [
      train([
        [1, 2],
        [2, 4],
        [3, 9],
      ]),
      train([
        [1, 6],
        [3, 1],
      ]),
      train([
        [3, 2],
        [1, 1],
      ]),
    ]
    expect(curve('training-loss', one, other, third)).toEqual({
      ...{ variant: 'v1', name: 'training-loss', window: 1, reason: null },
      points: [
        [1, 3, 1, 6],
        [3, 4, 1, 9],
      ],
    })
    expect(curve('training-loss', train([[1, 1 / 3]]))?.points).toEqual([[1, 0.333333, 0.333333, 0.333333]])
  })

  it('are thinned beyond forty points', () => {
    const points = (number: number) => train(Array.from({ length: number }, (_, at): CurvePoint => [at, at]))
    expect(curve('training-loss', points(40))).toMatchObject({ window: 1 })
    const thin = curve('training-loss', points(41))
    expect(thin?.window).toBe(2)
    expect(thin?.points).toHaveLength(21)
    expect(thin?.points.slice(0, 2)).toEqual([
      [1, 0.5, 0, 1],
      [3, 2.5, 2, 3],
    ])
    expect(thin?.points.at(-1)).toEqual([40, 40, 40, 40])
  })

  it('that are missing have a reason', () => {
    const none = undefinedBecause('no scored token')
    expect(curve('per', validations(none), validations(0.5))).toMatchObject({ points: [], reason: 'no scored token' })
    expect(curve('per', validations(0.5), validations(none))?.reason).toBe('no scored token')
    expect(curve('per', validations(0.5, none, none), validations(0.5, 0.4, 0.3))?.reason).toBe(
      'undefined at 2 points of seed 1: no scored token',
    )
    expect(curve('per', validations(0.5, none), validations(none, 0.4))?.reason).toBe(
      'there is no step at which all seeds have a value',
    )
    expect(curve('per', train([[1, 1]]))?.reason).toBe('it was not recorded')
    expect(curves([])).toEqual([])
    expect(curvesOfVariants([{ id: 'v1', label: 'a', settings: {}, completed: [], unfinished: [] }])).toEqual([])
  })

  it('of a metric that was added later say what was computed instead', () => {
    const validation = (metrics: Readonly<Record<string, number>>): MetricsLine => ({
      ...{ kind: 'validation', step: 1, loss: 1, metrics, best: false },
    })
    const reason = (metrics: Readonly<Record<string, number>>) => curve('per', [validation(metrics)])?.reason
    expect(reason({ wer: 1 })).toBe('it was not computed during training (WER was): the metric was added later')
    expect(reason({ wer: 1, bleu: 1 })).toBe(
      'it was not computed during training (WER and BLEU were): the metric was added later',
    )
    expect(reason({})).toBe('it was not recorded')
  })
})

describe('a metric against source length', () => {
  const per = metricLookup([{ type: 'per' }])('per')
  if (per === undefined) throw new Error('per is known')
  const lengths = [...Array<number>(20).fill(3), ...Array<number>(20).fill(5)]
  const settings = { seed: 1, resamples: 200 }
  const variantOf = (id: string, ...seeds: readonly (readonly number[])[]) => ({
    ...{ id, label: id, settings: {}, unfinished: [] },
    completed: seeds.map((errors, at) => foundTrial({ seed: at + 1, errors })),
  })
  const errors = (short: number, long: number) => lengths.map((length) => (length === 3 ? short : long))

  it('is within bins of equal size, of the seed average', () => {
    const curve = lengthCurve(
      [variantOf('v1', errors(1, 3), errors(2, 6)), variantOf('v2', errors(1, 3)), variantOf('v3')],
      per,
      lengths,
      settings,
    )
    expect(curve).toMatchObject({ metric: 'per', bins: ['3', '5'], examples: [20, 20] })
    const [both, single, nothing] = curve.variants
    // (0.1 + 0.2) / 2 and (0.3 + 0.6) / 2; equal examples have no spread.
    expect(both?.values.map((one) => one.value)).toEqual([0.15, 0.45])
    expect(both?.values[0]).toMatchObject({
      interval: undefinedBecause('all resamples of the examples give the same value'),
    })
    expect(single?.values.map((one) => one.value)).toEqual([0.1, 0.3])
    expect(nothing?.values).toEqual([0, 1].map(() => undefinedBecause('it is not measured')))
  })

  it('has the percentile interval over examples, six digits long', () => {
    const wide = lengths.map((_, at) => (at % 2 === 0 ? 0 : 10))
    const curve = lengthCurve([variantOf('v1', wide, wide), variantOf('v2', wide)], per, lengths, settings)
    for (const { values } of curve.variants) {
      const [first] = values
      if (first === undefined || !('interval' in first) || !('low' in first.interval)) throw new Error('an interval')
      // Of 20 draws of 0 or 1 the mean's 2.5 % and 97.5 % quantiles are 0.3 and 0.7, give or take a draw.
      expect(first.value).toBe(0.5)
      expect(Math.abs(first.interval.low - 0.3)).toBeLessThanOrEqual(0.05)
      expect(Math.abs(first.interval.high - 0.7)).toBeLessThanOrEqual(0.05)
    }
    const thirds = lengths.map((_, at) => (at % 3 === 0 ? 1 : 0))
    const value = lengthCurve([variantOf('v1', thirds, thirds)], per, lengths, settings).variants[0]?.values[0]?.value
    // 7 of 200.
    expect(value).toBe(0.035)
  })

  it('is undefined where it is for a seed', () => {
    const empty = foundTrial({ errors: errors(1, 3) })
    const nothing = { ...empty, statistics: { per: { examples: 40, width: 2, data: new Float64Array(80) } } }
    const variant = { ...variantOf('v1', errors(1, 3)), completed: [empty, nothing] }
    const [first] = lengthCurve([variant], per, lengths, settings).variants[0]?.values ?? []
    expect(first?.value).toBeNull()
  })

  it('leaves out trials without the metric', () => {
    const bare = { ...foundTrial({ errors: errors(1, 3) }), statistics: {} }
    const variant = { ...variantOf('v1', errors(1, 3)), completed: [bare] }
    expect(lengthCurve([variant], per, lengths, settings).variants[0]?.values[0]).toEqual(
      undefinedBecause('it is not measured'),
    )
  })
})

it('examples are none where nothing was evaluated', () => {
  expect(examplesOf(undefined)).toEqual([])
  expect(examplesOf(foundTrial({ spec: madeUpSpec }))).toEqual([])
})

it('sources that training has seen are counted', () => {
  const text = (seen: number, examples: number) => seenSourcesText({ split: 'dev', seen, examples })
  expect([text(0, 2), text(1, 2), text(2, 3)]).toEqual([
    ...[undefined, '1 of 2 dev sources is also in training', '2 of 3 dev sources are also in training'],
  ])
  expect(text(2, 2)).toBe('All 2 dev sources are also in training: nothing is held out')
  expect(text(1, 1)).toBe('The only dev source is also in training: nothing is held out')
})
