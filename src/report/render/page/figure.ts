import { drawable } from '../charts/base/scale.js'
import { drawSvg } from '../charts/base/svg.js'
import type { ChartOption, Size } from '../charts/base/types.js'
import { type Html, html } from './html.js'
import { type LegendEntry, legend } from './legend.js'
import type { LinesData } from './lines-data.js'

export interface FigureParts {
  /** Unique in the page. */
  readonly id: string
  /** The question that the chart answers. */
  readonly title: string
  /** In place of the title and the note, where these are more than text. */
  readonly caption?: Html
  /** What is drawn, in a few words. */
  readonly note?: string
  /** What is not in the picture, and is where the page's script draws it. */
  readonly stillNote?: string | undefined
  /** Text alternative for screen readers. */
  readonly alternative: string
  readonly heights: { readonly wide: number; readonly narrow: number }
  option(size: Size): ChartOption
  /** A sentence in place of the drawing: why there is nothing to draw. */
  readonly instead?: string | undefined
  /** What the page's script draws in place of the picture, to be looked into. */
  readonly lines?: LinesData
  /** Of the series, where there are several. */
  readonly legend?: readonly LegendEntry[]
  /** The same values as a table, collapsed. */
  readonly table?: Html
}

/** A chart rendered at a desktop's and at a phone's width; the style sheet shows one of the two. */
export function figure({
  id,
  title,
  caption,
  note,
  stillNote,
  alternative,
  heights,
  instead,
  option,
  lines,
  legend: entries = [],
  table,
}: FigureParts): Html {
  const draw = (name: 'wide' | 'narrow', width: number) => {
    const size = { width, height: heights[name] }
    return html`<div class="${name}" role="img" aria-label="${alternative}">${drawSvg(() => drawable(option(size)), size, `${id}-${name}`)}</div>`
  }
  if (instead !== undefined)
    return html`<figure id="${id}"><figcaption>${title}</figcaption><p class="quiet small instead">${instead}</p></figure>`
  const values = lines !== undefined && html` data-lines="${JSON.stringify(lines)}"`
  return html`<figure id="${id}"${values}><figcaption>${caption ?? html`${title}${note !== undefined && html`<span class="quiet small">${note}</span>`}`}</figcaption>
${entries.length > 1 && legend(entries)}${draw('wide', 540)}${draw('narrow', 340)}${stillNote !== undefined && html`<p class="quiet small still">${stillNote}</p>`}${table !== undefined && html`<details class="small"><summary>Values</summary>${table}</details>`}</figure>`
}

export interface TableParts {
  readonly caption?: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number | Html)[])[]
  /** Columns (from 0) of numbers. */
  readonly numbers?: readonly number[]
}

export function table({ caption, head, rows, numbers = [] }: TableParts): Html {
  const kind = (column: number) => (numbers.includes(column) ? 'number' : '')
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption ?? head.join(', ')}"><table>
${caption !== undefined && html`<caption>${caption}</caption>`}
<thead><tr>${head.map((name, column) => html`<th scope="col" class="${kind(column)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, column) => html`<td class="${kind(column)}" data-name="${head[column]}">${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`
}
