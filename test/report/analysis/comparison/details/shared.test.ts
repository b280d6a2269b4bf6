import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sharedExamples } from '../../../../../src/report/analysis/comparison/details/shared.js'
import type { FoundTrial } from '../../../../../src/report/analysis/comparison/read-trial.js'
import { metricLookup } from '../../../../../src/report/analysis/metrics.js'
import { statisticsTable } from '../../../../../src/stats/bootstrap.js'
import type { OutputKind } from '../../../../../src/task/reporting.js'
import type { PredictionLine } from '../../../../../src/train/types.js'
import { foundTrial } from '../../../found.js'
import { madeUpTrial } from '../../../made-up.js'
import { writeTrial } from '../../../study.js'

// Twelve test examples of four tokens under two variants: one is always right, the other has some errors.
const root = mkdtempSync(join(tmpdir(), 'seqlab-shared-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const per = metricLookup([{ type: 'per' }])('per')
if (per === undefined) throw new Error('per is known')
const made = madeUpTrial({ examples: 2, steps: 10 })

/** What has so many wrong tokens, the first ones, in each example, and how it was written. */
async function trialOf(name: string, seed: number, errors: readonly number[]): Promise<FoundTrial> {
  const predictions = errors.map(
    (wrong, index): PredictionLine => ({
      ...{ split: 'test', index, source: [`s${index}`], references: [['a', 'b', 'c', 'd']], score: -1 },
      hypothesis: ['a', 'b', 'c', 'd'].map((token, at) => (at < wrong ? 'x' : token)),
      statistics: { per: [wrong, 4] },
    }),
  )
  const directory = await writeTrial(join(root, name), { ...made, predictions })
  const statistics = { per: statisticsTable(errors.map((wrong) => [wrong, 4])) }
  return { ...foundTrial({ label: name, seed }), statistics, directory, evaluation: 'final' }
}
const right = await trialOf('right', 7, Array<number>(12).fill(0))
const wrong = await trialOf('wrong', 8, [0, 0, 0, 0, 2, 2, 0, 2, 3, 0, 0, 1])

const shown = (
  trials: readonly (FoundTrial | undefined)[],
  output: OutputKind = 'sequence',
  seed = 1,
  metric = per,
) => {
  const variants = trials.map((trial, at) => ({
    ...{ id: `v${at + 1}`, label: `v${at + 1}`, settings: {}, unfinished: [] },
    completed: trial === undefined ? [] : [trial],
  }))
  return sharedExamples(variants, metric, { seed, output })
}
const places = (examples: ReturnType<typeof shown>, chosen: 'differs' | 'sampled') =>
  examples.filter((one) => one.chosen === chosen).map(({ index }) => index)

describe('shared examples', () => {
  it('are the three in which the variants differ most, of equal ones the first', () => {
    // 3 of 4 tokens differ in example 8, 2 of 4 in 4, 5 and 7.
    expect(places(shown([right, wrong]), 'differs')).toEqual([8, 4, 5])
    expect(places(shown([wrong, right]), 'differs')).toEqual([8, 4, 5])
    expect(places(shown([right, right]), 'differs')).toEqual([])
  })

  it('are chosen by the statistics of each example alone, however many a metric has', () => {
    // Errors and tokens, summed: 7 in example 8, 6 in 4, 5 and 7.
    const summed = { ...per, value: (sums: readonly number[]) => sums.reduce((sum, one) => sum + one, 0) }
    expect(places(shown([right, wrong], 'sequence', 1, summed), 'differs')).toEqual([8, 4, 5])
  })

  it('are three others by chance, in their order, the same for a seed', () => {
    const draws = [1, 2, 3, 4, 5].map((seed) => places(shown([right, wrong], 'sequence', seed), 'sampled'))
    for (const drawn of draws) {
      expect(drawn).toHaveLength(3)
      expect(drawn).toEqual(drawn.toSorted((a, b) => a - b))
      expect(new Set([...drawn, 8, 4, 5]).size).toBe(6)
      expect(drawn.every((place) => place >= 0 && place < 12)).toBe(true)
    }
    expect(new Set(draws.map(String)).size).toBeGreaterThan(1)
    expect(places(shown([right, wrong], 'sequence', 1), 'sampled')).toEqual(draws[0])
  })

  it('have what each variant makes of them, with its errors', () => {
    expect(shown([right, wrong])[0]).toEqual({
      ...{ index: 8, chosen: 'differs', source: ['s8'], references: [['a', 'b', 'c', 'd']] },
      outputs: [
        { variant: 'v1', seed: 7, tokens: ['a', 'b', 'c', 'd'], errors: 0 },
        { variant: 'v2', seed: 8, tokens: ['x', 'x', 'x', 'd'], errors: 3 },
      ],
    })
  })

  it('leave out a variant without predictions, wherever it is', () => {
    const { evaluation: _, ...unread } = right
    const variantsOf = (trials: readonly (FoundTrial | undefined)[]) =>
      shown(trials).map(({ outputs }) => outputs.map(({ variant }) => variant))
    expect(variantsOf([unread, wrong])).toEqual(Array(6).fill(['v2']))
    expect(variantsOf([right, undefined, wrong])).toEqual(Array(6).fill(['v1', 'v3']))
    expect(shown([unread, unread])).toEqual([])
  })

  it('are none of a single variant, nor of numbers', () => {
    expect(shown([right])).toEqual([])
    expect(shown([right, wrong], 'numbers')).toEqual([])
    expect(shown([right, wrong], 'labels')).toHaveLength(6)
  })

  it('are of sixty variants at most', () => {
    const [first] = shown(Array<FoundTrial>(61).fill(right))
    expect(first?.outputs.map(({ variant }) => variant)).toEqual(Array.from({ length: 60 }, (_, at) => `v${at + 1}`))
  })
})

describe('where the metric is undefined', () => {
  /** The statistics of a trial, of which some examples have no token. */
  const without = (trial: FoundTrial, ...empty: readonly number[]): FoundTrial => {
    const { data } = trial.statistics.per ?? { data: [] }
    const rows = Array.from({ length: 12 }, (_, at) => (empty.includes(at) ? [0, 0] : [data[2 * at] ?? 0, 4]))
    return { ...trial, statistics: { per: statisticsTable(rows) } }
  }

  it('the variants that have a value decide, if there are two', () => {
    expect(places(shown([right, wrong, without(right, 8)]), 'differs')[0]).toBe(8)
    expect(places(shown([right, without(wrong, 8)]), 'differs')).toEqual([4, 5, 7])
    expect(places(shown([without(right, 8), without(wrong, 8)]), 'differs')).toEqual([4, 5, 7])
  })

  it('a variant without its statistics has no say', () => {
    const bare = { ...right, statistics: {} }
    expect(places(shown([bare, right, wrong]), 'differs')).toEqual([8, 4, 5])
    expect(places(shown([bare, wrong]), 'differs')).toEqual([])
    expect(places(shown([wrong, bare]), 'sampled')).toHaveLength(3)
    expect(shown([bare, bare])).toEqual([])
  })
})
