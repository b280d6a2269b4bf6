import type { PredictionLine } from '../../../../train/types.js'
import type { AttentionExample } from '../types.js'

const attentionExamples = 4
const longestShown = 24

/** The first examples for which every variant with attention has recorded its weights. */
export function attentionOf(
  lines: readonly { readonly variant: string; readonly lines: readonly PredictionLine[] }[],
): AttentionExample[] {
  const attending = lines.filter((one) => one.lines.some(({ alignment }) => alignment !== undefined))
  const first = attending[0]?.lines ?? []
  const shared = first.filter(
    ({ index, alignment, source }) =>
      alignment !== undefined &&
      source.length <= longestShown &&
      attending.every((one) => one.lines.find((line) => line.index === index)?.alignment !== undefined),
  )
  return shared.slice(0, attentionExamples).map(({ index, source }) => ({
    source: [...source],
    maps: attending.flatMap((one) => {
      const line = one.lines.find((other) => other.index === index)
      if (line?.alignment === undefined) return []
      const rows = [...line.hypothesis, 'end'].slice(0, Math.min(line.alignment.length, longestShown))
      const weights = line.alignment.slice(0, rows.length).map((row) => row.map((weight) => Number(weight.toFixed(3))))
      return [{ variant: one.variant, rows, weights }]
    }),
  }))
}
