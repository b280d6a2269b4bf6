import { describe, expect, test } from 'vitest'
import { predictionTable } from '../../../../src/report/analysis/trial/table.js'
import type { PredictionLine } from '../../../../src/train/types.js'
import { madeUpMetrics, madeUpTrial } from '../../made-up.js'

// Rows of a known number of characters: a page has room for 1,200,000.

const { record } = madeUpTrial({ examples: 2, steps: 10 })

/** A row that takes so many characters of JSON, right or wrong. */
function row(index: number, characters: number, isWrong: boolean): PredictionLine {
  const of = (source: readonly string[]): Omit<PredictionLine, 'split' | 'statistics'> => ({
    ...{ index, source, references: [['x']], hypothesis: [isWrong ? 'q' : 'x'], score: -1 },
  })
  const source = ['c'.repeat(characters - JSON.stringify(of([''])).length)]
  return { split: 'test', statistics: {}, ...of(source) }
}

/** Right ones first, then wrong ones, of 100,000 characters each. */
const rows = (right: number, wrong: number) =>
  Array.from({ length: right + wrong }, (_, at) => row(at, 100_000, at >= right))

const shownOf = (predictions: readonly PredictionLine[], seed = 1) => {
  const given = { record: { ...record, seed }, predictions, metrics: madeUpMetrics }
  const table = predictionTable({ ...given, joiners: { source: '', target: ' ' } })
  return table?.rows.map(({ index }) => index) ?? []
}

describe('the table of predictions', () => {
  test('has all rows where they are just 1,200,000 characters', () => {
    expect(shownOf(rows(12, 0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  test('is of test, however few rows that has', () => {
    const dev = { ...row(0, 1000, false), split: 'dev' } as const
    const given = { record, predictions: [dev, row(7, 1000, false)], metrics: madeUpMetrics }
    const table = predictionTable({ ...given, joiners: { source: '', target: ' ' } })
    expect([table?.split, table?.all, table?.rows.map(({ index }) => index)]).toEqual(['test', 1, [7]])
  })

  test('has a sample of half that room where they are one character more and all are right', () => {
    // The one that is longer leaves room for four others of 100,000.
    const shown = shownOf([...rows(11, 0), row(11, 100_001, false)])
    expect(shown).toHaveLength(shown.includes(11) ? 5 : 6)
  })

  test('has as many of the worst as just fill half of the room, and as many of the others', () => {
    // Six wrong ones are all of the worst; whatever order the sample is drawn in, they take none of its room.
    for (const seed of [1, 2, 3]) {
      const shown = shownOf(rows(7, 6), seed)
      expect(shown.filter((index) => index >= 7)).toEqual([7, 8, 9, 10, 11, 12])
      expect(shown).toHaveLength(12)
    }
  })

  test('draws its sample by the seed', () => {
    const all = rows(13, 0)
    const [one, other, again] = [1, 2, 1].map((seed) => shownOf(all, seed))
    expect([one?.length, other?.length]).toEqual([6, 6])
    expect(other).not.toEqual(one)
    expect(again).toEqual(one)
  })
})
