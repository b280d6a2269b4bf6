import { type Random, randomStream } from '../core/random.js'
import { floats, type HostTensor, sizeOf } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import { mapTree, type Tree } from '../core/tree.js'

/** A random input of a training step: drawn on the host from the seeded stream, never inside the graph. */
export type NoiseSpec =
  /** 0 with probability `rate`, else 1 / (1 - rate). */
  | { readonly kind: 'dropout'; readonly shape: readonly number[]; readonly rate: number }
  /** Uniform in [0, 1). */
  | { readonly kind: 'uniform'; readonly shape: readonly number[] }

/** Noise of one training step as tensors, in the tree that was asked for. Absent at prediction: nothing is dropped. */
export type Noise = Tree<Tensor> | undefined

/** Sizes that the shapes of noise depend on. */
export interface BatchShape {
  readonly batch: number
  readonly source: number
  readonly target: number
}

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
  const gapAt = size * rate > cells ? tabulated(gapOf(rate)) : gapOf(rate)
  for (let at = gapAt(random.uniform()); at < size; at += gapAt(random.uniform()) + 1) values[at] = 0
  return values
}

function gapOf(rate: number): (u: number) => number {
  const scale = 1 / Math.log1p(-rate)
  return (u) => Math.floor(Math.log(1 - u) * scale)
}

const cells = 4096

/** The same function, which never falls: where it is one number from end to end of a cell of [0, 1), it is looked up. */
function tabulated(gapOf: (u: number) => number): (u: number) => number {
  const table = Int32Array.from({ length: cells }, (_, cell) => {
    const [first, last] = [gapOf(cell / cells), gapOf((cell + 1) / cells - 2 ** -24)]
    return first === last ? first : -1
  })
  return (u) => {
    const gap = table[Math.floor(u * cells)] ?? -1
    return gap < 0 ? gapOf(u) : gap
  }
}
