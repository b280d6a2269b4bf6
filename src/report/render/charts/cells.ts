import { escapeHtml, type Html, trusted } from '../page/html.js'
import { drawSvg } from './base/svg.js'
import { labelWidth as widthOf } from './base/text-width.js'
import { cutNames, type HeatmapParts, heatmap } from './heatmap.js'

interface CellsParts
  extends Pick<HeatmapParts, 'columns' | 'rows' | 'values' | 'range' | 'format' | 'columnName' | 'outlined'> {
  readonly id: string
}

const narrowest = 24
const widest = 96
const rowHeight = 22

/** A heatmap as large as its cells and their names need, rather than as wide as the page. */
export function drawCells({ id, ...parts }: CellsParts): Html {
  const { columns, rows, columnName, format } = parts
  const cell = Math.max(format === undefined ? 0 : 34, Math.min(widest, Math.max(narrowest, widthOf(columns))))
  const labelWidth = Math.min(160, widthOf(rows) + 8)
  const width = Math.max(labelWidth + columns.length * cell + 8, columnName === undefined ? 0 : labelWidth + 80)
  const height = (columnName === undefined ? 34 : 54) + rows.length * rowHeight
  const size = { width, height }
  const sized = { ...parts, labelWidth, columnWidth: cell }
  return withWholeNames(
    drawSvg(() => heatmap(sized), size, id),
    cutNames(sized),
  )
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
