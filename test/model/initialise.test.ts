import fc from 'fast-check'
import { expect, it } from 'vitest'
import { leaf } from '../../src/core/tree.js'
import { initialise } from '../../src/model/initialise.js'
import type { Initialiser } from '../../src/model/parameters.js'

const drawn = (init: Initialiser, shape: readonly number[], seed = 1) => [
  ...leaf(initialise({ w: { shape, init } }, seed), 'w').data,
]

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
const variance = (values: readonly number[]) => mean(values.map((x) => x * x)) - mean(values) ** 2

it('fills with what is given', () => {
  expect(drawn({ type: 'zeros' }, [2, 2])).toEqual([0, 0, 0, 0])
  expect(drawn({ type: 'constant', value: 1 }, [3])).toEqual([1, 1, 1])
  expect(drawn({ type: 'given', values: Float32Array.from([1, 2]) }, [2])).toEqual([1, 2])
})

it('has the moments of its distributions', () => {
  // 40,000 numbers: a standard error of the mean of deviation / 200.
  const uniform = drawn({ type: 'uniform', limit: 0.6 }, [200, 200])
  expect(Math.max(...uniform.map(Math.abs))).toBeLessThanOrEqual(0.6)
  expect(Math.abs(mean(uniform))).toBeLessThan(0.006)
  expect(variance(uniform)).toBeCloseTo(0.12, 2) // 0.6² / 3
  const normal = drawn({ type: 'normal', deviation: 2 }, [200, 200])
  expect(Math.abs(mean(normal))).toBeLessThan(0.04)
  expect(variance(normal) / 4).toBeCloseTo(1, 1)
  // Glorot: limit √(6 / (100 + 50)) = 0.2 with four blocks of 50 columns.
  const glorot = drawn({ type: 'glorot', blocks: 4 }, [100, 200])
  expect(Math.max(...glorot.map(Math.abs))).toBeGreaterThan(0.199)
  expect(Math.max(...glorot.map(Math.abs))).toBeLessThanOrEqual(Math.fround(0.2))
})

it('makes every block orthogonal by itself', () => {
  const sizes = fc.record({ rows: fc.integer({ min: 1, max: 9 }), width: fc.integer({ min: 1, max: 9 }) })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 3 }), fc.nat(), ({ rows, width }, blocks, seed) => {
      const values = drawn({ type: 'orthogonal', blocks }, [rows, blocks * width], seed)
      for (let block = 0; block < blocks; block++) {
        const at = (row: number, column: number) => values[row * blocks * width + block * width + column] as number
        const [count, length] = [Math.min(rows, width), Math.max(rows, width)]
        const vector = (i: number, k: number) => (rows >= width ? at(k, i) : at(i, k))
        for (let i = 0; i < count; i++) {
          for (let j = 0; j < count; j++) {
            let product = 0
            for (let k = 0; k < length; k++) product += vector(i, k) * vector(j, k)
            expect(product).toBeCloseTo(i === j ? 1 : 0, 5)
          }
        }
      }
    }),
    { numRuns: 50, seed: 7 },
  )
})

it('draws each parameter from a stream of its own', () => {
  const spec = { shape: [4], init: { type: 'normal', deviation: 1 } } as const
  const alone = initialise({ a: { w: spec } }, 3)
  expect(initialise({ b: spec, a: { w: spec } }, 3)).toMatchObject(alone)
  expect(initialise({ a: { w: spec } }, 4)).not.toEqual(alone)
})

it('refuses a shape that an initialiser does not fit', () => {
  expect(() => drawn({ type: 'orthogonal' }, [3])).toThrow('w is [3]: only a matrix can start as glorot or orthogonal')
})
