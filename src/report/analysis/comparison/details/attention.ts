import { attendedSymbols } from '../../../../model/attends.js'
import type { FeaturesOptions } from '../../../../model/options.js'
import type { PredictionLine } from '../../../../train/types.js'
import type { AttentionExample } from '../types.js'

const attentionExamples = 4
const longestShown = 24

interface Attending {
  readonly lines: readonly PredictionLine[]
  /** How its model reads them, where it does. */
  readonly features?: FeaturesOptions | undefined
}

/** The most columns that an example has under any variant. */
function columnsOf(attending: readonly Attending[], index: number): string[] {
  const all = attending.flatMap(({ lines, features }) =>
    lines.filter((line) => line.index === index).map((line) => attendedSymbols(line, features)),
  )
  return [...(all.sort((a, b) => b.length - a.length)[0] ?? [])]
}

/** The first examples for which every variant with attention has recorded its weights. */
export function attentionOf(lines: readonly (Attending & { readonly variant: string })[]): AttentionExample[] {
  const attending = lines.filter((one) => one.lines.some(({ alignment }) => alignment !== undefined))
  const first = attending[0]?.lines ?? []
  const shared = first.filter(
    ({ index, alignment }) =>
      alignment !== undefined &&
      columnsOf(attending, index).length <= longestShown &&
      attending.every((one) => one.lines.find((line) => line.index === index)?.alignment !== undefined),
  )
  return shared.slice(0, attentionExamples).map(({ index }) => {
    const source = columnsOf(attending, index)
    const maps = attending.flatMap((one) => {
      const line = one.lines.find((other) => other.index === index)
      if (line?.alignment === undefined) return []
      const rows = [...line.hypothesis, 'end'].slice(0, Math.min(line.alignment.length, longestShown))
      // Features are columns for those alone that attend to them there.
      const before = new Array<number>(source.length - attendedSymbols(line, one.features).length).fill(0)
      const rounded = (row: readonly number[]) => row.map((weight) => Number(weight.toFixed(3)))
      const weights = line.alignment.slice(0, rows.length).map((row) => [...before, ...rounded(row)])
      return [{ variant: one.variant, rows, weights }]
    })
    return { source, maps }
  })
}
