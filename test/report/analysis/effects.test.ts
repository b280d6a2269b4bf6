import { describe, expect, it } from 'vitest'
import { answerText } from '../../../src/report/analysis/comparison/headline.js'
import { comparisonMarkdown } from '../../../src/report/render/comparison/markdown.js'
import { distinctColumns } from '../../../src/report/render/comparison/tables.js'
import { comparedGroup, compareFound, sizedTrial } from '../found.js'

// Three sizes and two batch sizes, two seeds: PER is 10, 20, 40 % by size and 4 points more with the larger batch.
const sizes = [64, 128, 256]
const batches = [8, 16]
const trials = sizes.flatMap((hidden, at) =>
  batches.flatMap((batchSize, more) =>
    [1, 2].map((seed) => {
      const wrong = [1, 2, 4][at] ?? 0
      const errors = [wrong + 0.4 * more, wrong + 0.4 * more + 0.02 * seed]
      const variant = { 'model.encoder.hidden': hidden, 'train.batchSize': batchSize }
      const label = `hidden=${hidden}, batchSize=${batchSize}`
      const record = { trainHash: label, trialId: `${label}-${seed}` }
      return sizedTrial(hidden, seed, { variant, errors, label, record }, { batchSize })
    }),
  ),
)

describe('effects of factors', () => {
  const { effects } = comparedGroup(trials)

  it('are the levels of each factor, averaged over the others seed by seed', () => {
    expect(effects.map(({ path, averaged }) => [path, averaged])).toEqual([
      ['model.encoder.hidden', true],
      ['train.batchSize', true],
    ])
    const [bySize, byBatch] = effects.map(({ levels, metric }) =>
      levels.map(({ level }, at) => [level, Math.round(1e4 * estimateLike(metric.values[at])) / 1e4]),
    )
    // By hand: of sizes (wrong + 0.2 + 0.015) / 10, of batches the mean of 1, 2 and 4, with 0.4 more, over 10.
    expect(bySize).toEqual([
      ['64', 0.1215],
      ['128', 0.2215],
      ['256', 0.4215],
    ])
    expect(byBatch).toEqual([
      ['8', 0.2348],
      ['16', 0.2748],
    ])
  })

  it('have a family of pairs for each factor, with intervals', () => {
    expect(effects.map(({ metric }) => metric.pairs.length)).toEqual([3, 1])
    const [pair] = effects[1]?.metric.pairs ?? []
    expect(pair?.difference).toBeCloseTo(-0.04, 10)
  })

  it('are none where there is one factor: its levels are the variants', () => {
    const one = [64, 128].flatMap((hidden) => [1, 2].map((seed) => sizedTrial(hidden, seed)))
    expect(comparedGroup(one).effects).toEqual([])
  })

  it('are said before the differences between variants, a sentence a factor', () => {
    const report = compareFound(trials)
    const said = answerText(report).filter((line) => line.startsWith('hidden = ') || line.startsWith('batchSize = '))
    expect(said).toHaveLength(2)
    expect(comparisonMarkdown(report)).toContain('hidden = 64')
  })
})

describe('columns of the table of variants', () => {
  it('say nothing that the labels say, and nothing twice', () => {
    const group = comparedGroup(trials)
    expect(distinctColumns(group)).toEqual([])
    const other = { ...group, variants: group.variants.map((one) => ({ ...one, label: one.id })) }
    expect(distinctColumns(other).map(({ title }) => title)).toEqual(['encoder.hidden', 'train.batchSize'])
    const settings = { a: 1, b: 1, c: 2 }
    const variants = group.variants.map((one, at) => ({
      ...one,
      label: one.id,
      settings: { ...settings, a: at, b: at },
    }))
    expect(distinctColumns({ ...group, columns: ['a', 'b', 'c'], variants }).map(({ title }) => title)).toEqual([
      'a, b',
      'c',
    ])
  })

  it('are named by as much of their path as tells them apart', () => {
    const group = comparedGroup(trials)
    const columns = ['model.source.representation.size', 'model.target.representation.size']
    const variants = group.variants.map((one, at) => ({
      ...one,
      label: one.id,
      settings: Object.fromEntries(columns.map((path) => [path, at])),
    }))
    expect(distinctColumns({ ...group, columns, variants }).map(({ title }) => title)).toEqual([
      'source.representation.size, target.representation.size',
    ])
  })
})

function estimateLike(values: { readonly mean: { readonly value: number | null } } | undefined): number {
  return values?.mean === undefined ? Number.NaN : (values.mean.value ?? Number.NaN)
}
