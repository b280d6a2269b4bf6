import { listed } from '../../core/suggest.js'
import { decimal } from './decimal.js'

/**
 * Why the first record of a table may be no header, where its cells look like data: a column has the same text below it, or is
 * all numbers, as it is. `columns`: those that are read, from 0.
 */
export function headerDoubt(
  [first, ...others]: readonly { readonly cells: readonly string[] }[],
  columns: readonly number[],
): string | undefined {
  if (first === undefined || others.length === 0) return undefined
  const isNumber = (cell: string | undefined) => cell !== undefined && decimal(cell) !== undefined
  const likeData = columns.find((at) => {
    const cell = first.cells[at]
    if (cell === undefined || cell === '') return false
    return (
      others.some(({ cells }) => cells[at] === cell) ||
      (isNumber(cell) && others.every(({ cells }) => isNumber(cells[at])))
    )
  })
  if (likeData === undefined) return undefined
  const header = listed(columns.map((at) => (first.cells[at] ?? '').slice(0, 40)))
  return `its first line is taken as the header (${header}), and is like the data below it: set header: false if it is an example, header: true if not`
}
