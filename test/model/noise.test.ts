import { expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { leaf } from '../../src/core/tree.js'
import { drawNoise } from '../../src/model/noise.js'

const specs = {
  layer2: { kind: 'dropout', shape: [50, 40], rate: 0.2 },
  sampling: { kind: 'uniform', shape: [50, 40] },
} as const

it('drops at the rate and scales the rest up', () => {
  const mask = [...leaf(drawNoise(specs, 1, 1), 'layer2').data]
  expect(new Set(mask)).toEqual(new Set([0, 1.25]))
  const dropped = mask.filter((x) => x === 0).length / mask.length
  expect(Math.abs(dropped - 0.2)).toBeLessThan(0.036) // four standard errors of 2,000 draws
})

it.each([0, 1e-17, 0.001, 0.1, 0.5, 0.9])('draws every number by itself at rate %d', (rate) => {
  const size = 40_000
  const mask = [...leaf(drawNoise({ layer: { kind: 'dropout', shape: [size], rate } }, 3, 1), 'layer').data]
  const zeros = mask.map((x) => (x === 0 ? 1 : 0))
  const share = (found: readonly number[]) => found.reduce((sum, x) => sum + x, 0) / size
  // Within four standard errors: zeros, and zeros 1 or 7 positions after another.
  const near = (found: number, chance: number) =>
    expect(Math.abs(found - chance)).toBeLessThanOrEqual(4 * Math.sqrt((chance * (1 - chance)) / size))
  near(share(zeros), rate)
  for (const lag of [1, 7]) near(share(zeros.map((zero, at) => zero * (zeros[at - lag] ?? 0))), rate ** 2)
  // The ends are places like any other.
  const ends = Array.from({ length: 4000 }, (_, step) => {
    const drawn = leaf(drawNoise({ layer: { kind: 'dropout', shape: [3], rate } }, 3, step), 'layer').data
    return [drawn[0] === 0 ? 1 : 0, drawn[2] === 0 ? 1 : 0] as const
  })
  for (const side of [0, 1] as const) {
    const found = ends.reduce((sum, end) => sum + end[side], 0) / ends.length
    expect(Math.abs(found - rate)).toBeLessThanOrEqual(4 * Math.sqrt((rate * (1 - rate)) / ends.length))
  }
})

it('is a function of seed, step and path', () => {
  expect(drawNoise(specs, 1, 7)).toEqual(drawNoise(specs, 1, 7))
  expect(drawNoise(specs, 1, 7)).not.toEqual(drawNoise(specs, 1, 8))
  expect(drawNoise(specs, 2, 7)).not.toEqual(drawNoise(specs, 1, 7))
  const uniforms = leaf(drawNoise(specs, 1, 7), 'sampling').data
  expect(uniforms.every((u) => u >= 0 && u < 1)).toBe(true)
})

it.each([0.05, 0.3, 0.7])('is the same whether gaps are looked up or computed, at rate %d', (rate) => {
  const size = 200_000
  const { data } = leaf(drawNoise({ layer: { kind: 'dropout', shape: [size], rate } }, 5, 2), 'layer')
  const random = randomStream(5, 'dropout', 2, 'layer')
  const gap = () => Math.floor(Math.log(1 - random.uniform()) / Math.log1p(-rate))
  const expected = new Float32Array(size).fill(1 / (1 - rate))
  for (let at = gap(); at < size; at += gap() + 1) expected[at] = 0
  expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(expected.buffer))).toBe(0)
})
