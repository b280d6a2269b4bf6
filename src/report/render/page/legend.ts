import { seriesColour } from './colours.js'
import { type Html, html } from './html.js'

export const dashes: readonly ('solid' | 'dashed' | 'dotted' | number[])[] = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]]
export const symbols = ['circle', 'rect', 'triangle', 'diamond'] as const

/** How a series is drawn. */
export interface LegendEntry {
  readonly name: string
  /** Index of its colour, dash and symbol. */
  readonly colourIndex: number
  readonly kind: 'line' | 'dot'
}

/** Legend entries of lines in their order. */
export function lineEntries(...names: readonly string[]): LegendEntry[] {
  return names.map((name, colourIndex) => ({ name, colourIndex, kind: 'line' }))
}

/** Names of the series with their colours, dashes and symbols, as text of the page, so that long names wrap. */
export function legend(entries: readonly LegendEntry[]): Html {
  return html`<ul class="legend small">${entries.map((entry) => html`<li>${swatch(entry)}${entry.name}</li>`)}</ul>`
}

/** A sample of a series. */
export function swatch({ colourIndex, kind }: Pick<LegendEntry, 'colourIndex' | 'kind'>): Html {
  const stroke = seriesColour(colourIndex)
  const dash = ['none', '6 4', '2 3', '8 3 2 3'][colourIndex % dashes.length]
  const line = html`<line x1="0" y1="6" x2="28" y2="6" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}"/>`
  return html`<svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true" focusable="false">${kind === 'line' ? line : ''}${symbolAt(kind === 'line' ? colourIndex : 0, stroke)}</svg>`
}

function symbolAt(index: number, fill: string): Html {
  const symbol = symbols[index % symbols.length]
  if (symbol === 'rect') return html`<rect x="10" y="2" width="8" height="8" fill="${fill}"/>`
  if (symbol === 'triangle') return html`<path d="M14 1.5 18.5 10h-9z" fill="${fill}"/>`
  if (symbol === 'diamond') return html`<path d="M14 1 19 6l-5 5-5-5z" fill="${fill}"/>`
  return html`<circle cx="14" cy="6" r="4" fill="${fill}"/>`
}
