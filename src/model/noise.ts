import { randomStream } from '../core/random.js'
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
  const values = random.uniforms(sizeOf(spec.shape))
  if (spec.kind === 'uniform') return floats(values, spec.shape)
  const kept = 1 / (1 - spec.rate)
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) < spec.rate ? 0 : kept
  return floats(values, spec.shape)
}
