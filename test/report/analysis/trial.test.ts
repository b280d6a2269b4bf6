import { cpus, totalmem } from 'node:os'
import { describe, expect, it } from 'vitest'
import { sampleChanges, settingChanges } from '../../../src/report/analysis/changes.js'
import { paretoFront } from '../../../src/report/analysis/comparison/pareto.js'
import { joinersOf } from '../../../src/report/analysis/joiners.js'
import { thisMachine } from '../../../src/report/analysis/machine.js'
import { metricLookup, metricTitle } from '../../../src/report/analysis/metrics.js'
import { thinnedCurve } from '../../../src/report/analysis/trial/curves.js'
import { binName, byLength, lengthBins } from '../../../src/report/analysis/trial/lengths.js'
import { parametersByPart } from '../../../src/report/analysis/trial/parameters.js'
import { worstFirst } from '../../../src/report/analysis/trial/samples.js'
import type { CurvePoint } from '../../../src/stats/curve.js'
import type { LoadedTrial } from '../../../src/store/index.js'
import type { PredictionLine } from '../../../src/train/types.js'
import { madeUpMetrics, madeUpSpec, madeUpTrial } from '../made-up.js'

const line = (more: Partial<PredictionLine>): PredictionLine => ({
  ...{ split: 'test', index: 0, source: ['a'], references: [['x']], hypothesis: ['x'], score: 0, statistics: {} },
  ...more,
})
const words = (text: string) => (text === '' ? [] : text.split(' '))

describe('settingChanges and sampleChanges', () => {
  const { record } = madeUpTrial({ examples: 2, steps: 10 })
  const loaded = (more: Partial<typeof record>, predictions: readonly PredictionLine[] = []) =>
    ({ record: { ...record, ...more }, predictions }) as unknown as LoadedTrial
  const specOf = (train: object) => ({ ...madeUpSpec, train: { ...madeUpSpec.train, ...train } }) as typeof madeUpSpec

  it('names a part once, by its own path, and settings that one of the two lacks', () => {
    const sgd = loaded({ spec: specOf({ optimizer: { type: 'sgd', learningRate: 0.002, momentum: 0.9 } }) })
    const expected = [
      { path: 'train.optimizer', before: 'adam', after: 'sgd' },
      { path: 'train.optimizer.momentum', before: undefined, after: 0.9 },
    ]
    expect(settingChanges(loaded({}), sgd)).toEqual(expected)
    const back = expected.map(({ path, before, after }) => ({ path, before: after, after: before }))
    expect(settingChanges(sgd, loaded({}))).toHaveLength(2)
    expect(settingChanges(sgd, loaded({}))).toEqual(expect.arrayContaining(back))
    // The task has a type and nothing around it that would stand for it.
    expect(
      settingChanges(loaded({}), loaded({ spec: { ...madeUpSpec, task: { type: 'tag' } } as typeof madeUpSpec })),
    ).toEqual([{ path: 'task', before: 'transduce', after: 'tag' }])
    // As many letters as `.type` has.
    const source = {
      ...madeUpSpec.model.source,
      representation: { type: 'embedding', size: 99, start: 'random', frozen: false },
    }
    const sized = loaded({ spec: { ...madeUpSpec, model: { ...madeUpSpec.model, source } } as typeof madeUpSpec })
    expect(settingChanges(loaded({}), sized).map(({ path }) => path)).toEqual(['model.source.representation.size'])
    const extra = loaded({ spec: specOf({ schedule: { type: 'linear' }, average: { type: 'ema' } }) })
    expect(settingChanges(loaded({}), extra)).toEqual([{ path: 'train.average', before: undefined, after: 'ema' }])
    expect(settingChanges(extra, loaded({}))).toEqual([{ path: 'train.average', before: 'ema', after: undefined }])
  })

  it('calls a change fixed, broken or still wrong, of test examples that both predicted', () => {
    const of = (hypotheses: readonly string[], more: Partial<PredictionLine> = {}) =>
      hypotheses.map((text, index) =>
        line({ index, references: [words('x y'), words('z')], hypothesis: words(text), ...more }),
      )
    const before = loaded({}, [...of(['q', 'x y', 'q', 'q', 'x y', 'x']), line({ index: 9, hypothesis: ['q'] })])
    const after = loaded({}, [...of(['z', 'x', 'r', 'q', 'z', 'x y']), line({ split: 'dev', index: 9 })])
    expect(
      sampleChanges(before, after)?.map(({ before: was, after: is, kind }) => [was.join(' '), is.join(' '), kind]),
    ).toEqual([
      ['q', 'z', 'fixed'],
      ['x y', 'x', 'broken'],
      ['q', 'r', 'still wrong'],
      // Both are right, and not alike.
      ['x y', 'z', 'fixed'],
      ['x', 'x y', 'fixed'],
    ])
    expect(sampleChanges(before, after)?.[0]).toMatchObject({ source: ['a'], reference: ['x', 'y'] })
    const numbers = of(['q'], { values: { reference: [1], predicted: [2] } })
    expect(sampleChanges(loaded({}, numbers), after)).toEqual([])
    const [one, other] = [
      ['q', 'x q'],
      ['z', 'x r'],
    ].map((texts) => loaded({}, of(texts, { references: [words('z')] })))
    expect(one && other && sampleChanges(one, other)?.map(({ kind }) => kind)).toEqual(['fixed', 'still wrong'])
    const bare = of(['q'], { references: [] })
    expect(sampleChanges(loaded({}, bare), loaded({}, of(['r'], { references: [] })))).toEqual([
      { source: ['a'], reference: [], before: ['q'], after: ['r'], kind: 'still wrong' },
    ])
    expect(sampleChanges(before, loaded({ digests: { training: '', test: 'other' } }))).toBeUndefined()
  })
})

