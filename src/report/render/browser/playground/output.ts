import { EOS } from '../../../../data/types.js'
import type { PlaygroundModel } from '../../../../playground/model.js'
import type { OutputStep, SequenceAnswer } from '../../../../playground/sequence.js'
import { visibleSymbol } from '../../../format/tokens.js'
import { button, element, headRow, labelled, percent, scrolling, shade } from './dom.js'
import { type ActivityPart, activityView } from './strips.js'

export interface OutputParts {
  readonly model: PlaygroundModel
  readonly answer: Omit<SequenceAnswer, 'read'>
  /** What was computed before the first step. */
  readonly read: readonly ActivityPart[]
  /** What alignments are over. */
  readonly columns: readonly string[]
  /** Symbols that the reader has chosen for the first steps, by id. */
  readonly forced: readonly number[]
  /** Goes on from these. */
  readonly force: (ids: readonly number[]) => void
  /** Whether there is room for the output and its alignment alone. */
  readonly compact: boolean
}

/** A written sequence: its text and probability, the n best, and its steps. */
export function outputView(parts: OutputParts): readonly HTMLElement[] {
  const { model, answer, forced, force } = parts
  const { text, score, candidates, steps, written } = answer
  const output = element('output', { className: 'lead' }, text === '' ? '(nothing)' : text)
  const undo = button('Undo', 'Let the model choose every symbol again', () => force([]))
  const chosen = forced.length === 0 ? [] : [element('span', { className: 'quiet' }, ' · with symbols of yours '), undo]
  const sure = element('span', { className: 'whole' }, `probability ${percent(Math.exp(score))}`)
  const summary = element('p', {}, output, ' ', sure, ...chosen)
  output.dataset.score = String(score)
  if (parts.compact) return [summary, ...alignmentTable(parts)]
  return [
    summary,
    ...(candidates.length > 1 ? [nBest(candidates)] : []),
    stepsTable(parts),
    ...activityView(model, [...parts.read, { columns: steps.map(({ symbol }) => symbol), activity: written }]),
  ]
}

function nBest(candidates: SequenceAnswer['candidates']): HTMLElement {
  const items = candidates.map(({ text, score }) =>
    element('li', {}, text, element('span', { className: 'quiet' }, ` ${percent(Math.exp(score))}`)),
  )
  return element(
    'details',
    { open: true },
    element('summary', {}, `The ${items.length} best`),
    element('ol', {}, ...items),
  )
}

/** A row per step: its symbol, the three most probable ones, and what it attends to. */
function stepsTable(parts: OutputParts): HTMLElement {
  const { answer, columns } = parts
  const aligned = answer.steps.some(({ alignment }) => alignment !== undefined)
  const names = ['step', 'symbol', 'most probable', ...(aligned ? columns.map(visibleSymbol) : [])]
  const rows = answer.steps.map((step, at) => stepRow(parts, step, at, aligned))
  const table = element('table', { className: 'steps' }, headRow(names), element('tbody', {}, ...rows))
  const about = aligned
    ? 'Choose one of the most probable symbols, or a step’s own to write another one, and the model goes on from there. On the right: what each step attends to, in percent.'
    : 'Choose one of the most probable symbols, or a step’s own to write another one, and the model goes on from there.'
  return element('div', {}, element('p', { className: 'quiet small' }, about), scrolling('Steps of the output', table))
}

function stepRow(parts: OutputParts, step: OutputStep, at: number, aligned: boolean): HTMLTableRowElement {
  const { answer, columns, force } = parts
  const before = answer.ids.slice(0, at)
  const others = step.top.map(({ id, symbol, probability }) => {
    const text = `${visibleSymbol(symbol)} ${percent(probability)}`
    const made = button(text, `Step ${at + 1}: ${symbol}`, () => force([...before, id]))
    if (id === step.id) made.setAttribute('aria-current', 'true')
    return made
  })
  const own = element('td', { className: 'own' })
  const title = `Step ${at + 1}: write another symbol`
  const open = button(visibleSymbol(step.symbol), title, () => own.replaceChildren(otherSymbol(parts, before, at)))
  own.append(open, ` ${percent(step.probability)}`)
  const cells = aligned ? columns.map((_, column) => weightCell(step.alignment?.[column] ?? 0)) : []
  const number = element('th', { scope: 'row' }, String(at + 1))
  return element('tr', {}, number, own, element('td', { className: 'choices' }, ...others), ...cells)
}

/** A row per step, a column per symbol of the source: where the model attends. */
function alignmentTable({ model, answer, columns }: OutputParts): HTMLElement[] {
  if (answer.steps.every(({ alignment }) => alignment === undefined)) {
    if (model.task === 'language-model') return []
    return [element('p', { className: 'quiet small' }, 'It attends to no single symbol of the source.')]
  }
  const rows = answer.steps.map(({ symbol, probability, alignment = [] }) => {
    const name = element('th', { scope: 'row', title: percent(probability) }, visibleSymbol(symbol))
    return element('tr', {}, name, ...columns.map((_, column) => weightCell(alignment[column] ?? 0)))
  })
  const head = headRow(['', ...columns.map(visibleSymbol)])
  const table = element('table', { className: 'weights' }, head, element('tbody', {}, ...rows))
  return [scrolling('What each step attends to, in percent', table)]
}

function weightCell(weight: number): HTMLTableCellElement {
  const cell = element('td', { className: 'weight', title: weight.toPrecision(4) }, String(Math.round(100 * weight)))
  shade(cell, weight)
  return cell
}

/** A field in which any symbol that the model knows can be written. */
function otherSymbol({ model, force }: OutputParts, before: readonly number[], at: number): HTMLElement {
  const { symbols = [] } = model.vocabularies.target ?? model.vocabularies.source ?? {}
  const list = element('datalist', { id: `symbols-${at}` })
  list.append(...symbols.slice(EOS + 2).map((symbol) => element('option', { value: symbol })))
  const input = element('input', { size: 8, autocomplete: 'off' })
  input.setAttribute('list', list.id)
  input.addEventListener('change', () => {
    const id = input.value === 'end' ? EOS : symbols.indexOf(input.value, EOS + 2)
    input.setCustomValidity(id < 0 ? 'The model has no such symbol' : '')
    if (id < 0) input.reportValidity()
    else force([...before, id])
  })
  queueMicrotask(() => input.focus())
  return element('div', {}, labelled('another symbol', input), list)
}
