// Lines of samples.jsonl, symbol by symbol.
import { describe, expect, test } from 'vitest'
import type { Sampled } from '../../../src/task/evaluate.js'
import { chooseSamples } from '../../../src/train/samples/choose.js'
import { addedSamples } from '../../../src/train/samples/text.js'
import type { SampledValidation } from '../../../src/train/types.js'

describe('the examples', () => {
  test('are eight of dev, by the seed alone', () => {
    expect(chooseSamples(1, 1000)).toEqual(chooseSamples(1, 1000))
    expect(chooseSamples(1, 1000)).not.toEqual(chooseSamples(2, 1000))
    const chosen = chooseSamples(7, 1000)
    expect(new Set(chosen).size).toBe(8)
    expect(chosen).toEqual(chosen.toSorted((a, b) => a - b))
    expect(chosen.every((index) => index >= 0 && index < 1000)).toBe(true)
  })

  test('are all of it where it has fewer', () => {
    expect(chooseSamples(1, 3)).toEqual([0, 1, 2])
    expect(chooseSamples(1, 0)).toEqual([])
  })
})

const sampled: Sampled = {
  example: {
    ...{ index: 4, source: ['a', 'b'], references: [['b', 'a']], hypothesis: ['b'], score: -1.234567, statistics: {} },
    trueAlignment: { sure: [[0, 1]], possible: [] },
  },
  prediction: {
    ...{ ids: [5], score: -1.234567, crossEntropyNats: 1, crossEntropyTokens: 1 },
    alignment: [
      [0.004, 0.996],
      [0.5, 0.5],
    ],
  },
}
const line = { kind: 'validation', step: 10, loss: 0.5, metrics: { ser: 0.25 }, best: true } as const

function validation(number: number, planned: number, more: Partial<SampledValidation> = {}): SampledValidation {
  return { line: { ...line, step: number }, samples: [sampled], number, planned, isLast: number === planned, ...more }
}

const empty = { bytes: 0, lastLine: 0 }

describe('a validation', () => {
  test('adds a line with rounded numbers and whole percents, after a line with the examples', () => {
    const [first = '', second = '', end] = addedSamples(empty, validation(10, 10)).split('\n')
    expect(end).toBe('')
    expect(JSON.parse(first)).toEqual({
      kind: 'examples',
      schemaVersion: 1,
      examples: [
        {
          ...{ index: 4, source: ['a', 'b'], references: [['b', 'a']] },
          trueAlignment: { sure: [[0, 1]], possible: [] },
        },
      ],
    })
    expect(JSON.parse(second)).toEqual({
      ...line,
      outputs: [
        {
          hypothesis: ['b'],
          score: -1.2346,
          alignmentPercent: [
            [0, 100],
            [50, 50],
          ],
        },
      ],
    })
    expect(addedSamples({ bytes: 900, lastLine: 100 }, validation(10, 10))).toBe(`${second}\n`)
  })

  test('has scores of labels and of symbols, and forecasts, where the task has them', () => {
    const { example, prediction } = sampled
    const { alignment: _, ...withoutAlignment } = prediction
    const outputs = (one: Sampled) =>
      JSON.parse(addedSamples({ bytes: 9, lastLine: 9 }, validation(1, 1, { samples: [one] })).split('\n')[0] ?? '')
        .outputs
    const labels = { example, prediction: { ...withoutAlignment, tokenScores: [-0.12345678] } }
    expect(outputs(labels)).toEqual([{ hypothesis: ['b'], score: -1.2346, tokenScores: [-0.12346] }])
    const text = { example, prediction: { ...withoutAlignment, sourceScores: [-2, -Infinity] } }
    expect(outputs(text)).toEqual([{ hypothesis: ['b'], score: -1.2346 }])
    const values = { reference: [1], predicted: [123456.789], naive: [2] }
    const forecast = {
      example: { ...example, hypothesis: [], values },
      prediction: withoutAlignment,
    }
    expect(outputs(forecast)).toEqual([{ hypothesis: [], score: -1.2346, values: [123460] }])
    const [head = ''] = addedSamples(empty, validation(1, 1, { samples: [forecast] })).split('\n')
    expect(JSON.parse(head).examples[0].values).toEqual({ width: 1, reference: [1], naive: [2] })
  })

  test('has the first symbols of long texts, and how many there are', () => {
    const long = Array.from({ length: 120 }, (_, at) => `w${at}`)
    const weights = Array.from({ length: 121 }, () => Array.from({ length: 120 }, () => 1 / 120))
    const one: Sampled = {
      example: {
        ...{ ...sampled.example, source: ['x'.repeat(99), ...long], hypothesis: long, references: [long] },
        trueAlignment: {
          sure: [
            [0, 47],
            [48, 3],
          ],
          possible: [[2, 99]],
        },
      },
      prediction: { ...sampled.prediction, alignment: weights },
    }
    const [first = '', second = ''] = addedSamples(empty, validation(1, 1, { samples: [one] })).split('\n')
    const [example] = JSON.parse(first).examples
    expect([example.source.length, example.sourceLength, example.references[0].length]).toEqual([96, 121, 96])
    expect(example.source[0]).toBe(`${'x'.repeat(39)}…`)
    expect(example.trueAlignment).toEqual({ sure: [[0, 47]], possible: [] })
    const [output] = JSON.parse(second).outputs
    expect([output.hypothesis.length, output.length]).toEqual([96, 120])
    expect([output.alignmentPercent.length, output.alignmentPercent[0].length]).toEqual([48, 48])
  })
})
