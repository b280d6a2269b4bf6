import { describe, expect, test } from 'vitest'
import { undefinedBecause } from '../../../../src/core/measured.js'
import { formingOf, frameOf, howShown } from '../../../../src/report/analysis/samples/frames.js'
import type { SampledExample, SamplesLine } from '../../../../src/train/types.js'

const outputs = [{ hypothesis: ['x'], score: -0.5 }]
const validation = (step: number, more: Partial<Extract<SamplesLine, { kind: 'validation' }>> = {}): SamplesLine => ({
  ...{ kind: 'validation', step, loss: 1.23456, metrics: { per: 0.125, bleu: 31.25 }, best: true, outputs },
  ...more,
})
const average: SamplesLine = {
  ...{ kind: 'average', step: 30, validations: 4, loss: 0.5, metrics: { per: 0.1 }, best: false, outputs },
}
const selecting = (type: string) => ({ train: { validate: { select: [{ type }] } } })
const examples: readonly SampledExample[] = [{ index: 3, source: ['a'], references: [['x']] }]

describe('a validation in a page', () => {
  test('names the metric that selects, in its unit', () => {
    expect(frameOf(validation(10), 'bleu')).toEqual({ step: 10, dev: 'BLEU 31.3', best: true, outputs })
    expect(frameOf(validation(10, { best: false }), 'per')).toEqual({
      ...{ step: 10, dev: 'PER 12.5 %', best: false, outputs },
    })
  })

  test('names the first metric where the loss selects', () => {
    expect(frameOf(validation(10), undefined).dev).toBe('PER 12.5 %')
  })

  test('has the loss where it lacks the metric, or has none at all', () => {
    expect(frameOf(validation(10), 'wer').dev).toBe('loss 1.235')
    expect(frameOf(validation(10, { metrics: {} }), undefined).dev).toBe('loss 1.235')
  })

  test('says that a value is undefined, and shows one of a metric of another version as a number', () => {
    const metrics = { per: undefinedBecause('no token'), novel: 0.125 }
    expect(frameOf(validation(10, { metrics }), 'per').dev).toBe('PER undefined')
    expect(frameOf(validation(10, { metrics }), 'novel').dev).toBe('novel 0.125')
  })

  test('of a mean of parameters says of how many validations', () => {
    expect(frameOf(average, 'per')).toEqual({ step: 30, mean: 4, dev: 'PER 10.0 %', best: false, outputs })
    expect('mean' in frameOf(validation(10), 'per')).toBe(false)
  })
})

describe('how outputs form', () => {
  test('is not shown where nothing was recorded', () => {
    expect(formingOf(selecting('per'), { examples, validations: [] })).toBeUndefined()
  })

  test('has every validation in order, under the metric that selects', () => {
    const settings = { task: { type: 'tag' }, ...selecting('bleu') }
    expect(formingOf(settings, { examples, validations: [validation(10), validation(20)] })).toEqual({
      ...{ kind: 'labels', joiners: { source: ' ', target: ' ' }, featuresFirst: false, examples, recorded: 2 },
      frames: [10, 20].map((step) => ({ step, dev: 'BLEU 31.3', best: true, outputs })),
    })
  })

  test('has as many validations as 300,000 characters take, and says how many were recorded', () => {
    // Two frames of 150,000 characters: {"step":10,"dev":"PER 12.5 %","best":true,"outputs":[{"hypothesis":["xxx"],"score":-1}]}
    const about = '{"step":10,"dev":"PER 12.5 %","best":true,"outputs":[{"hypothesis":[""],"score":-1}]}'.length
    const long = (step: number, characters: number) =>
      validation(step, { outputs: [{ hypothesis: ['x'.repeat(characters - about)], score: -1 }] })
    const shown = (last: number) => {
      const forming = formingOf(undefined, { examples, validations: [long(10, 150_000), long(20, last)] })
      return [forming?.frames.map(({ step }) => step), forming?.recorded]
    }
    expect(shown(150_000)).toEqual([[10, 20], 2])
    expect(shown(150_001)).toEqual([[20], 2])
  })
})

describe('how samples are shown', () => {
  test('follows the task, the tokenizers and where features are read', () => {
    expect(
      howShown({
        task: { type: 'transduce' },
        data: { sourceTokens: { type: 'characters' }, targetTokens: { type: 'whitespace' } },
        model: { features: { join: { type: 'source' } } },
      }),
    ).toEqual({ kind: 'sequence', joiners: { source: '', target: ' ' }, featuresFirst: true })
    expect(howShown({ task: { type: 'forecast' } }).kind).toBe('numbers')
  })

  test('without settings is that of sequences of words', () => {
    expect(howShown(undefined)).toEqual({
      ...{ kind: 'sequence', joiners: { source: ' ', target: ' ' }, featuresFirst: false },
    })
  })
})
