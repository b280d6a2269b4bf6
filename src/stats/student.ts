import jstat from 'jstat'

// jStat computes both by the incomplete beta function, to about 7 digits: test/stats/student.test.ts holds them against SciPy.
// It is finished rather than tended (last release 1.9.6, November 2022), and alone: no dependencies, nothing that reaches out.
// The tended alternative, stdlib's t distribution, is exact to 15 digits and brings 233 packages for these two functions.

/** P(T ≤ t) of Student's t with any positive real number of degrees of freedom. */
export function studentCdf(t: number, degreesOfFreedom: number): number {
  return jstat.jStat.studentt.cdf(t, degreesOfFreedom)
}

/** The t below which a share p of Student's distribution lies, 0 < p < 1. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  return jstat.jStat.studentt.inv(p, degreesOfFreedom)
}

/** P(|T| ≥ |t|). */
export function twoSidedP(t: number, degreesOfFreedom: number): number {
  return Math.min(1, 2 * studentCdf(-Math.abs(t), degreesOfFreedom))
}
