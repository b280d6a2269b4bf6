import { sizeOf } from '../../../core/tensors.js'
import { elements } from '../builder.js'
import { countUses, type Node, sameShape, type ValueId } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

/** A sum with a matrix product is the product's third input: one operator, and no pass over memory of its own. */
export const gemmWithC: Pass = {
  name: 'gemm-with-c',
  run: (graph) => {
    const uses = countUses(graph)
    return rewrite(graph, (node, builder) => {
      const [output] = node.outputs
      if (node.op !== 'Add' || output === undefined) return undefined
      const [a = -1, b = -1] = node.inputs
      const type = builder.type(output)
      for (const [product, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const gemm = builder.producer(product)
        const free = gemm?.op === 'Gemm' && gemm.inputs.length === 2 && uses.get(product) === 1
        if (
          !free ||
          !fits(builder.type(other).shape, type.shape) ||
          !sameShape(builder.type(product).shape, type.shape)
        ) {
          continue
        }
        return builder.node('Gemm', [...gemm.inputs, other], gemm.attrs, [type])
      }
      return undefined
    })
  },
}

/** ONNX broadcasts C one way: [N], [1,N], [M,1] or [M,N] to [M,N]. */
function fits(shape: readonly number[], [rows, columns]: readonly number[]): boolean {
  const [m, n] = shape.length === 1 ? [1, shape[0]] : shape
  return shape.length >= 1 && shape.length <= 2 && (m === rows || m === 1) && (n === columns || n === 1)
}

/** Above this many multiplications a transposed left side costs more than to transpose it first. */
const LARGE = 2 ** 25

/**
 * Aᵀ B of a large product reads A against its grain: it is turned round first. At rank 3, since ONNX Runtime would fold
 * a Transpose at rank 2 back into the product.
 */
export const transposeFirst: Pass = {
  name: 'transpose-first',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [a, ...others] = node.inputs
      const [output] = node.outputs
      if (node.op !== 'Gemm' || a === undefined || output === undefined || node.attrs.transA !== 1) return undefined
      const { dtype, shape } = builder.type(a)
      const [rows = 1, columns = 1] = shape
      if (sizeOf(shape) * (builder.type(output).shape[1] ?? 1) < LARGE) return undefined
      const long = (numbers: readonly number[]) =>
        builder.constant({ dtype: 'int64', shape: [numbers.length] }, elements('int64', numbers))
      const step = (op: string, inputs: readonly ValueId[], attrs: Node['attrs'], to: readonly number[]) =>
        builder.single(op, inputs, attrs, { dtype, shape: to })
      const raised = step('Reshape', [a, long([1, rows, columns])], {}, [1, rows, columns])
      const turned = step('Transpose', [raised], { perm: [0, 2, 1] }, [1, columns, rows])
      const flat = step('Reshape', [turned, long([columns, rows])], {}, [columns, rows])
      return builder.node('Gemm', [flat, ...others], { ...node.attrs, transA: 0 }, [builder.type(output)])
    }),
}
