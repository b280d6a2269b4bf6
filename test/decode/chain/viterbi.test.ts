import { describe, expect, it } from 'vitest'
import type { Chain } from '../../../src/decode/chain/types.js'
import { bestPaths } from '../../../src/decode/chain/viterbi.js'

const none = [0, 0, 0, 0]
const zeros: Chain = { steps: 2, labels: 2, emissions: none, transitions: none, start: [0, 0], end: [0, 0] }

describe('two steps of two labels', () => {
  // Start + emission + transition + emission + end:
  // 0 0: 1+1+1+3+2 = 8, 0 1: 1+1+2+1+1 = 6, 1 0: 2+2+3+3+2 = 12, 1 1: 2+2+1+1+1 = 7.
  const chain: Chain = {
    ...{ steps: 2, labels: 2, emissions: [1, 2, 3, 1] },
    ...{ transitions: [1, 2, 3, 1], start: [1, 2], end: [2, 1] },
  }
  const ranked = [
    { ids: [1, 0], potential: 12 },
    { ids: [0, 0], potential: 8 },
    { ids: [1, 1], potential: 7 },
    { ids: [0, 1], potential: 6 },
  ]

  it.each([1, 2, 3, 4])('have these best %i paths', (count) => {
    expect(bestPaths(chain, count)).toEqual(ranked.slice(0, count))
  })

  it('have no more than four paths', () => {
    expect(bestPaths(chain, 5)).toEqual(ranked)
  })

  it('have the best path of those allowed, though one that is not is better', () => {
    const allowed = {
      transitions: Float32Array.of(1, 1, 0, 1),
      start: Float32Array.of(1, 1),
      end: Float32Array.of(1, 1),
    }
    expect(bestPaths({ ...chain, allowed }, 1)).toEqual([{ ids: [0, 0], potential: 8 }])
    expect(bestPaths({ ...chain, allowed: { ...allowed, end: Float32Array.of(0, 1) } }, 1)).toEqual([
      { ids: [1, 1], potential: 7 },
    ])
    expect(bestPaths({ ...chain, allowed: { ...allowed, start: Float32Array.of(0, 1) } }, 1)).toEqual([
      { ids: [1, 1], potential: 7 },
    ])
  })

  it('have an impossible path last', () => {
    const impossible = { ...chain, transitions: [1, 2, Number.NEGATIVE_INFINITY, 1] }
    expect(bestPaths(impossible, 4).map(({ ids }) => ids)).toEqual([
      [0, 0],
      [1, 1],
      [0, 1],
      [1, 0],
    ])
  })
})

it.each([
  // 0 0 and 1 0 end in label 0, the first to be looked at; 0 1 and 1 1 in label 1.
  ['of the second label', [8, 10, 7, 9], [0, 1], [1, 1]],
  ['of the first label', [10, 8, 9, 7], [0, 0], [1, 0]],
  ['one of each', [10, 9, 8, 7], [0, 0], [0, 1]],
])('keeps both of the two best paths: %s', (_, transitions, best, second) => {
  expect(bestPaths({ ...zeros, transitions }, 2)).toEqual([
    { ids: best, potential: 10 },
    { ids: second, potential: 9 },
  ])
})

it('puts the lower label first among equals, from the last one on', () => {
  const all = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ]
  for (const count of [1, 2, 3, 4]) expect(bestPaths(zeros, count).map(({ ids }) => ids)).toEqual(all.slice(0, count))
})

it('finds the empty path, of potential 0, where there are no steps', () => {
  const empty = { ...zeros, steps: 0, emissions: [], start: [1, 2], end: [3, 4] }
  expect(bestPaths(empty, 2)).toEqual([{ ids: [], potential: 0 }])
})
