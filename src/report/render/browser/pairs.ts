import type { Edit } from '../../analysis/edits.js'
import { visibleToken } from '../../format/tokens.js'
import { pairTexts } from '../pair-texts.js'
import { element } from './playground/dom.js'

// Outputs next to what was expected, and their alignments, as elements. Texts only ever become text nodes.

/** Expected above predicted, both below the token that they are labels of. */
export function pairElement(edit: Edit, token?: string): HTMLElement {
  const { kind } = edit
  const { expected, predicted, words } = pairTexts(edit)
  const pair = element('span', { className: kind === 'match' ? 'pair' : 'pair wrong' })
  if (token !== undefined) pair.append(element('span', { className: 'quiet' }, token))
  pair.append(element('span', {}, expected), element('span', { className: 'predicted' }, predicted))
  if (kind !== 'match') {
    pair.title = words
    pair.append(element('span', { className: 'visually-hidden' }, `(${words})`))
  }
  return pair
}

interface WeightsParts {
  readonly columns: readonly string[]
  readonly rows: readonly string[]
  /** From 0 to 1. */
  readonly weights: readonly (readonly number[])[]
  /** Cells that are outlined. */
  readonly outlined?: (row: number, column: number) => boolean
}

/** Weights as a table whose cells are shaded; each cell says its weight. */
export function weightsTable({ columns, rows, weights, outlined }: WeightsParts): HTMLTableElement {
  const head = element('tr', {}, element('td'), ...columns.map((name) => heading(name, 'col')))
  const lines = weights.map((row, at) => {
    const cells = row.map((weight, column) => {
      const cell = element('td', {}, weight >= 0.1 ? weight.toFixed(1).replace('0.', '.') : '')
      cell.title = `${rows[at] ?? ''} from ${columns[column] ?? ''}: ${weight}`
      cell.style.background = `color-mix(in srgb, var(--s1) ${Math.round(60 * weight)}%, transparent)`
      if (outlined?.(at, column) === true) cell.className = 'outlined'
      return cell
    })
    return element('tr', {}, heading(rows[at] ?? '', 'row'), ...cells)
  })
  return element('table', { className: 'weights mono' }, head, ...lines)
}

function heading(text: string, scope: 'col' | 'row'): HTMLTableCellElement {
  return element('th', { scope }, visibleToken(text))
}
