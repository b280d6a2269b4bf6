import {
  add,
  addN,
  cast,
  equal,
  expandDims,
  greaterEqual,
  logSoftmax,
  matMul,
  mul,
  range,
  reshape,
  split,
  splitSizes,
  sub,
  transpose,
} from '../../core/ops.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { type Axis, joined, units } from '../axes.js'
import { batchMajor, repeated, timeMajor } from '../gradients/series.js'
import { denseParameters } from '../maps/dense.js'
import { paddingBias } from '../masks.js'
import { glorot, type ParameterTree, type Params, type ParamsOf } from '../parameters.js'
import { denseSteps } from '../scorers/shared.js'

/** What is known of the source: what `prepare` gave, and what masks its padding, [B,S]. */
interface PreparedSource {
  readonly prepared: Tensor3D
  readonly padding: Tensor2D
}

/** How an alignment moves from one target step to the next: never back. */
export interface Moves {
  readonly parameters: ParameterTree
  /** Computed once a source, from what the encoder gives [B,S,D]. */
  prepare(params: Params, outputs: Tensor3D): Tensor3D
  /**
   * x [T*B,R], a series of T steps -> a score for each move, [T*B,S from,S to]: or one, [T*B,1,S to], that does not depend on
   * where it starts.
   */
  scores(params: Params, x: Tensor2D, prepared: Tensor3D, steps: number): Tensor3D
  /** 1 where there is a move, else 0, for a distance of each [S from,S to] int32. */
  allowed(distances: Tensor2D): Tensor2D
}

function moves<P extends ParameterTree>(built: {
  readonly parameters: P
  prepare(params: ParamsOf<P>, outputs: Tensor3D): Tensor3D
  scores(params: ParamsOf<P>, x: Tensor2D, prepared: Tensor3D, steps: number): Tensor3D
  allowed(distances: Tensor2D): Tensor2D
}): Moves {
  return built
}

/** ln p(a_t = to | a_t−1 = from), [T*B,S to,S from]: a softmax over the moves that there are to real source steps. */
export function logMoves(
  { scores, allowed }: Moves,
  params: Params,
  x: Tensor2D,
  { prepared, padding }: PreparedSource,
  steps: number,
): Tensor3D {
  const [, count] = padding.shape
  const real = add(scores(params, x, prepared, steps), expandDims(repeated(padding, steps), 1))
  return transpose(logSoftmax(add(real, paddingBias(allowed(distances(count))))), [0, 2, 1])
}

/** Order 0: to any later step, or to none, by how well the step fits. input R, outputs D. */
export function movesByFit(input: Axis, outputs: Axis): Moves {
  return moves({
    parameters: { kernel: glorot([outputs, input]) },
    prepare: (p, outputs) => denseSteps(outputs, p.kernel),
    scores: (_, x, keys, steps) => {
      const scores = matMul(batchMajor(x, steps), keys, false, true)
      return expandDims(timeMajor(scores), 1)
    },
    allowed: (distances) => atLeast(distances, 0),
  })
}

/** Order 1: ahead by 0 to `window` steps, by where the alignment is. */
export function movesByDistance(window: number, input: Axis, outputs: Axis): Moves {
  const sizes = [input.size, input.size] as const
  return moves({
    parameters: {
      kernel: glorot([outputs, input]),
      jump: denseParameters(joined(input, input), units('J', window + 1)),
    },
    prepare: (p, outputs) => {
      const [, ofSource] = splitSizes(p.jump.kernel, sizes, 0)
      return add(denseSteps(denseSteps(outputs, p.kernel), ofSource), p.jump.bias)
    },
    scores: (p, x, prepared, steps) => {
      const [batch, count, size] = prepared.shape
      const [ofOutput] = splitSizes(p.jump.kernel, sizes, 0)
      const own = reshape(matMul(x, ofOutput), [steps, batch, 1, size])
      const jumps = reshape(add(own, expandDims(prepared, 0)), [steps * batch, count, size])
      const distance = distances(count)
      const places = (jump: number) => cast(equal(distance, jump), 'float32')
      return addN(split(jumps, size, 2).map((column, jump) => mul(column, places(jump))))
    },
    allowed: (distances) => sub(atLeast(distances, 0), atLeast(distances, window + 1)),
  })
}

function atLeast(distances: Tensor2D, least: number): Tensor2D {
  return cast(greaterEqual(distances, least), 'float32')
}

/** How far each step is ahead of each other one, [S from,S to] int32. */
function distances(count: number): Tensor2D {
  const steps = range(0, count, 1)
  return sub(expandDims(steps, 0), expandDims(steps, 1))
}
