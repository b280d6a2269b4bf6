import { joinTokens } from '../../../core/pieces.js'
import { type Edit, editsOf, errorCount } from '../../analysis/edits.js'
import type { PredictionRow, PredictionTable } from '../../analysis/trial/table.js'
import { counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { significant } from '../../format/values.js'

// The table of all predictions of a trial's page. Texts only ever become text nodes.

const rowsAtOnce = 40

interface Judged extends PredictionRow {
  readonly edits: readonly Edit[]
  readonly errors: number
  readonly text: string
}

/** Enables the table: filters, order, more rows, and a link to each. */
export function makePredictions(): void {
  const section = document.getElementById('predictions')
  const form = document.getElementById('prediction-filter')
  const list = document.getElementById('prediction-rows')
  const status = document.getElementById('prediction-count')
  const more = document.getElementById('prediction-more')
  const data = document.getElementById('prediction-data')?.textContent
  if (!section || !(form instanceof HTMLFormElement) || !list || !status || !more || !data) return
  section.hidden = false
  const table: PredictionTable = JSON.parse(data)
  const all = table.rows.map((row) => judged(row, table))
  let shown = rowsAtOnce
  const draw = (first?: Judged) => {
    const found = selected(all, new FormData(form))
    const rows =
      first === undefined ? found.slice(0, shown) : [first, ...found.filter((row) => row !== first)].slice(0, shown)
    list.replaceChildren(...rows.map((row) => element(row, table)))
    const wrong = found.filter(({ errors }) => errors > 0).length
    status.textContent = `${count(found.length)} of ${counted(all.length, 'prediction')}, ${count(wrong)} wrong`
    more.hidden = found.length <= shown
  }
  form.addEventListener('input', () => {
    shown = rowsAtOnce
    draw()
  })
  form.addEventListener('submit', (event) => event.preventDefault())
  more.addEventListener('click', () => {
    shown += rowsAtOnce
    draw()
  })
  const follow = () => {
    const wanted = /^#example-(\d+)$/.exec(location.hash)?.[1]
    const row = wanted === undefined ? undefined : all.find(({ index }) => index === Number(wanted))
    draw(row)
    if (row !== undefined) document.getElementById(`example-${row.index}`)?.scrollIntoView()
  }
  addEventListener('hashchange', follow)
  follow()
}

function judged(row: PredictionRow, { kind, joiners }: PredictionTable): Judged {
  const edits = editsOf(kind, row)
  const parts = [
    joinTokens(row.source, joiners.source),
    ...[...row.references, row.hypothesis].map((one) => one.join(' ')),
  ]
  return { ...row, edits, errors: errorCount(edits), text: parts.join(' ').toLowerCase() }
}

function selected(all: readonly Judged[], form: FormData): Judged[] {
  const field = (name: string) => String(form.get(name) ?? '')
  const [from, to] = ['from', 'to'].map((name) => (field(name) === '' ? undefined : Number(field(name))))
  const words = field('text').toLowerCase().split(/\s+/)
  const found = all.filter(
    ({ errors, source, edits, text }) =>
      (form.get('wrong') === null || errors > 0) &&
      (from === undefined || source.length >= from) &&
      (to === undefined || source.length <= to) &&
      (field('edit') === '' || edits.some(({ kind }) => kind === field('edit'))) &&
      words.every((word) => text.includes(word)),
  )
  return found.sort(orders[field('sort')] ?? byIndex)
}

type Order = (a: Judged, b: Judged) => number

const byIndex: Order = (a, b) => a.index - b.index
const orders: Readonly<Record<string, Order>> = {
  errors: (a, b) => b.errors - a.errors || b.score - a.score || byIndex(a, b),
  low: (a, b) => a.score - b.score || byIndex(a, b),
  high: (a, b) => b.score - a.score || byIndex(a, b),
  length: (a, b) => b.source.length - a.source.length || byIndex(a, b),
}

function element(row: Judged, { kind, joiners }: PredictionTable): HTMLElement {
  const item = made('li')
  item.id = `example-${row.index}`
  const link = made('a', `#${row.index}`)
  link.setAttribute('href', `#example-${row.index}`)
  const verdict = made(
    'span',
    row.errors === 0 ? 'correct' : counted(row.errors, 'error'),
    row.errors === 0 ? 'good' : 'bad',
  )
  const head = made('div', '', 'small')
  head.append(made('span', joinTokens(row.source, joiners.source), 'source'), ' ')
  if (row.features !== undefined) head.append(made('span', row.features.join(' · '), 'quiet'), ' ')
  head.append(verdict, made('span', ` · log probability ${significant(row.score)} · `, 'quiet'), link)
  const pairs = made('div', '', 'pairs mono')
  pairs.append(...row.edits.map((edit, at) => pairOf(edit, kind === 'labels' ? row.source[at] : undefined)))
  item.append(head, pairs)
  if (row.alignment !== undefined) item.append(alignmentOf(row, row.alignment))
  return item
}

function pairOf({ kind, reference, predicted }: Edit, token: string | undefined): HTMLElement {
  const pair = made('span', '', kind === 'match' ? 'pair' : 'pair wrong')
  if (token !== undefined) pair.append(made('span', token, 'quiet'))
  pair.append(made('span', visible(reference)), made('span', visible(predicted), 'predicted'))
  if (kind !== 'match') {
    const words = `expected ${reference ?? 'nothing'}, predicted ${predicted ?? 'nothing'}`
    pair.title = words
    pair.append(made('span', `(${words})`, 'visually-hidden'))
  }
  return pair
}

/** A gap, or a token of which something can be seen. */
function visible(token: string | undefined): string {
  if (token === undefined) return '·'
  return token !== '' && token.trim() === '' ? '␣' : token
}

/** Weights as a table whose cells are shaded; each cell says its weight. */
function alignmentOf({ source, hypothesis }: Judged, alignment: readonly (readonly number[])[]): HTMLElement {
  const details = made('details', '', 'small')
  details.append(made('summary', 'alignment'))
  details.addEventListener(
    'toggle',
    () => {
      const box = made('div', '', 'scroll')
      box.tabIndex = 0
      box.setAttribute('role', 'group')
      box.ariaLabel = 'alignment'
      box.append(weights(source, [...hypothesis, 'end'], alignment))
      details.append(box)
    },
    { once: true },
  )
  return details
}

function weights(
  source: readonly string[],
  rows: readonly string[],
  alignment: readonly (readonly number[])[],
): HTMLElement {
  const table = made('table', '', 'weights mono')
  const width = Math.max(...alignment.map((row) => row.length))
  // Columns beyond the source's own are features before them.
  const names = Array.from({ length: width }, (_, at) => source[at - (width - source.length)] ?? '')
  const head = made('tr')
  head.append(made('td'), ...names.map((name) => heading(name, 'col')))
  table.append(head)
  for (const [at, row] of alignment.entries()) {
    const line = made('tr')
    line.append(heading(rows[at] ?? '', 'row'))
    for (const [column, weight] of row.entries()) {
      const cell = made('td', weight >= 0.1 ? weight.toFixed(1).replace('0.', '.') : '')
      cell.title = `${rows[at] ?? ''} from ${names[column] ?? ''}: ${weight}`
      cell.style.background = `color-mix(in srgb, var(--s1) ${Math.round(60 * weight)}%, transparent)`
      line.append(cell)
    }
    table.append(line)
  }
  return table
}

function heading(text: string, scope: 'col' | 'row'): HTMLElement {
  const cell = made('th', visible(text))
  cell.setAttribute('scope', scope)
  return cell
}

function made(tag: string, text = '', className = ''): HTMLElement {
  const one = document.createElement(tag)
  one.textContent = text
  if (className !== '') one.className = className
  return one
}
