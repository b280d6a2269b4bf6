import { sameShape, sameType, type ValueId } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

/** Drops nodes that change nothing (Identity, Reshape or Expand to the same shape, Cast to the same type). */
export const noOps: Pass = {
  name: 'no-ops',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [input] = node.inputs
      const [output] = node.outputs
      if (input === undefined || output === undefined || !unchanging.has(node.op)) return undefined
      return sameType(builder.type(input), builder.type(output)) ? [input] : undefined
    }),
}

const unchanging: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Expand', 'Cast', 'Tile', 'Pad'])

/** A Reshape of a Reshape is one; a Transpose of a Transpose is one, or none. */
export const reshapeChains: Pass = {
  name: 'reshape-chains',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [input, shape] = node.inputs
      const [output] = node.outputs
      const before = builder.producer(input)
      const source = before?.inputs[0]
      if (before === undefined || output === undefined || source === undefined || before.op !== node.op)
        return undefined
      if (node.op === 'Reshape' && shape !== undefined) {
        const type = builder.type(output)
        return sameShape(builder.type(source).shape, type.shape)
          ? [source]
          : builder.node('Reshape', [source, shape], node.attrs, [type])
      }
      if (node.op !== 'Transpose') return undefined
      return transposeTwice(source, permOf(before.attrs.perm), permOf(node.attrs.perm), (perm) =>
        builder.node('Transpose', [source], { perm }, [builder.type(output)]),
      )
    }),
}

function permOf(attr: unknown): readonly number[] {
  return Array.isArray(attr) ? attr : []
}

function transposeTwice(
  source: ValueId,
  first: readonly number[],
  second: readonly number[],
  make: (perm: readonly number[]) => ValueId[],
): ValueId[] {
  const perm = second.map((axis) => first[axis] ?? axis)
  return perm.every((axis, index) => axis === index) ? [source] : make(perm)
}