describe('paretoFront', () => {
  const point = (name: string, cost: number, value: number) => ({ name, cost, value })
  const names = (points: readonly ReturnType<typeof point>[], better: 'lower' | 'higher') =>
    paretoFront(points, better).map(({ name }) => name)

  it('has, from the cheapest on, every point that is better than all cheaper ones', () => {
    const points = [point('c', 3, 0.2), point('a', 1, 0.5), point('b', 2, 0.5), point('d', 4, 0.3), point('e', 5, 0.1)]
    expect(names(points, 'lower')).toEqual(['a', 'c', 'e'])
    expect(names(points, 'higher')).toEqual(['a'])
    expect(names([point('a', 1, 0.5), point('b', 2, 0.6)], 'higher')).toEqual(['a', 'b'])
  })

  it('takes the better one of equally costly points, and one of equal ones', () => {
    const equal = [point('worse', 1, 0.5), point('better', 1, 0.4), point('same', 1, 0.4)]
    expect(names(equal, 'lower')).toEqual(['better'])
    expect(names(equal, 'higher')).toEqual(['worse'])
    expect(names([], 'lower')).toEqual([])
  })
})

describe('names and units of metrics', () => {
  it('are in capitals where they are short', () => {
    expect(['per', 'bleu', 'f1', 'accuracy', 'chrf', 'chrfx', 'm'].map(metricTitle)).toEqual([
      ...['PER', 'BLEU', 'f1', 'accuracy', 'CHRF', 'chrfx', 'm'],
    ])
  })

  it('come with the value under the options of the spec; without those there is none', () => {
    const per = metricLookup([{ type: 'per' }])('per')
    expect(per).toMatchObject({ name: 'per', better: 'lower', unit: 'percent' })
    expect(per?.value([3, 12])).toBe(0.25)
    const unknown = metricLookup([{ type: 'wer' }])('per')
    expect(unknown?.value([3, 12])).toEqual({ value: null, reason: 'the options of the metric are not known' })
    expect(metricLookup([])('no-such-metric')).toBeUndefined()
  })
})

describe('joinersOf', () => {
  it("has the tokenizers' joiners, else a space", () => {
    const data = (sourceTokens: unknown, targetTokens: unknown) =>
      ({ data: { sourceTokens, targetTokens } }) as typeof madeUpSpec
    expect(joinersOf(data({ type: 'characters' }, { type: 'whitespace' }))).toEqual({ source: '', target: ' ' })
    expect(joinersOf(data(undefined, { type: 'no-such-tokenizer' }))).toEqual({ source: ' ', target: ' ' })
  })
})

it('thisMachine has processor, cores, memory and system', () => {
  expect(thisMachine()).toMatch(/^\S.* × [1-9]\d*, \d+ GiB, [a-z0-9]+$/)
  expect(thisMachine().startsWith(`${cpus()[0]?.model.trim()} × ${cpus().length}, `)).toBe(true)
  // Rounded: at most half a GiB off.
  const gibibytes = Number(/(\d+) GiB/.exec(thisMachine())?.[1])
  expect(Math.abs(gibibytes * 1024 * 1024 * 1024 - totalmem())).toBeLessThanOrEqual(512 * 1024 * 1024)
})

describe('thinnedCurve', () => {
  it('has of every window the lowest and the highest, and the ends', () => {
    // Limit 8: windows of ceil(12 / (8 / 2 - 1)) = 4.
    const points = [5, 1, 9, 5, 5, 5, 5, 2, 7, 5, 5, 5].map((y, x): CurvePoint => [x, y])
    expect(thinnedCurve(points, 8)).toEqual({ points: [0, 1, 2, 4, 7, 8, 9, 11].map((at) => points[at]), window: 4 })
    expect(thinnedCurve(points, 12).window).toBe(1)
    expect(thinnedCurve(points, 11).window).toBe(3)
    // Limit 5: one window of 12, of an odd limit the half below; two windows and the ends may be six points.
    expect(thinnedCurve(points, 5)).toEqual({ points: [0, 1, 2, 11].map((at) => points[at]), window: 12 })
    // Never fewer than one window.
    expect(thinnedCurve(points, 2)).toEqual({ points: [0, 1, 2, 11].map((at) => points[at]), window: 12 })
  })

  it('gives a list of its own where all are kept', () => {
    const points: CurvePoint[] = [[1, 1]]
    expect(thinnedCurve(points, 2).points).not.toBe(points)
  })
})

