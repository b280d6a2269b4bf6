import type { Graph } from '../ir.js'
import { algebra } from './algebra.js'
import { commonSubexpressions } from './common-subexpressions.js'
import { constantFolding } from './constant-folding.js'
import { deadCode } from './dead-code.js'
import { gemmWithC, transposeFirst } from './gemm.js'
import { gradientsBySymbol } from './gradients-by-symbol.js'
import { logSoftmax } from './log-softmax.js'
import { lookupOfProducts } from './lookup-of-products.js'
import { noOps, reshapeChains, transposeAfterSum } from './no-ops.js'
import type { Pass } from './pass.js'
import { rowsAtOnce, scatterIntoSum } from './scatter.js'
import { joinedSplits, splitColumnsFirst } from './splits.js'
import { sumOfSquares } from './sum-of-squares.js'
import { viewInputs, viewOutputs } from './views.js'

/** Passes over a lowered graph, in order. */
const onnxPasses: readonly Pass[] = [
  deadCode,
  noOps,
  commonSubexpressions,
  joinedSplits,
  algebra,
  constantFolding,
  transposeAfterSum,
  reshapeChains,
  noOps,
  commonSubexpressions,
  deadCode,
  lookupOfProducts,
  gradientsBySymbol,
  commonSubexpressions,
  logSoftmax,
  deadCode,
  sumOfSquares,
  deadCode,
  viewOutputs,
  viewInputs,
  commonSubexpressions,
  deadCode,
  scatterIntoSum,
  gemmWithC,
  splitColumnsFirst,
  transposeFirst,
  deadCode,
]

/** Passes for a graph that runs on `threads` threads. */
export function passesFor(threads: number): readonly Pass[] {
  return threads === 1 ? [...onnxPasses, rowsAtOnce, deadCode] : onnxPasses
}

/** Runs passes one after the other; `seen` receives the graph before the first and after each. */
export function runPasses(graph: Graph, passes: readonly Pass[], seen: (stage: string, graph: Graph) => void): Graph {
  return passes.reduce((before, pass, index) => {
    const after = pass.run(before)
    seen(`${String(index + 1).padStart(2, '0')}-${pass.name}`, after)
    return after
  }, graph)
}
