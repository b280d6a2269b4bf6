import { joinTokens } from '../../../core/pieces.js'
import { type Edit, editsOf, errorCount } from '../../analysis/edits.js'
import type { PredictionRow, PredictionTable } from '../../analysis/trial/table.js'
import { counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { keptText } from '../kept.js'
import { scoreText } from '../pair-texts.js'
import { verdictOf } from '../verdict.js'
import { pairElement, weightsTable } from './pairs.js'
import { element, scrolling } from './playground/dom.js'

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
    list.replaceChildren(...rows.map((row) => rowElement(row, table)))
    const wrong = found.filter(({ errors }) => errors > 0).length
    status.textContent = `${count(found.length)} of ${counted(all.length, 'prediction')}, ${count(wrong)} wrong${found.length > rows.length ? `; the first ${count(rows.length)} are here` : ''}`
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

function rowElement(row: Judged, { kind, joiners }: PredictionTable): HTMLElement {
  const link = element('a', { href: `#example-${row.index}` }, `#${row.index}`)
  const { text, style } = verdictOf(kind, row.edits)
  const head = element('div', { className: 'small' })
  head.append(element('span', { className: 'source' }, joinTokens(row.source, joiners.source)), ' ')
  if (row.features !== undefined) head.append(element('span', { className: 'quiet' }, row.features.join(' · ')), ' ')
  const score = element('span', { className: 'quiet' }, ` · ${scoreText(kind, row.score)} · `)
  head.append(element('span', { className: style }, text), score, link)
  const pairs = row.edits.map((edit, at) => pairElement(edit, kind === 'labels' ? row.source[at] : undefined))
  const item = element('li', { id: `example-${row.index}` }, head)
  item.append(element('div', { className: 'pairs mono' }, ...pairs))
  if (row.alignment !== undefined) item.append(alignmentOf(row, row.alignment))
  return item
}

/** Opened, the weights as a table. */
function alignmentOf({ source, hypothesis, kept }: Judged, weights: readonly (readonly number[])[]): HTMLElement {
  const details = element(
    'details',
    { className: 'small' },
    element('summary', {}, kept === undefined ? 'alignment' : `alignment (${keptText(kept)})`),
  )
  details.addEventListener(
    'toggle',
    () => {
      const width = Math.max(...weights.map((row) => row.length))
      // Columns beyond the source's own are features before them.
      const columns = Array.from({ length: width }, (_, at) => source[at - (width - source.length)] ?? '')
      details.append(scrolling('alignment', weightsTable({ columns, rows: [...hypothesis, 'end'], weights })))
    },
    { once: true },
  )
  return details
}
