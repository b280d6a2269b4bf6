import { sizeOf } from '../../../core/tensors.js'
import { elements, filled, type GraphBuilder } from '../builder.js'
import { type ElementData, type Node, uniform, type ValueId, type ValueType } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

/**
 * Nodes over constants alone become constants, as far as they give the same bytes here as in ONNX Runtime: arithmetic
 * that IEEE 754 rounds correctly, and what only moves numbers. Large results are folded only where they are one number
 * throughout, so that the graph does not grow.
 */
export const constantFolding: Pass = {
  name: 'constant-folding',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const [first] = node.inputs
      if (first === undefined || builder.data(first) === undefined) return undefined
      const types = node.outputs.map((value) => builder.type(value))
      const folded =
        movedUniform(node, types, builder) ?? reshaped(node, types, builder) ?? computed(node, types, builder)
      return folded?.map((data, index) => builder.constant(builder.type(node.outputs[index] ?? -1), data))
    }),
}

const largest = 2 ** 12

/** Operators that give numbers of their first `data` inputs (all of them: Infinity), and nothing else. */
const movers: Readonly<Record<string, number>> = {
  ...{ Identity: 1, Reshape: 1, Expand: 1, Transpose: 1, Split: 1, Slice: 1, Tile: 1 },
  Concat: Number.POSITIVE_INFINITY,
}

/** Where a node moves one number about, its outputs are that number throughout. */
function movedUniform(
  { op, inputs }: Node,
  types: readonly ValueType[],
  builder: GraphBuilder,
): ElementData[] | undefined {
  const numbers = inputs.slice(0, movers[op] ?? 0).map((value) => numberIn(builder, value))
  const [first] = numbers
  const same = first !== undefined && numbers.every((number) => Object.is(number, first))
  return same && types.every(({ shape }) => sizeOf(shape) > 0) ? types.map((type) => filled(type, first)) : undefined
}

/** The value that all elements of a constant have; 0 and -0 are distinct. */
function numberIn(builder: GraphBuilder, value: ValueId): number | undefined {
  const data = builder.data(value)
  const first = data?.[0]
  if (data === undefined || first === undefined) return undefined
  const alike = uniform.has(data) || data.every((item: number | bigint) => Object.is(item, first))
  return alike ? Number(first) : undefined
}

function reshaped({ op, inputs }: Node, types: readonly ValueType[], builder: GraphBuilder): ElementData[] | undefined {
  const data = inputs[0] === undefined ? undefined : builder.data(inputs[0])
  return op === 'Reshape' && data !== undefined && types.length === 1 ? [data] : undefined
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Neg: (a) => -a,
  Abs: (a) => Math.abs(a),
  Sqrt: (a) => Math.sqrt(a),
}

/** float32 element by element; an input is of the output's shape, or one number. */
function computed({ op, inputs }: Node, types: readonly ValueType[], builder: GraphBuilder): ElementData[] | undefined {
  const [type] = types
  const compute = arithmetic[op]
  const size = sizeOf(type?.shape ?? [])
  if (compute === undefined || type?.dtype !== 'float32' || size > largest) return undefined
  const data = inputs.map((value) => builder.data(value))
  const usable = (one: ElementData | undefined): one is Float32Array =>
    one instanceof Float32Array && (one.length === size || one.length === 1)
  if (!data.every(usable)) return undefined
  const [a, b = a] = data
  const at = (of: Float32Array | undefined, index: number) => of?.[of.length === 1 ? 0 : index] ?? Number.NaN
  return [
    elements(
      'float32',
      Array.from({ length: size }, (_, index) => compute(at(a, index), at(b, index))),
    ),
  ]
}
