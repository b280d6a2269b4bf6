import { sameShape, sameType, type ValueId } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

/** Drops nodes that change nothing (Identity, Reshape or Expand to the same shape, Cast to the same type, axes as they were). */
export const noOps: Pass = {
  name: 'no-ops',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [input] = node.inputs
      const [output] = node.outputs
      if (input === undefined || output === undefined) return undefined
      if (node.op === 'Transpose') return inOrder(permOf(node.attrs.perm)) ? [input] : undefined
      if (!unchanging.has(node.op)) return undefined
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
  return inOrder(perm) ? [source] : make(perm)
}

function inOrder(perm: readonly number[]): boolean {
  return perm.every((axis, index) => axis === index)
}

/** A sum of two values with their axes in the same new order is their sum in that order: so that orders can meet and cancel. */
export const transposeAfterSum: Pass = {
  name: 'transpose-after-sum',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [a, b] = node.op === 'Add' ? node.inputs.map((value) => builder.producer(value)) : []
      const [output] = node.outputs
      if (a?.op !== 'Transpose' || b?.op !== 'Transpose' || output === undefined) return undefined
      const [x, y] = [a.inputs[0] ?? -1, b.inputs[0] ?? -1]
      const perm = permOf(a.attrs.perm)
      if (perm.join() !== permOf(b.attrs.perm).join() || !sameType(builder.type(x), builder.type(y))) return undefined
      const [sum = -1] = builder.node('Add', [x, y], {}, [builder.type(x)])
      return builder.node('Transpose', [sum], { perm }, [builder.type(output)])
    }),
}
