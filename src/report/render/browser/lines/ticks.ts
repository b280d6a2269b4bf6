// Where an axis has its labels, and where it ends.

/** The smallest of 1, 2 and 5 times a power of ten that goes into a span at most `most` times. */
function stepOf(span: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(span / Math.max(1, most)))
  return [1, 2, 5].map((factor) => factor * power).find((step) => span / step <= most) ?? 10 * power
}

/** Without what binary fractions add: 0.30000000000000004. */
const exact = (value: number) => Number(value.toPrecision(12))

/** Multiples of 1, 2 or 5 times a power of ten from `low` to `high`, about `most` of them; one where both are equal. */
export function linearTicks(low: number, high: number, most: number, least = 0): number[] {
  if (!(high > low)) return [low]
  const step = Math.max(stepOf(high - low, most), least)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => exact((first + at) * step))
}

/** Powers of ten from `low` to `high`; with two and five times them, then all multiples, where these are few. Both are positive. */
export function logTicks(low: number, high: number, most: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const decades = Array.from({ length: last - first + 1 }, (_, at) => 10 ** (first + at))
  for (const factors of [[1], [1, 2, 5]]) {
    const ticks = decades
      .flatMap((decade) => factors.map((factor) => exact(factor * decade)))
      .filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
    const every = Math.ceil(ticks.length / most)
    if (ticks.length > 2) return ticks.filter((_, at) => at % every === 0)
  }
  return linearTicks(low, high, most)
}

export type Range = readonly [low: number, high: number]

/** Around all values, rounded outwards to ticks, but not beyond `max`; of a single value as far again around it. */
export function linearRange(values: readonly number[], most: number, max = Number.POSITIVE_INFINITY): Range {
  const [low, high] = extentOf(values)
  if (low === high)
    return [low - (Math.abs(low) || 1) / 2, Math.min(Math.max(max, high), high + (Math.abs(high) || 1) / 2)]
  const step = stepOf(high - low, most)
  const [floor, ceiling] = [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step]
  return [exact(floor), exact(ceiling > max && high <= max ? max : ceiling)]
}

/** The same of positive values, rounded to 1, 2 or 5 times a power of ten. */
export function logRange(values: readonly number[]): Range {
  const [low, high] = extentOf(values)
  const bounds = (value: number) => {
    const power = 10 ** Math.floor(Math.log10(value))
    return [1, 2, 5, 10].map((factor) => factor * power)
  }
  const below = bounds(low).findLast((bound) => bound <= low * (1 + 1e-9)) ?? low
  const above = bounds(high).find((bound) => bound >= high * (1 - 1e-9)) ?? high
  return [exact(below), exact(below === above ? 2 * above : above)]
}

export function extentOf(values: readonly number[]): Range {
  const [first = 0] = values
  return values.reduce<Range>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [first, first])
}
