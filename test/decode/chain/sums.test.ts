import { describe, expect, it } from 'vitest'
import { logConditionals, logMarginals, logPartition, nats, potentialOf } from '../../../src/decode/chain/sums.js'
import type { Chain } from '../../../src/decode/chain/types.js'

const { log } = Math
const nothing = Number.NEGATIVE_INFINITY

/** Its potentials are logarithms of these weights: a path weighs the product of what it passes. */
function weighing({
  emissions,
  transitions,
  start,
  end,
}: Record<'emissions' | 'transitions' | 'start' | 'end', number[]>) {
  const logs = {
    emissions: emissions.map(log),
    transitions: transitions.map(log),
    start: start.map(log),
    end: end.map(log),
  }
  return { steps: emissions.length / start.length, labels: start.length, ...logs }
}

/** Of one label, whose only path has the sum of all these. */
function alone(emissions: number[], transition = 0, start = 0, end = 0): Chain {
  return { steps: emissions.length, labels: 1, emissions, transitions: [transition], start: [start], end: [end] }
}

const closeTo = (value: number) => expect.closeTo(value, 12)

// Start 1 2, then 1 2 at the first step and 3 1 at the second, end 2 1. The paths weigh
// 0 0: 1·1·1·3·2 = 6, 0 1: 1·1·2·1·1 = 2, 1 0: 2·2·3·3·2 = 72, 1 1: 2·2·1·1·1 = 4; all of them 84.
const chain = weighing({ emissions: [1, 2, 3, 1], transitions: [1, 2, 3, 1], start: [1, 2], end: [2, 1] })

describe('two steps of two labels, of paths that weigh 6, 2, 72 and 4', () => {
  it('have these potentials, and 84 in all', () => {
    const paths = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]
    expect(paths.map((ids) => potentialOf(chain, ids))).toEqual([6, 2, 72, 4].map((weight) => closeTo(log(weight))))
    expect(logPartition(chain)).toBeCloseTo(log(84), 12)
  })

  it('have 8 and 76 of the 84 at the first step, 78 and 6 at the second', () => {
    expect(logMarginals(chain)).toEqual([
      [closeTo(log(8 / 84)), closeTo(log(76 / 84))],
      [closeTo(log(78 / 84)), closeTo(log(6 / 84))],
    ])
  })

  it('begin with 1 in 76 of 84, and go on to 0 in 72 of these', () => {
    expect(logConditionals(chain, [1, 0])).toEqual([closeTo(log(76 / 84)), closeTo(log(72 / 76))])
    expect(logConditionals(chain, [0, 1])).toEqual([closeTo(log(8 / 84)), closeTo(log(2 / 8))])
  })

  it('cost what the known labels are improbable', () => {
    expect(nats(chain, [1, 0])).toBeCloseTo(log(84 / 72), 12)
    expect(nats(chain, [1, -1])).toBeCloseTo(log(84 / 76), 12)
    expect(nats(chain, [-1, 0])).toBeCloseTo(log(84 / 78), 12)
    expect(nats(chain, [-1, 1])).toBeCloseTo(log(84 / 6), 12)
    expect(nats(chain, [0, -1])).toBeCloseTo(log(84 / 8), 12)
    expect(nats(chain, [-1, -1])).toBe(0)
  })
})

describe('a chain of no steps', () => {
  const empty = { ...chain, steps: 0, emissions: [] }

  it('has one path, the empty one, of potential 0', () => {
    expect(potentialOf(empty, [])).toBe(0)
    expect(logPartition(empty)).toBe(0)
    expect(nats(empty, [])).toBe(0)
  })

  it('has no labels to ask about', () => {
    expect(logMarginals(empty)).toEqual([])
    expect(logConditionals(empty, [])).toEqual([])
  })
})

