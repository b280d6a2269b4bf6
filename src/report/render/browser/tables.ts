import { compareTexts, isMissing } from '../../format/order.js'

type Direction = 'ascending' | 'descending'

/** Adds a button to every heading that sorts by its column. */
export function makeSortable(table: HTMLTableElement): void {
  const headings = [...table.querySelectorAll<HTMLTableCellElement>('thead th')]
  headings.forEach((heading, column) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = heading.textContent
    heading.replaceChildren(button)
    button.addEventListener('click', () => {
      const direction: Direction = heading.ariaSort === 'ascending' ? 'descending' : 'ascending'
      for (const other of headings) other.removeAttribute('aria-sort')
      heading.ariaSort = direction
      sortBy(table, column, direction)
    })
  })
}

function sortBy(table: HTMLTableElement, column: number, direction: Direction): void {
  const body = table.tBodies[0]
  if (body === undefined) return
  const sign = direction === 'ascending' ? 1 : -1
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }))
  rows.sort((a, b) => compareKeys(a.key, b.key, sign))
  body.append(...rows.map(({ row }) => row))
}

/** Cells of numbers carry the value in full precision in `data-value`; of an empty cell it is ''. */
function keyOf(cell: HTMLTableCellElement | undefined): string | number | undefined {
  const value = cell?.dataset.value
  if (value !== undefined) return value === '' ? undefined : Number(value)
  const text = cell?.textContent ?? ''
  return isMissing(text) ? undefined : text
}

/** Missing values come last in both directions. */
function compareKeys(a: string | number | undefined, b: string | number | undefined, sign: number): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
  return sign * compareTexts(String(a), String(b))
}
