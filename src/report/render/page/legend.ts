import { seriesColour, colour as themeColour } from './colours.js'
import { type Html, html } from './html.js'

// Eight of each, as of the colours: no two series among eight share a colour, a dash or a symbol.
export const dashes: readonly ('solid' | number[])[] = [
  'solid',
  [6, 4],
  [2, 3],
  [8, 3, 2, 3],
  [12, 4],
  [4, 2, 4, 6],
  [10, 3, 2, 3, 2, 3],
  [1, 4],
]
export const symbols = [
  'circle',
  'rect',
  'triangle',
  'diamond',
  'emptyCircle',
  'emptyRect',
  'emptyTriangle',
  'emptyDiamond',
] as const

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

/** Inside of the empty symbols. */
const seriesBackground = themeColour('page')

/** Names of the series with their colours, dashes and symbols, as text of the page, so that long names wrap. */
export function legend(entries: readonly LegendEntry[]): Html {
  return html`<ul class="legend small">${entries.map((entry) => html`<li>${swatch(entry)}${entry.name}</li>`)}</ul>`
}

/** A sample of a series. */
export function swatch({ colourIndex, kind }: Pick<LegendEntry, 'colourIndex' | 'kind'>): Html {
  const stroke = seriesColour(colourIndex)
  const pattern = dashes[colourIndex % dashes.length]
  const dash = Array.isArray(pattern) ? pattern.join(' ') : 'none'
  const line = html`<line x1="0" y1="6" x2="28" y2="6" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}"/>`
  return html`<svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true" focusable="false">${kind === 'line' ? line : ''}${symbolAt(kind === 'line' ? colourIndex : 0, stroke)}</svg>`
}

/** The outline of a series' symbol around 0, and whether its inside is empty. */
export function symbolPath(index: number): { readonly d: string; readonly isEmpty: boolean } {
  const symbol = symbols[index % symbols.length] ?? 'circle'
  const shape = symbol.replace('empty', '').toLowerCase()
  return { d: outlines[shape] ?? '', isEmpty: symbol.startsWith('empty') }
}

const outlines: Readonly<Record<string, string>> = {
  circle: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
  rect: 'M-4-4h8v8h-8z',
  triangle: 'M0-4.5 4.5 4h-9z',
  diamond: 'M0-5 5 0 0 5-5 0z',
}

/** Of a series, around (14, 6). */
export function symbolAt(index: number, colour: string): Html {
  const { d, isEmpty } = symbolPath(index)
  const style = isEmpty
    ? html`fill="${seriesBackground}" stroke="${colour}" stroke-width="1.5"`
    : html`fill="${colour}"`
  return html`<path transform="translate(14 6)" d="${d}" ${style}/>`
}
