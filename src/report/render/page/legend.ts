import { seriesColour } from './colours.js'
import { type Html, html } from './html.js'

export const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]] as const
export const marks = ['circle', 'rect', 'triangle', 'diamond'] as const

/** How a series is drawn. */
export interface LegendEntry {
  readonly name: string
  /** Place of its colour, dash and mark. */
  readonly place: number
  readonly kind: 'line' | 'dot'
}

/** Entries of lines in their order. */
export function linesNamed(...names: readonly string[]): LegendEntry[] {
  return names.map((name, place) => ({ name, place, kind: 'line' }))
}

/** Names of the series with their colours, dashes and marks: text of the page, so that long names wrap as text does. */
export function legend(entries: readonly LegendEntry[]): Html {
  return html`<ul class="legend small">${entries.map((entry) => html`<li>${swatch(entry)}${entry.name}</li>`)}</ul>`
}

/** A piece of the series as it is drawn. */
export function swatch({ place, kind }: Pick<LegendEntry, 'place' | 'kind'>): Html {
  const stroke = seriesColour(place)
  const dash = ['none', '6 4', '2 3', '8 3 2 3'][place % dashes.length]
  const line = html`<line x1="0" y1="6" x2="28" y2="6" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}"/>`
  return html`<svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true" focusable="false">${kind === 'line' ? line : ''}${markAt(kind === 'line' ? place : 0, stroke)}</svg>`
}

function markAt(place: number, fill: string): Html {
  const mark = marks[place % marks.length]
  if (mark === 'rect') return html`<rect x="10" y="2" width="8" height="8" fill="${fill}"/>`
  if (mark === 'triangle') return html`<path d="M14 1.5 18.5 10h-9z" fill="${fill}"/>`
  if (mark === 'diamond') return html`<path d="M14 1 19 6l-5 5-5-5z" fill="${fill}"/>`
  return html`<circle cx="14" cy="6" r="4" fill="${fill}"/>`
}
