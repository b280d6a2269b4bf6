import {
  add,
  addN,
  concat,
  div,
  exp,
  fill,
  gather,
  log,
  matMul,
  max,
  maximum,
  mul,
  pad,
  range,
  reshape,
  scatter,
  slice,
  sub,
  sum,
  transpose,
  unstack,
} from '../../core/ops.js'
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import { withStructuredGradient } from '../gradients/structured.js'
import type { ChainPotentials, HeadSeries } from './types.js'

/** Which rows the chains of a batch are. */
type Form = Pick<HeadSeries<unknown>, 'batch' | 'steps' | 'order' | 'real'>

/** What the backward pass needs of the forward pass; step by step. */
interface Residuals extends Scaled, Gold {
  readonly E: Tensor2D
  readonly alphas: readonly Tensor2D[]
  readonly reached: readonly Tensor2D[]
  /** exp(z − max z), [1,V]. */
  readonly endings: Tensor2D
  /** Σ_j α_t[j] exp(z_j − max z), [S*B,1]. */
  readonly ended: Tensor2D
}

/** The places of the true labels among all potentials, and which count. */
interface Gold {
  /** Of every row among the emissions, and among the transitions (from the row before), [S*B] int32. */
  readonly emitted: Tensor1D
  readonly passed: Tensor1D
  readonly ids: Tensor1D
  /** [S,B]: 1 on real steps; on the first of them; on those after it; on the last. */
  readonly real: Tensor2D
  readonly first: Tensor2D
  readonly later: Tensor2D
  readonly last: Tensor2D
}

/** The forward pass, scaled: α_t sums to 1, and `scales` (logarithms of what it was divided by) add up to the partition's. */
interface Scaled {
  readonly alphas: readonly Tensor2D[]
  /** α_{t−1} E of every step but the first. */
  readonly reached: readonly Tensor2D[]
}

/** A factor is at least this (69 nats below the largest of its kind), so that no sum is 0 in float32. */
const LEAST = 1e-30

/**
 * −ln p(y | x) of each example's true labels in a linear chain, [B], in nats:
 *   ψ(y) = a[y_1] + Σ_t e_t[y_t] + Σ_{t>1} A[y_{t−1}, y_t] + z[y_S],   −ln p = ln Σ_y' exp ψ(y') − ψ(y).
 * Emissions [N,V], ids [N] int32 of rows that are real up to each example's end; padding changes nothing, and an example of
 * padding alone costs 0. The partition is summed in products that are scaled at every step (Rabiner 1989, section V.A),
 * which are the log-sum-exps of log space as one matrix product a step. The gradient is written out: with γ_t = p(y_t | x),
 *   γ_{t−1} = α_{t−1} ⊙ ((γ_t / α_{t−1}E) Eᵀ),   E = exp A,
 *   de_t = γ_t − onehot(y_t),   dA = E ⊙ Σ_t α_{t−1}ᵀ (γ_t / α_{t−1}E) − counts of (y_{t−1}, y_t).
 */
export function chainNats(potentials: ChainPotentials, ids: Tensor1D, form: Form): Tensor1D {
  const gold = goldOf(ids, form, potentials.start.shape[0])
  const inputs = {
    emissions: stepsFirst(potentials.emissions, form),
    transitions: potentials.transitions,
    start: potentials.start,
    end: potentials.end,
  }
  return withStructuredGradient(
    inputs,
    () => forward(inputs, gold),
    (gradient, given, residuals) => backward(gradient, given, residuals),
  )
}

/** Potentials by step: emissions [S,B,V]. */
interface Inputs extends Omit<ChainPotentials, 'emissions'> {
  readonly emissions: Tensor3D
}

function forward(inputs: Inputs, gold: Gold): { readonly value: Tensor1D; readonly residuals: Residuals } {
  const { emissions, transitions, start, end } = inputs
  const [steps, batch, labels] = emissions.shape
  const [A, a, z] = [highest(transitions), highest(start), highest(end)]
  const E = factors(transitions, A)
  const shift = max(emissions, 2, true)
  const heights = unstack(exp(sub(emissions, shift)), 0)
  const { alphas, reached, scales } = scaledForward(heights, E, reshape(factors(start, a), [1, labels]))
  const endings = reshape(factors(end, z), [1, labels])
  const ended = matMul(concat(alphas, 0), endings, false, true)
  const { real, first, later, last } = gold
  const partition = addN([
    mul(add(log(reshape(concat(scales, 0), [steps, batch])), reshape(shift, [steps, batch])), real),
    mul(later, A),
    mul(first, add(a, z)),
    mul(log(reshape(ended, [steps, batch])), last),
  ])
  const value = sum(sub(partition, goldPotentials(inputs, gold)), 0)
  return { value, residuals: { E, alphas, reached, endings, ended, ...gold } }
}

/** α_t ∝ (α_{t−1} E) ⊙ exp(e_t − max e_t), each divided by its sum [B,1]. */
function scaledForward(heights: readonly Tensor2D[], E: Tensor2D, beginning: Tensor2D) {
  const [alphas, reached, scales]: [Tensor2D[], Tensor2D[], Tensor2D[]] = [[], [], []]
  let before: Tensor2D | undefined
  for (const height of heights) {
    const arriving = before === undefined ? beginning : matMul(before, E)
    const weights = mul(height, arriving)
    const scale = sum(weights, 1, true)
    if (before !== undefined) reached.push(arriving)
    before = div(weights, scale)
    alphas.push(before)
    scales.push(scale)
  }
  return { alphas, reached, scales }
}

