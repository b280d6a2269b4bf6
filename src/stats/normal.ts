import jstat from 'jstat'

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  return jstat.jStat.normal.cdf(z, 0, 1)
}

/** The z below which a share p of the standard normal distribution lies, 0 < p < 1. */
export function normalQuantile(p: number): number {
  return jstat.jStat.normal.inv(p, 0, 1)
}
