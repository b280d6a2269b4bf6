import type { Output } from './terminal.js'
import { columnsOf, shortened } from './width.js'

/** A number or a word that is printed whole, or a text that is shortened where the table is too wide. */
export type Cell = string | { readonly text: string }

export interface TableLayout {
  /** How all columns but the first are aligned: numbers to the right (the default), text to the left. */
  readonly others?: 'left' | 'right'
  /** Columns of the terminal; absent: lines are as long as they are. */
  readonly width?: number | undefined
  /** Whether the first row has the names of the columns. */
  readonly head?: boolean
}

/** Columns of a terminal; undefined where output goes elsewhere: what reads it there wants whole lines. */
export function widthOf(output: Output): number | undefined {
  return output.isTTY === true && (output.columns ?? 0) > 0 ? output.columns : undefined
}

/**
 * Rows as aligned columns. Where they are wider than the terminal, the longest text is shortened first; where that does not
 * suffice, a row becomes several lines, a cell each.
 */
export function table(rows: readonly (readonly Cell[])[], layout: TableLayout = {}): string {
  const { others = 'right', width } = layout
  const widths = fittingWidths(rows, width)
  if (widths === undefined) return stacked(rows, layout)
  const line = (row: readonly Cell[]) =>
    row.map((cell, index) => aligned(cell, widths[index] ?? 0, index > 0 && others === 'right')).join(gap)
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

const gap = '  '
/** What a text is shortened to at most. */
const leastText = 8

/** Widths of the columns; undefined where they cannot be made to fit. */
function fittingWidths(rows: readonly (readonly Cell[])[], width: number | undefined): number[] | undefined {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const most = (measure: (cell: Cell) => number) =>
    Array.from({ length: columns }, (_, index) => Math.max(0, ...rows.map((row) => measure(row[index] ?? ''))))
  const widths = most((cell) => columnsOf(textOf(cell)))
  const least = most((cell) => Math.min(columnsOf(textOf(cell)), typeof cell === 'string' ? Infinity : leastText))
  let excess = width === undefined ? 0 : sum(widths) + gap.length * (columns - 1) - width
  for (; excess > 0; excess--) {
    const longest = widths.reduce((best, each, index) => {
      const shrinks = each > (least[index] ?? 0)
      return shrinks && each > (widths[best] ?? 0) ? index : best
    }, -1)
    if (longest === -1) return undefined
    widths[longest] = (widths[longest] ?? 0) - 1
  }
  return widths
}

function aligned(cell: Cell, width: number, right: boolean): string {
  const text = fitted(cell, width)
  const space = ' '.repeat(Math.max(0, width - columnsOf(text)))
  return right ? space + text : text + space
}

function fitted(cell: Cell, width: number): string {
  return typeof cell === 'string' ? cell : shortened(cell.text, width)
}

/** A row as lines: its first cell, then each of the others below it with the name of its column. */
function stacked(rows: readonly (readonly Cell[])[], { width = 0, head = false }: TableLayout): string {
  const names = head ? (rows[0] ?? []).map(textOf) : []
  const nameWidth = Math.max(0, ...names.slice(1).map(columnsOf))
  const line = (cell: Cell, index: number) => {
    if (index === 0) return [fitted(cell, width)]
    const name = aligned(names[index] ?? '', nameWidth, false)
    const before = nameWidth === 0 ? gap : `${gap}${name}${gap}`
    if (textOf(cell) === '') return []
    const room = width - columnsOf(before)
    if (typeof cell === 'string' && columnsOf(cell) > room) return [`${gap}${name}`, `${gap}${gap}${cell}`]
    return [`${before}${fitted(cell, room)}`]
  }
  return rows
    .slice(head ? 1 : 0)
    .flatMap((row) => row.flatMap(line))
    .filter((each) => each !== '')
    .join('\n')
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