/** What each step adds to ψ(y), [S,B]. */
function goldPotentials({ emissions, transitions, start, end }: Inputs, gold: Gold): Tensor2D {
  const { emitted, passed, ids, real, first, later, last } = gold
  const at = (x: Tensor, places: Tensor1D, weights: Tensor2D): Tensor2D =>
    mul(reshape(gather(reshape(x, [-1]), places), weights.shape), weights)
  return addN([at(emissions, emitted, real), at(start, ids, first), at(transitions, passed, later), at(end, ids, last)])
}

/** `gradient` [B] of each example's nats. */
function backward(gradient: Tensor1D, { emissions }: Inputs, residuals: Residuals): Inputs {
  const { E, alphas, reached, endings, ended, emitted, passed, ids, real, later, last } = residuals
  const [steps, batch, labels] = emissions.shape
  const rows = steps * batch
  const weighted = (mask: Tensor2D) => reshape(mul(mask, reshape(gradient, [1, batch])), [rows])
  const closed = mul(mul(concat(alphas, 0), endings), div(reshape(weighted(last), [rows, 1]), ended))
  const { posteriors, ratios } = smoothed(alphas, reached, unstack(reshape(closed, [steps, batch, labels]), 0), E)
  const minusGold = (places: Tensor1D, mask: Tensor2D, size: number) => scatter(places, mul(weighted(mask), -1), size)
  const de = add(concat(posteriors, 0), reshape(minusGold(emitted, real, rows * labels), [rows, labels]))
  const pairs = reshape(minusGold(passed, later, labels * labels), [labels, labels])
  return {
    emissions: reshape(de, [steps, batch, labels]),
    transitions: ratios.length === 0 ? pairs : add(mul(E, passes(alphas, ratios)), pairs),
    start: sum(slice(de, [0, 0], [batch, labels]), 0),
    end: add(sum(closed, 0), minusGold(ids, last, labels)),
  }
}

/** γ_t of every step [B,V], and γ_t / (α_{t−1} E) of every step but the first. */
function smoothed(
  alphas: readonly Tensor2D[],
  reached: readonly Tensor2D[],
  closed: readonly Tensor2D[],
  E: Tensor2D,
): { readonly posteriors: readonly Tensor2D[]; readonly ratios: readonly Tensor2D[] } {
  const [posteriors, ratios]: [Tensor2D[], Tensor2D[]] = [[], []]
  let after: Tensor2D | undefined
  for (const [place, own] of [...closed.entries()].reverse()) {
    const [alpha, arriving] = [alphas[place], reached[place]]
    let posterior = own
    if (after !== undefined && alpha !== undefined && arriving !== undefined) {
      const ratio = div(after, arriving)
      ratios.unshift(ratio)
      posterior = add(mul(alpha, matMul(ratio, E, false, true)), own)
    }
    posteriors.unshift(posterior)
    after = posterior
  }
  return { posteriors, ratios }
}

/** Σ_t α_{t−1}ᵀ (γ_t / α_{t−1}E), as one product. */
function passes(alphas: readonly Tensor2D[], ratios: readonly Tensor2D[]): Tensor2D {
  return matMul(concat(alphas.slice(0, -1), 0), concat(ratios, 0), true, false)
}

function highest(x: Tensor): Scalar {
  return max(reshape(x, [-1]), 0)
}

/** exp(x − top), and not less than LEAST. */
function factors<T extends Tensor>(x: T, top: Scalar): T {
  return maximum(exp(sub(x, top)), LEAST)
}

function goldOf(ids: Tensor1D, form: Form, labels: number): Gold {
  const { batch, steps } = form
  const real = vectorByStep(form.real, form)
  const ordered = reshape(vectorByStep(ids, form), [-1])
  const first = pad(slice(real, [0, 0], [1, batch]), [
    [0, steps - 1],
    [0, 0],
  ])
  const next = slice(
    pad(real, [
      [0, 1],
      [0, 0],
    ]),
    [1, 0],
    [steps, batch],
  )
  const before = slice(pad(ordered, [[batch, 0]]), [0], [steps * batch])
  return {
    emitted: add(ordered, range(0, steps * batch * labels, labels)),
    passed: add(mul(before, fill([steps * batch], labels, 'int32')), ordered),
    ids: ordered,
    ...{ real, first, later: sub(real, first), last: sub(real, next) },
  }
}

/** [N] -> [S,B]. */
function vectorByStep(x: Tensor1D, { batch, steps, order }: Form): Tensor2D {
  return order === 'steps' ? reshape(x, [steps, batch]) : transpose(reshape(x, [batch, steps]))
}

/** [N,V] -> [S,B,V]. */
function stepsFirst(x: Tensor2D, { batch, steps, order }: Form): Tensor3D {
  const labels = x.shape[1]
  return order === 'steps'
    ? reshape(x, [steps, batch, labels])
    : transpose(reshape(x, [batch, steps, labels]), [1, 0, 2])
}
