const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/**
 * Numbers as a row of blocks between their lowest and highest. At most `width`: of neighbours the one that is farthest from
 * the mean of all, so that a peak stays. '' for none.
 */
export function sparkline(values: readonly number[], width: number): string {
  const finite = values.filter(Number.isFinite)
  const mean = finite.reduce((sum, value) => sum + value / finite.length, 0)
  const farther = (a: number, b: number) => (Math.abs(b - mean) > Math.abs(a - mean) ? b : a)
  const run = Math.ceil(finite.length / width)
  const columns = Array.from({ length: run === 0 ? 0 : Math.ceil(finite.length / run) }, (_, at) =>
    finite.slice(at * run, (at + 1) * run).reduce(farther),
  )
  const low = Math.min(...columns)
  const height = Math.max(...columns) - low
  const level = (value: number) => (height === 0 ? 0 : Math.round(((value - low) / height) * (blocks.length - 1)))
  return columns.map((value) => blocks[level(value)] ?? '').join('')
}
