import { visibleToken } from '../../format/tokens.js'
import type { CellsData } from '../page/cells-data.js'
import { escapeHtml, type Html, html, trusted } from '../page/html.js'
import { drawSvg } from './base/svg.js'
import { labelWidth as widthOf } from './base/text-width.js'
import type { Size } from './base/types.js'
import { cutNames, type HeatmapParts, heatmap, plotOf } from './heatmap.js'

export interface CellsParts
  extends Pick<HeatmapParts, 'columns' | 'rows' | 'values' | 'range' | 'format' | 'columnName' | 'outlined'> {
  readonly id: string
}

const narrowest = 24
const widest = 96
const rowHeight = 22

/** A heatmap as large as its cells and their names need, rather than as wide as the page. */
export function drawCells(parts: CellsParts): Html {
  const { sized, size } = layout(parts)
  return withWholeNames(
    drawSvg(() => heatmap(sized), size, parts.id),
    cutNames(sized),
  )
}

interface CellsFigureParts extends CellsParts {
  readonly caption: Html
  readonly alternative: string
  /** Id of the variant that it is about, for a filter. */
  readonly variant?: string
}

/** Such a heatmap as a figure, whose values a page's script says and saves. */
export function cellsFigure({ caption, alternative, variant, ...parts }: CellsFigureParts): Html {
  const about = variant !== undefined && html` data-variant="${variant}"`
  return html`<figure id="${parts.id}"${about} data-cells="${JSON.stringify(dataOf(parts))}"><figcaption>${caption}</figcaption><div class="scroll" tabindex="0" role="img" aria-label="${alternative}">${drawCells(parts)}</div></figure>`
}

function layout({ id: _, ...given }: CellsParts): { readonly sized: HeatmapParts; readonly size: Size } {
  const parts = { ...given, columns: given.columns.map(visibleToken), rows: given.rows.map(visibleToken) }
  const { columns, rows, columnName, format } = parts
  const cell = Math.max(format === undefined ? 0 : 34, Math.min(widest, Math.max(narrowest, widthOf(columns))))
  const labelWidth = Math.min(160, widthOf(rows) + 8)
  const width = Math.max(labelWidth + columns.length * cell + 8, columnName === undefined ? 0 : labelWidth + 80)
  const height = (columnName === undefined ? 34 : 54) + rows.length * rowHeight
  return { sized: { ...parts, labelWidth, columnWidth: cell }, size: { width, height } }
}

function dataOf(parts: CellsParts): CellsData {
  const { sized, size } = layout(parts)
  const { columns, rows, values, columnName } = parts
  const rounded = values.map((row) => row.map((value) => (value === null ? null : Number(value.toPrecision(3)))))
  return { ...size, ...plotOf(sized), columns, rows, values: rounded, ...(columnName !== undefined && { columnName }) }
}

/** A name that is cut off has the whole one as its title, which browsers show on hovering. */
function withWholeNames(drawing: Html, names: readonly { readonly cut: string; readonly whole: string }[]): Html {
  const waiting = [...names]
  return trusted(
    drawing.markup.replace(/(<text[^>]*>)([^<]*…)(?=<\/text>)/g, (all, start: string, text: string) => {
      const at = waiting.findIndex(({ cut }) => escapeHtml(cut).endsWith(text))
      const [name] = at < 0 ? [] : waiting.splice(at, 1)
      return name === undefined ? all : `${start}<title>${escapeHtml(name.whole)}</title>${text}`
    }),
  )
}
