import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import {
  endlessFindings,
  healthOf,
  limitOf,
  type TrainedTrial,
  worstLevel,
} from '../../../src/report/analysis/trial/health.js'
import type { MetricsLine } from '../../../src/train/types.js'
import { madeUpMetrics, madeUpSpec, madeUpTrial } from '../made-up.js'

const { record } = madeUpTrial({ examples: 2, steps: 10 })
type Loss = number | ReturnType<typeof undefinedBecause>
const train = (step: number, loss: Loss, gradientNorm = 0): MetricsLine => ({
  ...{ kind: 'train', step, epoch: 0, loss, gradientNorm, learningRate: 0.1 },
})
const validation = (step: number, loss: Loss = 1): MetricsLine => ({
  ...{ kind: 'validation', step, loss, metrics: {}, best: false },
})
type Change = Partial<TrainedTrial['record']>
const findings = (kind: string, lines: readonly MetricsLine[], change: Change = {}) =>
  healthOf({ record: { ...record, ...change }, lines, predictions: [], metrics: madeUpMetrics })
    .filter((finding) => finding.kind === kind)
    .map(({ level, text }) => `${level}: ${text}`)
const vocabulary = (size: number) => ({ sizes: { source: { vocabulary: 9 }, target: { vocabulary: size } } })
const specWith = (more: object) => ({ spec: { ...madeUpSpec, ...more } as typeof madeUpSpec })

describe('a loss', () => {
  // Of two symbols a uniform guess costs log 2 = 0.693.
  const of = (...losses: readonly Loss[]) =>
    findings(
      'loss',
      losses.map((loss, at) => train(at, loss)),
      vocabulary(2),
    )
  const below = (loss: string) =>
    `good: training loss at the end ${loss} nats per token, below a uniform guess among 2 symbols (0.693)`
  const above = (loss: string) =>
    `bad: training loss at the end ${loss} nats per token, above a uniform guess among 2 symbols (0.693)`

  it('is the median of the last ten recorded values that are numbers', () => {
    expect(of(0.5, 0.6, 0.7)).toEqual([below('0.6')])
    // 1 to 10 after a smaller one: the median is 5.5.
    expect(of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).toEqual([above('5.5')])
    expect(of(0.5, undefinedBecause('none'))).toEqual([below('0.5')])
    expect(of(undefinedBecause('none'))).toEqual([])
    expect(of(9, 10, 0.1)).toEqual([above('9')])
  })

  it('is bad above a guess, not at it', () => {
    expect(of(Math.log(2))).toEqual([below('0.693')])
    expect(of(0.6932)).toEqual([above('0.693')])
  })

  it('of the validation is the one at the best step', () => {
    const lines = [validation(1, 0.9), validation(2, 0.4), validation(3, 0.8)]
    expect(findings('loss', lines, { bestStep: 2, ...vocabulary(2) })).toEqual([
      'good: validation loss at the best step 0.4 nats per token, below a uniform guess among 2 symbols (0.693)',
    ])
    expect(findings('loss', lines, { bestStep: 4, ...vocabulary(2) })).toEqual([])
  })

  it('is compared with nothing where a guess is not known', () => {
    expect(findings('loss', [train(1, 9)], vocabulary(1))).toEqual([])
    expect(findings('loss', [train(1, 9)], { sizes: { source: { width: 1 }, target: { width: 1 } } })).toEqual([])
    const { sizes: _, ...without } = record
    const found = healthOf({ record: without, lines: [train(1, 9)], predictions: [], metrics: madeUpMetrics })
    expect(found.map(({ kind }) => kind)).toEqual(['clipping'])
  })

  it('is of labels where outputs are labels, and of forecasts compared with 1, in training alone', () => {
    const task = (type: string) => specWith({ task: { type, ...(type === 'forecast' ? { loss: 'squared' } : {}) } })
    for (const type of ['tag', 'classify'])
      expect(findings('loss', [train(1, 0.5)], { ...task(type), ...vocabulary(2) })[0]).toContain('among 2 labels')
    expect(findings('loss', [train(1, 0.5)], { ...task('generate'), ...vocabulary(2) })[0]).toContain('among 2 symbols')
    const forecast = { ...task('forecast'), sizes: { source: { width: 1 }, target: { width: 1 } }, bestStep: 1 }
    expect(findings('loss', [train(1, 1.5), validation(1, 9)], forecast)).toEqual([
      'bad: training loss at the end 1.5 squared error per scaled value, above always forecasting the training mean (at most 1)',
    ])
    expect(findings('loss', [train(1, 1)], forecast)[0]).toMatch(/^good: /)
  })
})

describe('losses that are undefined', () => {
  it('are worth a look, and bad where all are', () => {
    const none = undefinedBecause('none')
    expect(findings('undefined-loss', [train(1, none), train(2, 1), validation(1, none)])).toEqual([
      'notice: training loss undefined at 1 of 2 points',
      'bad: validation loss undefined at 1 of 1 point',
    ])
    expect(findings('undefined-loss', [train(1, 1), validation(1, 1)])).toEqual([])
  })
})

