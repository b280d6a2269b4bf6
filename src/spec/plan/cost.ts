import { sizeOf } from '../../core/tensors.js'
import { leaves } from '../../core/tree.js'
import type { TaskModel } from '../../task/types.js'
import { countParameters } from './parameters.js'

/** Shapes that a cost is worked out for: B examples, S source and T target steps (0: nothing is decoded). */
export interface CostShape {
  readonly batch: number
  readonly source: number
  readonly target: number
}

/** What a training step takes, by counting: right about sizes, rough about time. */
export interface Cost {
  readonly parameters: number
  /** Multiplications and additions of a training step's matrix products, forward and backward. */
  readonly flops: number
  /** Parameters, gradients and optimizer's moments, each twice, and what the backward pass keeps. */
  readonly bytes: number
  /** On one core like those that the constants below were measured on. */
  readonly millisecondsAStep: number
}

/** Measured with ONNX Runtime 1.30 on one core of an AVX2 machine: products of medium size, and a step's fixed part. */
const flopsAMillisecond = 60e6
const millisecondsAPosition = 0.15

/** Forward: a multiplication and an addition for each weight; backward: the same for inputs and for weights. */
const flopsAWeight = 6

export function costOf(model: TaskModel, shape: CostShape): Cost {
  const products = leaves(model.parameters).filter(([path, { shape: sides }]) => sides.length >= 2 && !isTable(path))
  const weights = products.reduce((sum, [path, spec]) => sum + sizeOf(spec.shape) * positions(path, shape), 0)
  const kept = products.reduce((sum, [path, spec]) => sum + (spec.shape.at(-1) ?? 0) * positions(path, shape), 0)
  const attention = attentionWidth(products) * shape.batch * shape.source * shape.target
  const flops = flopsAWeight * (weights + 2 * attention)
  const parameters = countParameters(model)
  return {
    parameters,
    flops,
    bytes: 4 * (8 * parameters + 2 * (kept + attention)),
    millisecondsAStep: flops / flopsAMillisecond + millisecondsAPosition * (shape.source + shape.target),
  }
}

/** Rows of a table are looked up, not multiplied. */
function isTable(path: string): boolean {
  return path.endsWith('table')
}

/** How often a kernel is applied: once an example, once a source step or once a target step. */
function positions(path: string, { batch, source, target }: CostShape): number {
  if (/^(decoder\/bridge|decoder\/context|context)\//.test(path)) return batch
  const ofSource = target === 0 || path.startsWith('encoder/') || /attention\/key/.test(path)
  return batch * (ofSource ? source : target)
}

/** What a query is compared with: columns of the key kernel, where there is one. */
function attentionWidth(products: readonly (readonly [string, { readonly shape: readonly number[] }])[]): number {
  const kernels = products.filter(([path]) => /attention\//.test(path))
  return Math.max(0, ...kernels.map(([, { shape }]) => shape.at(-1) ?? 0))
}

/** `12 MB`, or `1.3 GB`. */
export function memoryText(bytes: number): string {
  return bytes >= 1e9 ? gigabytes(bytes) : `${Math.ceil(bytes / 1e6)} MB`
}

/** `1.3 GB`. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
