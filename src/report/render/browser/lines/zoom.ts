import type { Range } from './ticks.js'

/** A range made narrower or wider around a place, which keeps its share of it; undefined where that is the whole one. */
export function zoomed([low, high]: Range, [first, last]: Range, factor: number, around: number): Range | undefined {
  const span = Math.max((last - first) / 1000, Math.min(last - first, (high - low) * factor))
  if (span >= last - first) return undefined
  const share = (Math.min(high, Math.max(low, around)) - low) / (high - low)
  const from = Math.min(last - span, Math.max(first, low + share * (high - low) - share * span))
  return [from, from + span]
}