describe('clipping', () => {
  const of = (norms: readonly number[], change: Change = {}) =>
    findings(
      'clipping',
      norms.map((norm, at) => train(at + 1, 1, norm)),
      { stepsDone: norms.length, ...change },
    )

  it('counts gradients above the limit, and is worth a look where they are more than half', () => {
    expect(of([2, 2, 1, 0])).toEqual(['good: gradients above clipNorm 1 in 50 % of 4 steps'])
    expect(of([2, 2, 2, 1])).toEqual(['notice: gradients above clipNorm 1 in 75 % of 4 steps'])
    expect(of([2, 0, 0], { stepsDone: 4 })).toEqual(['good: gradients above clipNorm 1 in 33 % of 3 recorded steps'])
    expect(of([2])).toEqual(['notice: gradients above clipNorm 1 in 100 % of 1 step'])
    const eleven = Array.from({ length: 20 }, (_, at) => (at < 11 ? 2 : 1))
    expect(of(eleven)).toEqual(['notice: gradients above clipNorm 1 in 55 % of 20 steps'])
    expect(of([])).toEqual([])
  })
})

describe('a plateau', () => {
  const at = (steps: readonly number[], bestStep: number, stepsDone: number, change: Change = {}) =>
    findings(
      'plateau',
      steps.map((step) => validation(step)),
      { bestStep, stepsDone, ...change },
    )

  it('is three validations and half of the training without improvement', () => {
    expect(at([1, 2, 3, 4], 1, 4)).toEqual(['notice: best on dev at step 1 of 4, no better in 3 validations since'])
    expect(at([2, 3, 4], 2, 4)).toEqual(['good: best on dev at step 2 of 4, no better in 2 validations since'])
    expect(at([3, 4, 5, 6], 3, 6)).toEqual(['notice: best on dev at step 3 of 6, no better in 3 validations since'])
    expect(at([4, 5, 6, 7], 4, 7)).toEqual(['good: best on dev at step 4 of 7, no better in 3 validations since'])
    expect(at([3], 3, 3)).toEqual(['good: best on dev at step 3 of 3'])
    expect(at([], 3, 3)).toEqual([])
    expect(at([1, 2], 0, 3)).toEqual([])
  })

  it('is none where nothing was left to improve', () => {
    const long = (value: number, metric = 'per', spec: object = {}) =>
      at([1, 2, 3, 4], 1, 4, {
        ...specWith({ metrics: [{ type: metric }], ...spec }),
        metrics: { dev: { [metric]: { value, interval: undefinedBecause('made up') } } },
      })[0]?.split(':')[0]
    expect(long(0)).toBe('good')
    expect(long(0.1)).toBe('notice')
    expect(long(0, 'no-such-metric')).toBe('notice')
    expect(at([1, 2, 3, 4], 1, 4, specWith({ metrics: [] }))[0]).toMatch(/^notice/)
    expect(at([1, 2, 3, 4], 1, 4, { metrics: { dev: { per: undefinedBecause('none') } } })[0]).toMatch(/^notice/)
    expect(at([1, 2, 3, 4], 1, 4, { metrics: {} })[0]).toMatch(/^notice/)
  })

  it('knows where higher is better', () => {
    const accuracy = { ...specWith({ metrics: [{ type: 'accuracy' }] }), bestStep: 1, stepsDone: 4 }
    const levelAt = (value: number) =>
      healthOf({
        record: {
          ...record,
          ...accuracy,
          metrics: { dev: { accuracy: { value, interval: undefinedBecause('made up') } } },
        },
        lines: [1, 2, 3, 4].map((step) => validation(step)),
        predictions: [],
        metrics: (name) => {
          const per = madeUpMetrics('per')
          return per && { ...per, name, range: [0, 1], better: 'higher' }
        },
      }).map(({ level }) => level)
    expect(levelAt(1)).toEqual(['good', 'good'])
    expect(levelAt(0)).toEqual(['good', 'notice'])
  })
})

describe('outputs without an end', () => {
  const counts = (endless: number, outputs: number, split: 'test' | 'dev' = 'test') =>
    endlessFindings({ split, outputs, endless }, 7).map(({ level, text }) => `${level}: ${text}`)

  it('are bad from 5 % on', () => {
    expect(counts(0, 40)).toEqual(['good: none of 40 test outputs without an end after 7 symbols'])
    expect(counts(1, 21)).toEqual(['notice: 1 of 21 test outputs without an end after 7 symbols'])
    expect(counts(1, 20)).toEqual(['bad: 1 of 20 test outputs without an end after 7 symbols'])
    expect(counts(1, 1, 'dev')).toEqual(['bad: 1 of 1 dev output without an end after 7 symbols'])
    expect(counts(0, 0)).toEqual([])
  })

  it('are only of searches whose outputs have an end of their own', () => {
    expect(limitOf({ ...record, outputLimit: 7 })).toBe(7)
    expect(limitOf(record)).toBeUndefined()
    expect(limitOf({ ...record, outputLimit: 7, ...specWith({ task: { type: 'tag' } }) })).toBeUndefined()
  })

  it('are of dev where there is no test split', () => {
    const { predictions } = madeUpTrial({ examples: 4, steps: 10 })
    const of = (split: 'dev' | 'test') =>
      healthOf({
        record: { ...record, outputLimit: 1 },
        lines: [],
        predictions: predictions.filter((one) => one.split === split || split === 'test'),
        metrics: madeUpMetrics,
      }).map(({ text }) => text)
    expect(of('dev')).toEqual(['2 of 2 dev outputs without an end after 1 symbol'])
    expect(of('test')).toEqual(['4 of 4 test outputs without an end after 1 symbol'])
  })
})

it('the worst level is that of the worst finding', () => {
  const of = (...levels: readonly ('good' | 'notice' | 'bad')[]) =>
    worstLevel(levels.map((level) => ({ kind: 'loss', level, text: '' })))
  expect([of('good'), of('good', 'notice'), of('bad', 'notice', 'good'), of()]).toEqual([
    'good',
    'notice',
    'bad',
    'good',
  ])
})
