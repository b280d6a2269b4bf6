import { type Random, randomStream } from '../core/random.js'
import { floats, type HostTensor, sizeOf } from '../core/tensors.js'
import { mapTree, type Tree } from '../core/tree.js'
import type { NoiseSpec } from './types.js'

/**
 * The noise of one training step: each leaf from a stream of its own, named by seed, step and path, so that a resumed
 * run draws the same numbers. Dropout: 0 with probability `rate`, else 1 / (1 - rate) (inverted dropout, Srivastava et
 * al. 2014); uniform: in [0, 1). All float32.
 */
export function drawNoise(specs: Tree<NoiseSpec>, seed: number, step: number): Tree<HostTensor> {
  return mapTree(specs, (spec, path) => draw(spec, seed, step, path))
}

function draw(spec: NoiseSpec, seed: number, step: number, path: string): HostTensor {
  const random = randomStream(seed, spec.kind === 'dropout' ? 'dropout' : 'sampling', step, path)
  const size = sizeOf(spec.shape)
  return floats(spec.kind === 'dropout' ? dropout(size, spec.rate, random) : random.uniforms(size), spec.shape)
}

/**
 * Independent draws, made by the gaps between zeros: with u uniform in [0, 1), ⌊ln(1 − u) / ln(1 − rate)⌋ numbers are kept
 * before the next zero (a geometric distribution; Devroye 1986, Non-Uniform Random Variate Generation, X.2).
 */
function dropout(size: number, rate: number, random: Random): Float32Array {
  const values = new Float32Array(size).fill(1 / (1 - rate))
  const scale = 1 / Math.log1p(-rate)
  const gap = () => Math.floor(Math.log(1 - random.uniform()) * scale)
  for (let at = gap(); at < size; at += gap() + 1) values[at] = 0
  return values
}
