import { visibleSymbol } from '../../report/format/tokens.js'
import { printable } from './printable.js'
import { columnsOf, shortened } from './width.js'

/** Weights from 0 to 1, from none to all. */
const shades = ['·', '░', '▒', '▓', '█'] as const
const widestLabel = 12
const widestCell = 8

export interface GridParts {
  readonly columns: readonly string[]
  readonly rows: readonly string[]
  /** By row, over the columns. */
  readonly weights: readonly (readonly number[])[]
}

/**
 * Attention weights as characters: a row an output symbol, a column a source symbol, darker where the weight is larger. No line
 * is wider than `width`: names are shortened, then columns left out, which a last line counts.
 */
export function attentionGrid({ columns, rows, weights }: GridParts, width: number): string[] {
  const labels = rows.map((row) => shortened(visible(row), Math.min(widestLabel, Math.floor(width / 4))))
  const labelWidth = Math.max(1, ...labels.map(columnsOf))
  const names = columns.map(visible)
  const room = width - labelWidth
  const widest = Math.min(widestCell, Math.max(1, ...names.map(columnsOf)))
  const cell = Math.max(1, Math.min(widest, Math.floor(room / Math.max(1, names.length)) - 1))
  const shown = Math.max(1, Math.min(names.length, Math.floor(room / (cell + 1))))
  const line = (label: string, cells: readonly string[]) =>
    padded(label, labelWidth) +
    cells
      .slice(0, shown)
      .map((text) => ` ${padded(text, cell)}`)
      .join('')
  const lines = [
    line(
      '',
      names.map((name) => fitting(name, cell)),
    ),
    ...labels.map((label, at) =>
      line(
        label,
        names.map((_, column) => shadeOf(weights[at]?.[column] ?? 0).repeat(cell)),
      ),
    ),
  ].map((text) => text.trimEnd())
  const more = names.length - shown
  return more === 0 ? lines : [...lines, shortened(`${more} more of the source not shown`, width)]
}

function shadeOf(weight: number): string {
  const at = Math.min(shades.length - 1, Math.max(0, Math.round(weight * (shades.length - 1))))
  // What rounds to nothing and is something is seen.
  return shades[weight >= 0.05 ? Math.max(1, at) : 0] ?? ' '
}

/** A name of at most `cell` columns; one that is wider than its cell in one character has none. */
function fitting(name: string, cell: number): string {
  const text = columnsOf(name) <= cell ? name : cell === 1 ? firstOf(name) : shortened(name, cell)
  return columnsOf(text) <= cell ? text : ''
}

function firstOf(name: string): string {
  return [...name][0] ?? ''
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)))
}

/** Control characters and spaces alone cannot be seen. */
function visible(token: string): string {
  return visibleSymbol(printable(token))
}
