import type { PredictionLine } from '../../../../train/types.js'
import { attendedSymbols } from '../../../format/attended.js'
import type { AttentionExample } from '../types.js'

const attentionExamples = 4
const longestShown = 24

type Attending = readonly { readonly lines: readonly PredictionLine[] }[]

/** The most columns that an example has under any variant. */
function columnsOf(attending: Attending, index: number): string[] {
  const all = attending.flatMap(({ lines }) => lines.filter((line) => line.index === index).map(attendedSymbols))
  return [...(all.sort((a, b) => b.length - a.length)[0] ?? [])]
}

/** The first examples for which every variant with attention has recorded its weights. */
export function attentionOf(
  lines: readonly { readonly variant: string; readonly lines: readonly PredictionLine[] }[],
): AttentionExample[] {
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
      const before = new Array<number>(source.length - attendedSymbols(line).length).fill(0)
      const rounded = (row: readonly number[]) => row.map((weight) => Number(weight.toFixed(3)))
      const weights = line.alignment.slice(0, rows.length).map((row) => [...before, ...rounded(row)])
      return [{ variant: one.variant, rows, weights }]
    })
    return { source, maps }
  })
}
