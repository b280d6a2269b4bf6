/** Throws unless the two differ by at most `tolerance`, relative to the larger of 1 and what is expected. */
export function near(found: number, expected: number, tolerance: number, what: string): void {
  const gap = Math.abs(found - expected) / Math.max(1, Math.abs(expected))
  if (!(gap <= tolerance))
    throw new Error(`${what}: ${found}, expected ${expected} (differs by ${gap.toExponential(1)})`)
}