it('a chain of one step has no transitions', () => {
  // 1·5·2 = 10 and 2·3·1 = 6.
  const one = weighing({ emissions: [5, 3], transitions: [7, 7, 7, 7], start: [1, 2], end: [2, 1] })
  expect(potentialOf(one, [0])).toBeCloseTo(log(10), 12)
  expect(potentialOf(one, [1])).toBeCloseTo(log(6), 12)
  expect(logPartition(one)).toBeCloseTo(log(16), 12)
  expect(logMarginals(one)).toEqual([[closeTo(log(10 / 16)), closeTo(log(6 / 16))]])
})

describe('what is impossible', () => {
  it('has no part in the sums', () => {
    // Without 1 0: 6 + 2 + 4 = 12.
    const barred = { ...chain, transitions: [log(1), log(2), nothing, log(1)] }
    expect(logPartition(barred)).toBeCloseTo(log(12), 12)
    expect(logMarginals(barred)).toEqual([
      [closeTo(log(8 / 12)), closeTo(log(4 / 12))],
      [closeTo(log(6 / 12)), closeTo(log(6 / 12))],
    ])
    expect(nats(barred, [1, 0])).toBe(Number.POSITIVE_INFINITY)
  })

  it.each<[string, Partial<Chain>]>([
    ['no label may be first', { start: [nothing, nothing] }],
    ['no label may be last', { end: [nothing, nothing] }],
    ['no label may follow', { transitions: [nothing, nothing, nothing, nothing] }],
    ['no label may be at the second step', { emissions: [0, 0, nothing, nothing] }],
  ])('is everything where %s', (_, without) => {
    expect(logPartition({ ...chain, ...without })).toBe(nothing)
  })
})

describe('rounding', () => {
  it('makes no probability more than 1', () => {
    // 0.3 + (0.2 + 0.1) is more than (0.3 + 0.2) + 0.1 in float64.
    const ordered = alone([0.3, 0.2, 0.1])
    expect(logMarginals(ordered)).toEqual([[0], [0], [0]])
    expect(logConditionals(ordered, [0, 0, 0])).toEqual([0, 0, 0])
    // The potential is added as (0.3 + 0.7) + 0.1 + (0.2 + 0.1), the partition from start to end.
    expect(nats(alone([0.1, 0.2], 0.1, 0.3, 0.7), [0, 0])).toBe(0)
  })

  it('does not touch the potential of known labels: a path of 0 costs all of the partition', () => {
    const scored: Chain = {
      ...{ steps: 2, labels: 2, emissions: [0, 0, 0, 0], start: [0, 0], end: [0, 0] },
      transitions: [0, -1, -0.5, 0.375],
    }
    expect(nats(scored, [0, 0])).toBe(logPartition(scored))
  })

  it('keeps the digits of a factor that is nearly or wholly 0', () => {
    // Label 0 alone, whose way to itself is far below the others'. In float64 e^-745 is 2^-1074 = e^-744.44, and e^-746 is 0.
    for (const far of [-700, -709, -745, -746, -10_000]) {
      const only: Chain = {
        ...{ steps: 2, labels: 2, emissions: [0, nothing, 0, nothing], start: [0, 0], end: [0, 0] },
        transitions: [far, 0, 0, 0],
      }
      expect(logPartition(only)).toBeCloseTo(far, 10)
    }
  })

  it('does not overflow where one transition is far above the others', () => {
    for (const place of [0, 1, 2, 3]) {
      const transitions = [0, 0, 0, 0].map((_, at) => (at === place ? 1000 : 0))
      expect(logPartition({ ...chain, transitions })).toBeCloseTo(
        1000 + potentialOf({ ...chain, transitions: [0, 0, 0, 0] }, [place >> 1, place % 2]),
        10,
      )
    }
  })
})

it('reads each transition, however low, as often for 20 steps as for 2: its exponential is kept', () => {
  const low = chain.transitions.map((value) => value - 1000)
  const readsOf = (steps: number) => {
    let reads = 0
    const transitions = new Proxy(low, {
      get: (target, place) => {
        reads++
        return Reflect.get(target, place)
      },
    })
    logPartition({ ...chain, steps, emissions: new Float64Array(steps * 2), transitions })
    return reads
  }
  expect(readsOf(20)).toBe(readsOf(2))
})
