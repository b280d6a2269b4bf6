import { expandDims, matMul, reshape, squeeze } from '../../core/ops.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import type { ScorerSizes } from './types.js'

/** One dense layer over every step: xs [B,S,I], kernel [I,O] -> [B,S,O], as one matrix product. */
export function denseSteps(xs: Tensor3D, kernel: Tensor2D): Tensor3D {
  const [batch, steps, width] = xs.shape
  const flat = matMul(reshape(xs, [batch * steps, width]), kernel)
  return reshape(flat, [batch, steps, kernel.shape[1]])
}

/** Inner product of one query with every key: query [B,K], keys [B,S,K] -> [B,S]. */
export function innerProducts(query: Tensor2D, keys: Tensor3D): Tensor2D {
  return squeeze(matMul(keys, expandDims(query, 2)), 2)
}

/** The error of elementwise scorers for unequal sizes of query and key. */
export function refuseUnequal(name: string, { query, key, called = usual }: ScorerSizes): string | undefined {
  if (query.size === key.size) return undefined
  return `the ${name} scorer needs a query (${called.query}, ${query.size}) and keys (${called.key}, ${key.size}) of equal size`
}

/** What sizes are called, where nothing else is said. */
export const usual = { query: "the decoder's hidden size", key: "the encoder's output size" }
