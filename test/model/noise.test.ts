import { expect, it } from 'vitest'
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

it('is a function of seed, step and path', () => {
  expect(drawNoise(specs, 1, 7)).toEqual(drawNoise(specs, 1, 7))
  expect(drawNoise(specs, 1, 7)).not.toEqual(drawNoise(specs, 1, 8))
  expect(drawNoise(specs, 2, 7)).not.toEqual(drawNoise(specs, 1, 7))
  const uniforms = leaf(drawNoise(specs, 1, 7), 'sampling').data
  expect(uniforms.every((u) => u >= 0 && u < 1)).toBe(true)
})
