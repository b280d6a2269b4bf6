import jstat from 'jstat'

// jStat computes both by the incomplete beta function, to about 7 digits: test/stats/student.test.ts holds them against SciPy.

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
