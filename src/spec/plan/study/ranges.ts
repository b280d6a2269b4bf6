import type { Problem } from '../../../core/errors.js'
import { metrics } from '../../../metrics/index.js'

/** A value that the metric cannot have: 99.8 where 0.998 is meant. */
export function rangeProblems(path: string, metric: string, value: number): Problem[] {
  const [least, most] = metrics.get(metric).range
  const fits = (one: number) => one >= least && one <= most
  if (fits(value)) return []
  const message = `${metric} cannot be ${value}`
  const hint = most === 1 && fits(value / 100) ? `In the metric's own scale it is ${value / 100}.` : undefined
  return [{ path, message, expected: rangeText(least, most), received: String(value), ...(hint && { hint }) }]
}

function rangeText(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return `${least} or more`
  return least === Number.NEGATIVE_INFINITY ? `${most} or less` : `${least} to ${most}`
}

/** A difference (or a spread) as large as the metric's whole range: 5 where 5 points, 0.05, are meant. */
export function widthProblems(path: string, metric: string, difference: number): Problem[] {
  const [least, most] = metrics.get(metric).range
  const width = most - least
  if (difference < width) return []
  const message = `${difference} is not below the width of what ${metric} can be, ${least} to ${most}`
  const inOwnScale = most === 1 && difference > 1 && difference / 100 < width
  const hint = inOwnScale ? `In the metric's own scale ${difference} points are ${difference / 100}.` : undefined
  return [{ path, message, expected: `below ${width}`, received: String(difference), ...(hint && { hint }) }]
}
