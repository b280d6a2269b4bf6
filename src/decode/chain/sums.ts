import type { Chain } from './types.js'

// Sums over all paths of a chain, in log space and float64 (forward-backward: Rabiner 1989, section III).

/** ln Σ_y exp ψ(y), in nats. */
export function logPartition(chain: Chain): number {
  return chain.steps === 0 ? 0 : ended(chain, forward(chain))
}

/** The same, of α. */
function ended({ steps, labels, end }: Chain, alpha: Float64Array): number {
  const last = alpha.subarray((steps - 1) * labels)
  return logSum(labels, (label) => (last[label] ?? 0) + (end[label] ?? 0))
}

/** ψ of a path, in nats. */
export function potentialOf({ labels, emissions, transitions, start, end }: Chain, ids: readonly number[]): number {
  const [first = 0, last = 0] = [ids[0], ids.at(-1)]
  return ids.reduce(
    (sum, id, step) => {
      const pair = step === 0 ? 0 : (transitions[(ids[step - 1] ?? 0) * labels + id] ?? 0)
      return sum + (emissions[step * labels + id] ?? 0) + pair
    },
    ids.length === 0 ? 0 : (start[first] ?? 0) + (end[last] ?? 0),
  )
}

/** ln p(y_s = v | x) of every step and label, [S][V]. */
export function logMarginals(chain: Chain): number[][] {
  const { steps, labels } = chain
  const [alpha, beta] = [forward(chain), backward(chain)]
  const partition = ended(chain, alpha)
  return Array.from({ length: steps }, (_, step) =>
    Array.from({ length: labels }, (_, label) => {
      const place = step * labels + label
      return Math.min(0, (alpha[place] ?? 0) + (beta[place] ?? 0) - partition)
    }),
  )
}

/** ln p(y_s | y_<s, x) of each label of a path: their sum is ln p(y | x). */
export function logConditionals(chain: Chain, ids: readonly number[]): number[] {
  const { labels, emissions, transitions, start } = chain
  const beta = backward(chain)
  let rest = logPartition(chain)
  return ids.map((id, step) => {
    const place = step * labels + id
    const arriving = step === 0 ? start[id] : transitions[(ids[step - 1] ?? 0) * labels + id]
    const after = beta[place] ?? 0
    const logProb = (arriving ?? 0) + (emissions[place] ?? 0) + after - rest
    rest = after
    return Math.min(0, logProb)
  })
}

/**
 * −ln p(the labels that are known | x), in nats; a label below 0 is not known, and is summed over.
 */
export function nats(chain: Chain, ids: readonly number[]): number {
  const partition = logPartition(chain)
  if (ids.every((id) => id >= 0)) return Math.max(0, partition - potentialOf(chain, ids))
  const { steps, labels, emissions } = chain
  const clamped = Float64Array.from({ length: steps * labels }, (_, place) => {
    const known = ids[Math.floor(place / labels)] ?? -1
    return known < 0 || known === place % labels ? (emissions[place] ?? 0) : Number.NEGATIVE_INFINITY
  })
  return Math.max(0, partition - logPartition({ ...chain, emissions: clamped }))
}

/** α: ln of the sum over all beginnings that are at v at step s, [S*V]. */
function forward({ steps, labels, emissions, transitions, start }: Chain): Float64Array {
  const alpha = new Float64Array(steps * labels)
  const factor = factors(transitions)
  for (let label = 0; label < labels; label++) alpha[label] = (start[label] ?? 0) + (emissions[label] ?? 0)
  for (let step = 1; step < steps; step++) {
    const before = alpha.subarray((step - 1) * labels, step * labels)
    const sums = logProduct(before, factor, (from, to) => from * labels + to)
    for (let label = 0; label < labels; label++) {
      const place = step * labels + label
      alpha[place] = (sums[label] ?? 0) + (emissions[place] ?? 0)
    }
  }
  return alpha
}

/** β: ln of the sum over all endings after v at step s, [S*V]. */
function backward({ steps, labels, emissions, transitions, end }: Chain): Float64Array {
  const beta = new Float64Array(steps * labels)
  const factor = factors(transitions)
  for (let label = 0; label < labels; label++) beta[(steps - 1) * labels + label] = end[label] ?? 0
  for (let step = steps - 2; step >= 0; step--) {
    const after = beta.slice((step + 1) * labels, (step + 2) * labels)
    for (let label = 0; label < labels; label++) {
      after[label] = (after[label] ?? 0) + (emissions[(step + 1) * labels + label] ?? 0)
    }
    beta.set(
      logProduct(after, factor, (from, to) => to * labels + from),
      step * labels,
    )
  }
  return beta
}

interface Factors {
  readonly logs: ArrayLike<number>
  readonly top: number
  /** exp(logs − top). */
  readonly values: Float64Array
}

function factors(logs: ArrayLike<number>): Factors {
  let top = Number.NEGATIVE_INFINITY
  for (let place = 0; place < logs.length; place++) top = Math.max(top, logs[place] ?? 0)
  return {
    logs,
    top,
    values: Float64Array.from({ length: logs.length }, (_, place) => Math.exp((logs[place] ?? 0) - top)),
  }
}

/** Of float64, 2^-1022: numbers below have fewer digits. */
const smallestNormal = Number.MIN_VALUE / Number.EPSILON

/** ln Σ_i exp(x_i + A_ij) for each j; `at`: the place of a factor. */
function logProduct(
  x: Float64Array,
  { logs, top, values }: Factors,
  at: (i: number, j: number) => number,
): Float64Array {
  const highest = x.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const weights = x.map((value) => Math.exp(value - highest))
  return x.map((_, j) => {
    let total = 0
    for (let i = 0; i < x.length; i++) total += (weights[i] ?? 0) * (values[at(i, j)] ?? 0)
    // What is 0 in float64, or has lost digits, is summed as logarithms; so is NaN, where all of x or A is impossible.
    if (total >= smallestNormal) return highest + top + Math.log(total)
    return logSum(x.length, (i) => (x[i] ?? 0) + (logs[at(i, j)] ?? 0))
  })
}

function logSum(count: number, value: (index: number) => number): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let index = 0; index < count; index++) highest = Math.max(highest, value(index))
  if (highest === Number.NEGATIVE_INFINITY) return highest
  let total = 0
  for (let index = 0; index < count; index++) total += Math.exp(value(index) - highest)
  return highest + Math.log(total)
}
