import { describe, expect, it } from 'vitest'
import { chainOfLabels, meanOfChains } from '../../../src/decode/chain/average.js'
import { logMarginals, logPartition } from '../../../src/decode/chain/sums.js'
import type { Chain } from '../../../src/decode/chain/types.js'
import type { AllowedLabels } from '../../../src/model/heads/types.js'

const one: Chain = {
  ...{ steps: 1, labels: 2, emissions: [1, 2] },
  ...{ transitions: [3, 4, 5, 6], start: [7, 8], end: [9, 10] },
}
const other: Chain = {
  ...{ steps: 1, labels: 2, emissions: [3, 6] },
  ...{ transitions: [3, 2, 1, 0], start: [-7, 0], end: [0, 1] },
}
const barring = (transitions: number[], start: number[], end: number[]): AllowedLabels => {
  return { transitions: Float32Array.from(transitions), start: Float32Array.from(start), end: Float32Array.from(end) }
}

describe('the mean of chains', () => {
  it('is half the sum of two, potential by potential', () => {
    expect(meanOfChains([one, other])).toStrictEqual({
      ...{ steps: 1, labels: 2 },
      emissions: Float64Array.of(2, 4),
      transitions: Float64Array.of(3, 3, 3, 3),
      start: Float64Array.of(0, 4),
      end: Float64Array.of(4.5, 5.5),
    })
  })

  it('is a third of the sum of three', () => {
    expect(meanOfChains([one, other, other]).start).toEqual(Float64Array.of(-7 / 3, 8 / 3))
  })

  it('is the one chain itself where there is no other', () => {
    expect(meanOfChains([one])).toBe(one)
  })

  it('allows what all members allow', () => {
    const [few, others] = [barring([1, 0, 1, 1], [0, 1], [1, 1]), barring([1, 1, 0, 1], [1, 1], [1, 0])]
    const mean = meanOfChains([
      { ...one, allowed: few },
      { ...other, allowed: others },
    ])
    expect(mean.allowed).toEqual(barring([1, 0, 0, 1], [0, 1], [1, 0]))
  })

  it('allows what the only member allows that bars anything', () => {
    const allowed = barring([1, 0, 1, 1], [0, 1], [1, 0])
    expect(meanOfChains([one, { ...other, allowed }]).allowed).toEqual(allowed)
    expect(meanOfChains([{ ...one, allowed }, other]).allowed).toEqual(allowed)
  })
})

describe('labels that stand by themselves', () => {
  const rows = [
    [0.25, 0.75],
    [0.5, 0.5],
    [0.125, 0.875],
  ].map((row) => row.map(Math.log))

  it('are a chain without potentials between them', () => {
    expect(chainOfLabels(rows)).toEqual({
      ...{ steps: 3, labels: 2, emissions: [0.25, 0.75, 0.5, 0.5, 0.125, 0.875].map(Math.log) },
      ...{ transitions: new Float64Array(4), start: new Float64Array(2), end: new Float64Array(2) },
    })
  })

  it('keep their probabilities', () => {
    const chain = chainOfLabels(rows)
    expect(logPartition(chain)).toBeCloseTo(0, 12)
    expect(logMarginals(chain)).toEqual(rows.map((row) => row.map((logProb) => expect.closeTo(logProb, 12))))
  })

  it('may be one alone', () => {
    expect(chainOfLabels([[-1, -2, -3]])).toEqual({
      ...{ steps: 1, labels: 3, emissions: [-1, -2, -3] },
      ...{ transitions: new Float64Array(9), start: new Float64Array(3), end: new Float64Array(3) },
    })
  })

  it('are no labels where there are no steps', () => {
    const nothing = new Float64Array(0)
    expect(chainOfLabels([])).toEqual({
      ...{ steps: 0, labels: 0, emissions: [] },
      ...{ transitions: nothing, start: nothing, end: nothing },
    })
  })
})
