import { expect, it } from 'vitest'
import { fromState, randomStream } from '../../src/core/random.js'

it('gives the same numbers for the same seed, purpose and indices, and others for others', () => {
  const draw = (...of: Parameters<typeof randomStream>) => Array.from({ length: 4 }, randomStream(...of).uniform)
  expect(draw(1, 'init', 'encoder/kernel')).toEqual(draw(1, 'init', 'encoder/kernel'))
  expect(draw(1, 'init', 'encoder/kernel')).not.toEqual(draw(1, 'init', 'encoder/bias'))
  expect(draw(1, 'dropout', 7)).not.toEqual(draw(2, 'dropout', 7))
  expect(draw(1, 'dropout', 7)).not.toEqual(draw(1, 'shuffle', 7))
})

it('draws many numbers as it draws one by one', () => {
  const [one, many] = [randomStream(4, 'test'), randomStream(4, 'test')]
  expect([...many.uniforms(9), many.uniform()]).toEqual(Array.from({ length: 10 }, one.uniform))
})

it('goes on from a saved state', () => {
  const random = randomStream(3, 'test')
  random.uniform()
  const saved = random.state()
  const expected = [random.normal(), random.below(10), random.uniform()]
  const resumed = fromState(saved)
  expect([resumed.normal(), resumed.below(10), resumed.uniform()]).toEqual(expected)
})

it('shuffles every item into place once, and has the moments of its distributions', () => {
  const random = randomStream(5, 'test')
  expect(random.shuffle([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5])
  const normals = Array.from({ length: 20_000 }, random.normal)
  const mean = normals.reduce((sum, x) => sum + x, 0) / normals.length
  const variance = normals.reduce((sum, x) => sum + (x - mean) ** 2, 0) / normals.length
  // Standard errors: 0.007 and 0.01.
  expect(Math.abs(mean)).toBeLessThan(0.03)
  expect(Math.abs(variance - 1)).toBeLessThan(0.04)
})