describe('lengthBins', () => {
  const repeated = (...sizes: readonly (readonly [length: number, size: number])[]) =>
    sizes.flatMap(([length, size]) => Array<number>(size).fill(length))
  const names = (lengths: readonly number[]) => lengthBins(lengths).map(binName)

  it('are of equal sizes, at most eight, and never part equal lengths', () => {
    expect(names(Array.from({ length: 320 }, (_, at) => 320 - at))).toEqual([
      ...['1–40', '41–80', '81–120', '121–160', '161–200', '201–240', '241–280', '281–320'],
    ])
    // An eighth of 161 is 20.1: bins of 21, the last with the 14 that are left over.
    expect(names(Array.from({ length: 161 }, (_, at) => at + 1))).toEqual([
      ...['1–21', '22–42', '43–63', '64–84', '85–105', '106–126', '127–161'],
    ])
    expect(names(repeated([3, 25], [1, 19], [2, 1]))).toEqual(['1–2', '3'])
    expect(names(repeated([1, 30], [2, 30], [10, 30]))).toEqual(['1', '2', '10'])
    expect(names(repeated([1, 19], [2, 30], [3, 20]))).toEqual(['1–2', '3'])
  })

  it('have at least twenty examples, but for the only one', () => {
    expect(names(repeated([1, 20], [2, 19]))).toEqual(['1–2'])
    expect(names(repeated([1, 20], [2, 20]))).toEqual(['1', '2'])
    expect(names(repeated([1, 20], [2, 20], [3, 19]))).toEqual(['1', '2–3'])
    expect(names(repeated([7, 3]))).toEqual(['7'])
    expect(names([])).toEqual([])
  })

  it('have the value of a metric over their examples, and none without examples', () => {
    const per = madeUpMetrics('per')
    if (per === undefined) throw new Error('per is known')
    const of = (length: number, wrong: number) =>
      line({ source: Array<string>(length).fill('a'), statistics: { per: [wrong, 10] } })
    const bins = [
      { shortest: 1, longest: 2 },
      { shortest: 3, longest: 4 },
      { shortest: 9, longest: 9 },
    ]
    const lines = [of(1, 1), of(2, 2), of(3, 4), of(4, 8), of(5, 9), { ...of(3, 9), statistics: {} }]
    const values = byLength(lines, bins, per, 1)
    // (1 + 2) / 20, (4 + 8) / 20.
    expect(values.map((one) => [one?.result, one?.examples])).toEqual([
      [expect.objectContaining({ value: 0.15 }), 2],
      [expect.objectContaining({ value: 0.6 }), 2],
      [undefined, undefined],
    ])
    // The two examples are 0.1 and 0.2: with 500 resamples both ends are drawn.
    expect(values[0]?.result).toMatchObject({ interval: { low: 0.1, high: 0.2 } })
  })
})

it('parametersByPart sums the sizes by the first step of their paths', () => {
  const shapes = { 'encoder/kernel': [3, 4], 'head/kernel': [4, 5], 'encoder/bias': [4], scale: [] }
  expect([...parametersByPart(shapes)]).toEqual([
    ['encoder', 16],
    ['head', 20],
    ['scale', 1],
  ])
})

describe('worstFirst', () => {
  const of = (index: number, reference: string, hypothesis: string, score = 0) =>
    line({ index, references: [words(reference)], hypothesis: words(hypothesis), score })
  const order = (...lines: readonly PredictionLine[]) => worstFirst(lines, 'sequence').map(({ index }) => index)

  it('has the most errors for the length first; examples without errors are left out', () => {
    // 1 of 4, 2 of 4, 0 of 1, 1 of 1.
    expect(order(of(0, 'a b c d', 'a b c x'), of(1, 'a b c d', 'a b x x'), of(2, 'a', 'a'), of(3, 'a', 'x'))).toEqual([
      ...[3, 1, 0],
    ])
  })

  it('has more errors, then the higher score, then the smaller index first among equals', () => {
    expect(order(of(0, 'a b', 'a x'), of(1, 'a b c d', 'a b x x'))).toEqual([1, 0])
    expect(order(of(0, 'a', 'x', -3), of(1, 'a', 'x', -1))).toEqual([1, 0])
    expect(order(of(0, 'a', 'x', -1), of(1, 'a', 'x', -3))).toEqual([0, 1])
    expect(order(of(5, 'a', 'x'), of(4, 'a', 'x'))).toEqual([4, 5])
  })

  it('takes a reference without tokens as one token long', () => {
    // One insertion over nothing is 1 / 1; two of three are less.
    expect(order(of(0, 'a b c', 'x x c'), of(1, '', 'x'))).toEqual([1, 0])
    // An inserted token makes no reference longer: 1 of 1 is more than 1 of 2.
    expect(order(of(0, 'a b', 'a x'), of(1, 'a', 'a x'))).toEqual([1, 0])
  })
})
