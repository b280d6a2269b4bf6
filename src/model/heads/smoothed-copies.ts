import {
  add,
  cast,
  div,
  equal,
  exp,
  expandDims,
  gather,
  less,
  log,
  matMul,
  maximum,
  mean,
  mul,
  range,
  reshape,
  sub,
  sum,
  where,
  zerosLike,
} from '../../core/ops.js'
import type { Tensor1D, Tensor2D } from '../../core/tf.js'
import { batchMajor, repeated, timeMajor } from '../gradients/series.js'

/** In the place of 0 under a logarithm. */
export const TINY = 1e-30

/** What a pointer-generator mixes at each row, a step of an example (N = T·B, step by step). */
interface Mixture {
  /** ln softmax(x W + b), [N,V]. */
  readonly logProbs: Tensor2D
  /** g, [N]. */
  readonly generates: Tensor1D
  /** α, [N,S]. */
  readonly alignment: Tensor2D
  /** The source's symbols as target symbols, [B,S] int32. */
  readonly copies: Tensor2D
  readonly steps: number
}

/**
 * (1/V) Σ_v ln p(v) of each row, [N], over the target vocabulary. With P the softmax and a_v the weight of all source steps
 * whose symbol is v, p(v) = g P(v) + (1 − g) a_v, so that
 *   Σ_v ln p(v) = V ln g + Σ_v ln P(v) + Σ_u ln(1 + (1 − g) a_u / (g P(u))),   u: the symbols of the source, each once:
 * no sum over V has a term for copying, and no [N,S,V] is formed.
 */
export function meanLogProbs({ logProbs, generates, alignment, copies, steps }: Mixture): Tensor1D {
  const vocabulary = logProbs.shape[1]
  const isKnown = less(copies, vocabulary)
  const ids = where(isKnown, copies, zerosLike(copies))
  const g = expandDims(generates, 1)
  const written = maximum(mul(g, exp(logProbsOf(logProbs, repeated(ids, steps)))), TINY)
  const copied = mul(sub(1, g), timeMajor(matMul(batchMajor(alignment, steps), alike(copies))))
  const counted = repeated(mul(firsts(copies), cast(isKnown, 'float32')), steps)
  const more = sum(mul(log(add(div(copied, written), 1)), counted), 1)
  return add(add(log(maximum(generates, TINY)), mean(logProbs, 1)), mul(more, 1 / vocabulary))
}

/** ln P of each row's ids: [N,V], [N,S] int32 -> [N,S]. */
function logProbsOf(logProbs: Tensor2D, ids: Tensor2D): Tensor2D {
  const [count, vocabulary] = logProbs.shape
  const rows = expandDims(range(0, count * vocabulary, vocabulary), 1)
  return reshape(gather(reshape(logProbs, [-1]), reshape(add(ids, rows), [-1])), [count, ids.shape[1]])
}

/** 1 where two source steps have the same symbol, [B,S,S]. */
function alike(copies: Tensor2D) {
  return cast(equal(expandDims(copies, 1), expandDims(copies, 2)), 'float32')
}

/** 1 where a source step is the first of its symbol, [B,S]. */
function firsts(copies: Tensor2D): Tensor2D {
  const steps = copies.shape[1]
  const places = range(0, steps, 1)
  const earlier = cast(less(expandDims(places, 0), expandDims(places, 1)), 'float32')
  // [B,S,S] · [1,S,S], summed over the other step.
  const before = sum(mul(alike(copies), expandDims(earlier, 0)), 2)
  return cast(less(before, 1), 'float32')
}
