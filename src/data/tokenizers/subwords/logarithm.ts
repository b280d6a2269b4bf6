/**
 * ln x for x > 0, from additions, multiplications and divisions alone: these are the same on every machine, which
 * Math.log need not be. ln x = e ln 2 + 2 artanh((m - 1) / (m + 1)) for x = m 2^e.
 */
export function portableLog(x: number): number {
  let [mantissa, exponent] = [x, 0]
  for (; mantissa > Math.SQRT2; mantissa /= 2) exponent += 1
  for (; mantissa < Math.SQRT1_2; mantissa *= 2) exponent -= 1
  const t = (mantissa - 1) / (mantissa + 1)
  let [sum, power] = [0, t]
  for (let odd = 1; odd < 40; odd += 2) {
    sum += power / odd
    power *= t * t
  }
  return exponent * Math.LN2 + 2 * sum
}
