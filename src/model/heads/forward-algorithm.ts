import { at } from '../../core/lists.js'
import { add, concat, exp, expandDims, log, max, mul, softmax, squeeze, sub, sum } from '../../core/ops.js'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import { seriesOf, stepsOf } from '../gradients/series.js'
import { withStructuredGradient } from '../gradients/structured.js'

/** ln p of each next state, given ln p of the states before [B,S] and ln p of each move [B,S to,S from] -> [B,S]. */
export function reached(before: Tensor2D, moves: Tensor3D): Tensor2D {
  return arrivals(before, moves).reached
}

/**
 * `shares`: where each state was arrived at from, [B,S to,S from]. With m = max x and max p = e^m / Σ e^x, ln Σ e^x is
 * m − ln max p.
 */
function arrivals(before: Tensor2D, moves: Tensor3D): { readonly reached: Tensor2D; readonly shares: Tensor3D } {
  const paths = add(moves, expandDims(before, 1))
  const shares = softmax(paths)
  return { reached: sub(max(paths, 2), log(max(shares, 2))), shares }
}

/** ln Σ e^x over an axis, which is lost. */
export function logSumExp(x: Tensor2D, axis: number): Tensor1D
export function logSumExp(x: Tensor3D, axis: number): Tensor2D
export function logSumExp(x: Tensor2D | Tensor3D, axis: number): Tensor {
  const highest = max<Tensor>(x, axis, true)
  const sums = log(sum<Tensor>(exp(sub<Tensor>(x, highest)), axis, true))
  return squeeze(add<Tensor>(sums, highest), axis)
}

interface Chain {
  /** ln p of each move, [T*B,S to,S from]. */
  readonly moves: Tensor3D
  /** ln p of what each state gives at each step, [T*B,S]. */
  readonly given: Tensor2D
}

interface Residuals {
  readonly shares: readonly Tensor3D[]
  /** The states' probabilities at the end, [B,S]. */
  readonly last: Tensor2D
}

/**
 * ln Σ_a Π_t p(a_t | a_t−1) p(y_t | a_t), summed over every chain of states a_1 … a_T by the forward algorithm (Rabiner 1989,
 * (19)-(21)) in log space: ln p of the first states' predecessors `first` [B,S] (no gradient flows to it), series of T steps,
 * float32 -> [B]. The gradient is written out: it is the posterior of each move and of each state, which one pass back gives.
 */
export function logMarginal(first: Tensor2D, chain: Chain, steps: number): Tensor1D {
  const forward = () => {
    const [moves, given] = [stepsOf(chain.moves, steps), stepsOf(chain.given, steps)]
    const shares: Tensor3D[] = []
    let state = first
    for (let t = 0; t < steps; t++) {
      const arrived = arrivals(state, at(moves, t))
      shares.push(arrived.shares)
      state = add(arrived.reached, at(given, t))
    }
    return { value: logSumExp(state, 1), residuals: { shares, last: softmax(state) } }
  }
  return withStructuredGradient(chain, forward, posteriors)
}

/** Of each move and of each state, times the gradient of the example's sum [B]. */
function posteriors(gradient: Tensor1D, _: Chain, { shares, last }: Residuals): Chain {
  const moves: Tensor3D[] = []
  const given: Tensor2D[] = []
  let posterior = mul(last, expandDims(gradient, 1))
  for (const share of shares.toReversed()) {
    const pairs = mul(share, expandDims(posterior, 2))
    given.unshift(posterior)
    moves.unshift(pairs)
    posterior = sum(pairs, 1)
  }
  return { moves: concat(moves, 0), given: seriesOf(given) }
}
