import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { healthOf, type TrainedTrial, worstLevel } from '../../../src/report/analysis/trial/health.js'
import type { MetricsLine, PredictionLine } from '../../../src/train/types.js'
import { madeUpMetrics, madeUpSpec, madeUpTrial } from '../made-up.js'

const trial = { ...madeUpTrial({ examples: 40, steps: 2000 }), metrics: madeUpMetrics }
const findings = (more: Partial<TrainedTrial>, kind: string) =>
  healthOf({ ...trial, ...more }).filter((finding) => finding.kind === kind)
const withRecord = (more: Partial<TrainedTrial['record']>) => ({ record: { ...trial.record, ...more } })
const mapTrain = (change: (line: Extract<MetricsLine, { kind: 'train' }>) => object) =>
  trial.lines.map((line) => (line.kind === 'train' ? { ...line, ...change(line) } : line))

describe('healthOf', () => {
  it('compares losses with a uniform guess among the target symbols: log V', () => {
    // V is 43: log 43 = 3.7612.
    const diverged = { lines: mapTrain(({ step }) => ({ loss: step > 1000 ? 3.8 : 1 })) }
    const [training, validation] = findings(diverged, 'loss')
    expect(training).toEqual({
      kind: 'loss',
      level: 'bad',
      text: 'training loss at the end 3.8 nats per token, above a uniform guess among 43 symbols (3.76)',
    })
    expect(validation?.level).toBe('good')
    expect(findings({ lines: mapTrain(() => ({ loss: 3.7 })) }, 'loss')[0]?.level).toBe('good')
    const high = trial.lines.map((line) => (line.kind === 'validation' ? { ...line, loss: 4 } : line))
    expect(findings({ lines: high }, 'loss')[1]).toMatchObject({ level: 'bad' })
  })

  it('takes one wild point for no divergence', () => {
    const lines = mapTrain(({ step }) => ({ loss: step === 2000 ? 50 : 1 }))
    expect(findings({ lines }, 'loss')[0]?.level).toBe('good')
  })

  it('names labels where V are labels, and the mean where outputs are numbers', () => {
    const task = (type: 'tag' | 'forecast') =>
      type === 'tag' ? ({ type } as const) : ({ type, loss: 'squared' } as const)
    const tag = findings(withRecord({ spec: { ...madeUpSpec, task: task('tag') } }), 'loss')
    expect(tag[0]?.text).toContain('uniform guess among 43 labels')
    const numbers = { sizes: { source: { width: 1 }, target: { width: 1 } } }
    const forecast = findings(withRecord({ ...numbers, spec: { ...madeUpSpec, task: task('forecast') } }), 'loss')
    expect(forecast).toHaveLength(1)
    expect(forecast[0]?.text).toContain(
      'squared error per scaled value, below always forecasting the training mean (at most 1)',
    )
    expect(forecast[0]?.text).not.toMatch(/nats|guess/)
  })

  it('counts clipped steps, where steps are clipped', () => {
    const lines = mapTrain(({ step }) => ({ gradientNorm: step <= 500 ? 0.5 : 1.5 }))
    expect(findings({ lines }, 'clipping')).toEqual([
      { kind: 'clipping', level: 'notice', text: 'gradients above clipNorm 1 in 75 % of 200 recorded steps' },
    ])
    const { clipNorm: _, ...train } = madeUpSpec.train
    expect(findings(withRecord({ spec: { ...madeUpSpec, train } }), 'clipping')).toEqual([])
  })

  it('says how long nothing improved', () => {
    const validations = [500, 1000, 1500, 2000].map((step): MetricsLine => {
      return { kind: 'validation', step, loss: 1, metrics: { per: 0.1 }, best: step === 500 }
    })
    const plateau = (bestStep: number) => findings({ ...withRecord({ bestStep }), lines: validations }, 'plateau')
    expect(plateau(500)).toEqual([
      { kind: 'plateau', level: 'notice', text: 'best on dev at step 500 of 2,000, no better in 3 validations since' },
    ])
    expect(plateau(1500)[0]).toMatchObject({ level: 'good' })
    expect(plateau(1500)[0]?.text).toBe('best on dev at step 1,500 of 2,000, no better in 1 validation since')
    expect(plateau(2000)[0]?.text).toBe('best on dev at step 2,000 of 2,000')
    const perfect = { dev: { per: { value: 0, interval: undefinedBecause('made up') } } }
    const done = { ...withRecord({ bestStep: 500, metrics: perfect }), lines: validations }
    expect(findings(done, 'plateau')[0]?.level).toBe('good')
  })

  it('counts outputs that reached the limit without an end', () => {
    const test = trial.predictions.filter(({ split }) => split === 'test')
    const endless = (number: number) => {
      const lines = test.map((line, at): PredictionLine => {
        return at < number ? { ...line, hypothesis: Array<string>(40).fill('AH') } : line
      })
      return findings({ ...withRecord({ outputLimit: 40 }), predictions: lines }, 'endless')
    }
    expect(endless(0)[0]).toMatchObject({
      level: 'good',
      text: 'none of 40 test outputs without an end after 40 symbols',
    })
    expect(endless(1)[0]).toMatchObject({
      level: 'notice',
      text: '1 of 40 test outputs without an end after 40 symbols',
    })
    expect(endless(2)[0]).toMatchObject({ level: 'bad' })
    expect(findings({}, 'endless')).toEqual([])
    const [only] = test
    const dev = trial.predictions.filter(({ split }) => split === 'dev')
    const one = { ...withRecord({ outputLimit: 40 }), predictions: [...dev, ...(only === undefined ? [] : [only])] }
    expect(findings(one, 'endless')[0]?.text).toBe('none of 1 test output without an end after 40 symbols')
  })

  it('counts points without a loss', () => {
    const lines = mapTrain(({ step }) => (step <= 30 ? { loss: undefinedBecause('no token was scored') } : {}))
    expect(findings({ lines }, 'undefined-loss')).toEqual([
      { kind: 'undefined-loss', level: 'notice', text: 'training loss undefined at 3 of 200 points' },
    ])
  })

  it('finds nothing in a trial that never trained', () => {
    expect(healthOf({ ...trial, lines: [], predictions: [] })).toEqual([])
    expect(worstLevel([])).toBe('good')
  })
})
