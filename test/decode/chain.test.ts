import { describe, expect, it } from 'vitest'
import { at } from '../../src/core/lists.js'
import { randomStream } from '../../src/core/random.js'
import { meanOfChains } from '../../src/decode/chain/average.js'
import { logConditionals, logMarginals, logPartition, nats, potentialOf } from '../../src/decode/chain/sums.js'
import type { Chain } from '../../src/decode/chain/types.js'
import { bestPaths } from '../../src/decode/chain/viterbi.js'
import { everyPath } from '../support/chains.js'

// Every statement about tiny chains against all of their paths, one by one.

function chainOf(steps: number, labels: number, seed: number, scale = 1): Chain {
  const random = randomStream(seed, 'test')
  const draw = (count: number) => Float64Array.from({ length: count }, () => scale * random.normal())
  const emissions = draw(steps * labels)
  return { steps, labels, emissions, transitions: draw(labels * labels), start: draw(labels), end: draw(labels) }
}

const logSum = (values: readonly number[]) => {
  const highest = Math.max(...values)
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0))
}

const sizes = [
  [1, 1],
  [1, 3],
  [2, 2],
  [3, 4],
  [5, 3],
] as const
const cases = sizes.flatMap(([steps, labels]) =>
  [1, 30, 3000].map((scale): [string, Chain] => [
    `${steps} steps of ${labels} labels, potentials of about ${scale}`,
    chainOf(steps, labels, steps + labels, scale),
  ]),
)

describe.each(cases)('a chain of %s', (_, chain) => {
  const all = everyPath(chain)
  const partition = logSum(all.map(({ potential }) => potential))
  const ranked = all.toSorted((one, other) => other.potential - one.potential)

  it('has the partition of all its paths', () => {
    expect(logPartition(chain)).toBeCloseTo(partition, 8)
  })

  it('has the best paths, in order, and no more than there are', () => {
    const best = bestPaths(chain, 7)
    expect(best.map(({ ids }) => ids)).toEqual(ranked.slice(0, 7).map(({ ids }) => ids))
    for (const [place, { potential }] of best.entries()) expect(potential).toBeCloseTo(at(ranked, place).potential, 8)
    expect(bestPaths(chain, 1)).toEqual(best.slice(0, 1))
  })

  it('has the marginals of all its paths', () => {
    for (const [step, row] of logMarginals(chain).entries()) {
      for (const [label, logProb] of row.entries()) {
        const through = all.filter(({ ids }) => ids[step] === label).map(({ potential }) => potential)
        expect(Math.exp(logProb)).toBeCloseTo(Math.exp(logSum(through) - partition), 8)
      }
    }
  })

  it('gives each label its probability after those before it', () => {
    const { ids } = at(all, all.length >> 1)
    const begins = (count: number) => {
      const like = all.filter((path) => ids.slice(0, count).every((id, step) => path.ids[step] === id))
      return logSum(like.map(({ potential }) => potential))
    }
    const expected = ids.map((_, step) => begins(step + 1) - begins(step))
    for (const [step, value] of logConditionals(chain, ids).entries()) expect(value).toBeCloseTo(at(expected, step), 8)
  })

  it('costs what its known labels are improbable, whatever the others are', () => {
    const { ids } = at(ranked, ranked.length >> 1)
    const some = ids.map((id, step) => (step % 2 === 1 ? -1 : id))
    const like = all.filter((path) => some.every((id, step) => id < 0 || path.ids[step] === id))
    expect(nats(chain, ids)).toBeCloseTo(partition - potentialOf(chain, ids), 6)
    expect(nats(chain, some)).toBeCloseTo(partition - logSum(like.map(({ potential }) => potential)), 6)
  })
})

describe('what is allowed', () => {
  const chain = chainOf(4, 3, 9)
  // 0 is never first, 2 never last, and 1 never comes after 0.
  const allowed = {
    transitions: Float32Array.of(1, 0, 1, 1, 1, 1, 1, 1, 1),
    start: Float32Array.of(0, 1, 1),
    end: Float32Array.of(1, 1, 0),
  }
  const isAllowed = (ids: readonly number[]) =>
    ids[0] !== 0 && ids.at(-1) !== 2 && !ids.some((id, step) => ids[step - 1] === 0 && id === 1)

  it('is all that is found, by the same potentials', () => {
    const ranked = everyPath(chain).toSorted((one, other) => other.potential - one.potential)
    const expected = ranked.filter(({ ids }) => isAllowed(ids))
    const found = bestPaths({ ...chain, allowed }, 1000)
    expect(found.map(({ ids }) => ids)).toEqual(expected.map(({ ids }) => ids))
  })

  it('is not asked where no path is allowed', () => {
    const nothing = { ...allowed, start: new Float32Array(3) }
    expect(bestPaths({ ...chain, allowed: nothing }, 2)).toEqual(bestPaths(chain, 2))
  })
})

it('averages log potentials, and allows what all allow', () => {
  const [one, other] = [chainOf(2, 2, 1), chainOf(2, 2, 2)]
  const bars = (...flags: number[]) => ({
    transitions: Float32Array.from(flags),
    start: Float32Array.of(1, 1),
    end: Float32Array.of(1, 1),
  })
  const mean = meanOfChains([
    { ...one, allowed: bars(1, 0, 1, 1) },
    { ...other, allowed: bars(1, 1, 0, 1) },
  ])
  const ids = [0, 1]
  expect(potentialOf(mean, ids)).toBeCloseTo((potentialOf(one, ids) + potentialOf(other, ids)) / 2, 10)
  expect([...(mean.allowed?.transitions ?? [])]).toEqual([1, 0, 0, 1])
})
