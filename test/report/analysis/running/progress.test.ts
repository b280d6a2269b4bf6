import { describe, expect, it } from 'vitest'
import { emptyHistory } from '../../../../src/report/analysis/running/history.js'
import { stepsInAll, trainingLeftMs } from '../../../../src/report/analysis/running/progress.js'
import {
  readsFeaturesFirst,
  selectedBy,
  taskOf,
  tokensOf,
  trainingLength,
} from '../../../../src/report/analysis/running/settings.js'

describe('how long a training is', () => {
  const having = (epochs: number, epochStep: number) => ({ ...emptyHistory(), epochs, epochStep })

  it('is what the spec says in steps; of epochs it is known after the first', () => {
    expect(stepsInAll({ steps: 500 }, having(2, 90))).toBe(500)
    expect(stepsInAll({ epochs: 10 }, having(0, 0))).toBeUndefined()
    expect(stepsInAll({}, having(2, 90))).toBeUndefined()
    // 91 steps for 2 epochs: 45.5 each, 455 for ten; 136.5 for three, which is rounded.
    expect(stepsInAll({ epochs: 10 }, having(2, 91))).toBe(455)
    expect(stepsInAll({ epochs: 3 }, having(2, 91))).toBe(137)
    // Longer than planned, since its spec was changed.
    expect(stepsInAll({ epochs: 1 }, having(2, 90))).toBe(90)
  })

  it('goes on at the pace since its attempt began', () => {
    // 200 steps in 4 s: the 300 that are left take 6.
    expect(trainingLeftMs(1000, { step: 500, ms: 10_000 }, { step: 700, ms: 14_000 })).toBe(6000)
    expect(trainingLeftMs(600, { step: 500, ms: 10_000 }, { step: 700, ms: 14_000 })).toBe(0)
    expect(trainingLeftMs(1000, { step: 500, ms: 10_000 }, { step: 500, ms: 14_000 })).toBeUndefined()
    expect(trainingLeftMs(undefined, { step: 0, ms: 0 }, { step: 5, ms: 10 })).toBeUndefined()
    expect(trainingLeftMs(8, { step: 0, ms: 0 }, { step: 1, ms: 10 })).toBe(70)
  })
})

describe('what is read of settings', () => {
  it('whatever they are: nothing, where they are none', () => {
    for (const settings of [undefined, {}, { train: 3, data: 'x', model: null, task: 'tag' }]) {
      expect(trainingLength(settings)).toEqual({})
      expect(selectedBy(settings)).toBeUndefined()
      expect(taskOf(settings)).toBeUndefined()
      expect(tokensOf(settings)).toEqual({ data: {} })
      expect(readsFeaturesFirst(settings)).toBe(false)
    }
  })

  it('its length, in steps or epochs', () => {
    expect(trainingLength({ train: { steps: 40, epochs: '2' } })).toEqual({ steps: 40 })
    expect(trainingLength({ train: { epochs: 2 } })).toEqual({ epochs: 2 })
  })

  it('the first metric that selects', () => {
    const selecting = (select: unknown) => selectedBy({ train: { validate: { select } } })
    expect(selecting([{ type: 'per' }, { type: 'wer' }])).toBe('per')
    expect(selecting({ type: 'wer' })).toBe('wer')
    expect(selecting(['loss'])).toBeUndefined()
    expect(selecting([{ type: 3 }])).toBeUndefined()
    expect(selectedBy({ train: { validate: 'per' } })).toBeUndefined()
  })

  it('its task, tokens and features', () => {
    expect(taskOf({ task: { type: 'forecast', horizon: 3 } })).toEqual({ type: 'forecast', horizon: 3 })
    expect(taskOf({ task: { type: 3 } })).toBeUndefined()
    const words = { type: 'words', lowercase: true }
    expect(tokensOf({ data: { sourceTokens: words, targetTokens: {} } })).toEqual({ data: { sourceTokens: words } })
    expect(tokensOf({ data: { targetTokens: words } })).toEqual({ data: { targetTokens: words } })
    expect(readsFeaturesFirst({ model: { features: { join: { type: 'source' } } } })).toBe(true)
    expect(readsFeaturesFirst({ model: { features: { join: { type: 'context' } } } })).toBe(false)
    expect(readsFeaturesFirst({ model: { features: { join: 'source' } } })).toBe(false)
  })
})
