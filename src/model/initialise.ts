import { type Random, randomStream } from '../core/random.js'
import { floats, type HostTensor, sizeOf } from '../core/tensors.js'
import { mapTree, type Tree } from '../core/tree.js'
import type { Initialiser, ParameterSpec } from './parameters.js'

/**
 * First values of all parameters, float32: each is drawn from a stream of its own, named by seed and path, so that
 * adding a part leaves the others' values as they were. Throws RangeError for an initialiser that does not fit a shape.
 */
export function initialise(parameters: Tree<Pick<ParameterSpec, 'shape' | 'init'>>, seed: number): Tree<HostTensor> {
  return mapTree(parameters, ({ shape, init }, path) => {
    const random = randomStream(seed, 'init', path)
    return floats(values(init, shape, path, random), shape)
  })
}

function values(init: Initialiser, shape: readonly number[], path: string, random: Random): Float32Array {
  const filled = (next: () => number) => Float32Array.from({ length: sizeOf(shape) }, next)
  switch (init.type) {
    case 'zeros':
      return filled(() => 0)
    case 'constant':
      return filled(() => init.value)
    case 'uniform':
      return filled(() => between(random, init.limit))
    case 'normal':
      return filled(() => init.deviation * random.normal())
    case 'glorot': {
      const limit = glorotLimit(shape, init.blocks ?? 1, path)
      return filled(() => between(random, limit))
    }
    case 'orthogonal':
      return orthogonalBlocks(matrix(shape, path), init.blocks ?? 1, random)
    case 'given':
      return init.missing === undefined
        ? init.values
        : completed(init.values, values(init.missing, shape, path, random))
    case 'repeated':
      return repeated(values(init.of, shape.slice(1), path, random), init.times)
  }
}

/** `given` with what is NaN taken from `drawn`. */
function completed(given: Float32Array, drawn: Float32Array): Float32Array {
  return given.map((value, i) => (Number.isNaN(value) ? (drawn[i] ?? value) : value))
}

function repeated(once: Float32Array, times: number): Float32Array {
  const all = new Float32Array(times * once.length)
  for (let copy = 0; copy < times; copy++) all.set(once, copy * once.length)
  return all
}

const between = (random: Random, limit: number) => limit * (2 * random.uniform() - 1)

/** √(6 / (fan in + fan out)), fan out of one block. */
function glorotLimit(shape: readonly number[], blocks: number, path: string): number {
  const [rows, columns] = matrix(shape, path)
  return Math.sqrt(6 / (rows + columns / blocks))
}

function matrix(shape: readonly number[], path: string): [rows: number, columns: number] {
  const [rows, columns] = shape
  if (rows === undefined || columns === undefined || shape.length !== 2) {
    throw new RangeError(`${path} is [${shape.join(', ')}]: only a matrix can start as glorot or orthogonal`)
  }
  return [rows, columns]
}

function orthogonalBlocks([rows, columns]: [number, number], blocks: number, random: Random): Float32Array {
  const width = columns / blocks
  const all = new Float32Array(rows * columns)
  for (let block = 0; block < blocks; block++) {
    const vectors = orthonormal(Math.min(rows, width), Math.max(rows, width), random)
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < width; column++) {
        const value = rows >= width ? vectors[column]?.[row] : vectors[row]?.[column]
        all[row * columns + block * width + column] = value ?? 0
      }
    }
  }
  return all
}

/**
 * `count` orthonormal vectors of `length` >= count, uniform among all such sets (Saxe et al. 2014): Gaussian vectors made
 * orthogonal by modified Gram-Schmidt, which is a QR decomposition whose R has a positive diagonal.
 */
function orthonormal(count: number, length: number, random: Random): Float64Array[] {
  const vectors: Float64Array[] = []
  for (let i = 0; i < count; i++) {
    const vector = Float64Array.from({ length }, random.normal)
    for (const other of vectors) addScaled(vector, other, -dot(vector, other))
    const norm = Math.sqrt(dot(vector, vector))
    vectors.push(vector.map((x) => x / norm))
  }
  return vectors
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

function addScaled(target: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (other[i] ?? 0)
}
