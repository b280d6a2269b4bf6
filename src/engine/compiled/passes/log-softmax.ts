import type { GraphBuilder } from '../builder.js'
import type { Node, ValueId } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

/**
 * s - log Σ exp s with s = x - max x, over the last axis, is ONNX's own LogSoftmax: one pass over memory instead of six.
 */
export const logSoftmax: Pass = {
  name: 'log-softmax',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const x = source(node, builder)
      const [output] = node.outputs
      if (x === undefined || output === undefined) return undefined
      return builder.node('LogSoftmax', [x], { axis: -1 }, [builder.type(output)])
    }),
}

function source(node: Node, builder: GraphBuilder): ValueId | undefined {
  if (node.op !== 'Sub') return undefined
  const inputsOf = (value: ValueId | undefined, op: string): readonly ValueId[] => {
    const producer = builder.producer(value)
    return producer?.op === op ? producer.inputs : []
  }
  const [shifted, log] = node.inputs
  const [sum] = inputsOf(log, 'Log')
  const [exp, axes] = inputsOf(sum, 'ReduceSum')
  const [same] = inputsOf(exp, 'Exp')
  const [x, max] = inputsOf(shifted, 'Sub')
  const [again, maxAxes] = inputsOf(max, 'ReduceMax')
  if (x === undefined || same !== shifted || again !== x) return undefined
  const last = builder.type(x).shape.length - 1
  return isOnly(builder, axes, last) && isOnly(builder, maxAxes, last) ? x : undefined
}

function isOnly(builder: GraphBuilder, axes: ValueId | undefined, last: number): boolean {
  const data = axes === undefined ? undefined : builder.data(axes)
  return data?.length === 1 && Number(data[0]) === last
}
