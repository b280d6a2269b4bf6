import { sizeOf } from '../../../core/tensors.js'
import { type Graph, typeOf } from '../ir.js'

/** Numbers that ONNX Runtime computes at once, at most. */
const vector = 16

/**
 * Operators that move numbers, round them as IEEE 754 says, or work row by row: where a row is changes nothing. (Sums of float32
 * over the last axis would; a pass makes products of them.)
 */
const anywhere: ReadonlySet<string> = new Set([
  ...[
    'Identity',
    'Reshape',
    'Transpose',
    'Expand',
    'Tile',
    'Pad',
    'Slice',
    'Split',
    'Concat',
    'Where',
    'Cast',
    'OneHot',
  ],
  ...['Gather', 'GatherND', 'ScatterND', 'ScatterElements', 'Shape', 'Range', 'TopK', 'ArgMax', 'ArgMin', 'CumSum'],
  ...['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Abs', 'Min', 'Max', 'Sum', 'Clip', 'Relu', 'LeakyRelu', 'PRelu', 'Mod'],
  ...['Floor', 'Ceil', 'Round', 'Sign', 'IsNaN', 'IsInf', 'And', 'Or', 'Not', 'Equal', 'Less', 'LessOrEqual'],
  ...['Greater', 'GreaterOrEqual', 'ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd'],
  ...['Gemm', 'MatMul', 'Softmax', 'LogSoftmax', 'GRU', 'LSTM', 'RNN'],
])

/**
 * Of how many rows inputs are to be a multiple, so that a row's numbers do not depend on those around it. ONNX Runtime
 * computes an element-wise function in vectors of up to 16 numbers, and what is left over at a tensor's end one by one, with
 * other last bits: so all rows together are whole vectors. And a product of one row alone differs from the same among others.
 * Sizes that vary are odd in one of the traces: what is left is what the others have in common with a vector.
 */
export function rowsStepOf(traces: readonly Graph[]): number {
  const whole = traces.flatMap(functionSizes).map((size) => size & -size)
  return Math.max(2, vector / Math.min(vector, ...whole))
}

function functionSizes(graph: Graph): number[] {
  return graph.nodes.flatMap(({ op, body, outputs }) => {
    if (body !== undefined) return functionSizes(body)
    return anywhere.has(op) ? [] : outputs.map((value) => sizeOf(typeOf(graph, value).shape))
  })
}
