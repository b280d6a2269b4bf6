import jstat from 'jstat'

// jStat's quantile of the beta distribution is a Newton iteration to a relative step of 1e-8:
// test/stats/clopper-pearson.test.ts holds it against SciPy.

/**
 * The exact interval of a share by `successes` of `examples`: low = B(α/2; k, n − k + 1), high = B(1 − α/2; k + 1, n − k) with
 * B the beta distribution's quantile and α = 1 − level; low = 0 where k = 0, and high = 1 where k = n. It covers at least as
 * often as its level says. Throws RangeError unless 0 ≤ k ≤ n and n ≥ 1, whole numbers.
 * Source: Clopper & Pearson 1934, The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial.
 */
export function clopperPearson(successes: number, examples: number, level: number): { low: number; high: number } {
  const whole = Number.isInteger(successes) && Number.isInteger(examples)
  if (!whole || successes < 0 || examples < 1 || successes > examples) {
    throw new RangeError(`${successes} of ${examples} is no share of examples`)
  }
  const tail = (1 - level) / 2
  const failures = examples - successes
  const { beta } = jstat.jStat
  return {
    low: successes === 0 ? 0 : beta.inv(tail, successes, failures + 1),
    high: failures === 0 ? 1 : beta.inv(1 - tail, successes + 1, failures),
  }
}
