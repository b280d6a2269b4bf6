import { listed } from '../../../format/grammar.js'

// Why something is not drawn.

/** Something without a value, and why. */
export interface Gap {
  readonly name: string
  readonly reason: string
}

/** `gru and lstm: there is no scored token; rnn: ...`: names with the same reason together. */
function gapText(gaps: readonly Gap[]): string {
  const reasons = [...new Set(gaps.map(({ reason }) => reason))]
  return reasons
    .map((reason) => `${listed(gaps.filter((gap) => gap.reason === reason).map(({ name }) => name))}: ${reason}`)
    .join('; ')
}

/** For the end of a figure's note: what is not in the chart. '' where everything is. */
export function gapNote(gaps: readonly Gap[]): string {
  return gaps.length === 0 ? '' : ` Not drawn: ${gapText(gaps)}.`
}

/** In place of a chart where nothing can be drawn; undefined where something can. */
export function noChart(drawn: number, gaps: readonly Gap[]): string | undefined {
  if (drawn > 0) return undefined
  return gaps.length === 0 ? 'No variant is selected.' : `No chart. ${gapText(gaps)}.`
}
