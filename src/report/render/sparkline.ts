const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Numbers as a row of blocks between their lowest and highest; at most `width`, neighbours averaged. '' for none. */
export function sparkline(values: readonly number[], width: number): string {
  const finite = values.filter(Number.isFinite)
  const run = Math.ceil(finite.length / width)
  const columns = Array.from({ length: run === 0 ? 0 : Math.ceil(finite.length / run) }, (_, at) => {
    const part = finite.slice(at * run, (at + 1) * run)
    return part.reduce((sum, value) => sum + value, 0) / part.length
  })
  const low = Math.min(...columns)
  const height = Math.max(...columns) - low
  const level = (value: number) => (height === 0 ? 0 : Math.round(((value - low) / height) * (blocks.length - 1)))
  return columns.map((value) => blocks[level(value)] ?? '').join('')
}
