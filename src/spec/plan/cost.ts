import type { Work } from '../../model/outline.js'
import type { TaskModel } from '../../task/types.js'
import type { Cost } from '../types.js'
import { countParameters } from './parameters.js'

/** Shapes that a cost is worked out for: B examples, S source and T target steps (0: nothing is decoded). */
export interface CostShape {
  readonly batch: number
  readonly source: number
  readonly target: number
}

/** Measured with ONNX Runtime 1.30 on one core of an AVX2 machine: products of medium size, and a step's fixed part. */
const flopsAMillisecond = 60e6
const millisecondsAPosition = 0.15

/** Forward: a multiplication and an addition for each weight; backward: the same for inputs and for weights. */
const flopsAWeight = 6

export function costOf(model: TaskModel, shape: CostShape): Cost {
  const work = model.outline.nodes.flatMap((node) => node.work)
  const sum = (amount: (of: Work) => number) =>
    work.reduce((total, each) => total + amount(each) * timesComputed(each.per, shape), 0)
  const flops = flopsAWeight * sum(({ multiplyAdds }) => multiplyAdds)
  const parameters = countParameters(model)
  return {
    parameters,
    flops,
    bytes: 4 * (8 * parameters + 2 * sum(({ results }) => results)),
    millisecondsAStep: flops / flopsAMillisecond + millisecondsAPosition * (shape.source + shape.target),
  }
}

function timesComputed(per: Work['per'], { batch, source, target }: CostShape): number {
  const times = { example: 1, 'source step': source, 'target step': target, 'pair of steps': source * target }
  return batch * times[per]
}

/** `12 MB`, or `1.3 GB`. */
export function memoryText(bytes: number): string {
  return bytes >= 1e9 ? gigabytes(bytes) : `${Math.ceil(bytes / 1e6)} MB`
}

/** `1.3 GB`. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
