import type { Activity } from '../../../../playground/activity.js'
import { classifySource, type LabelsAnswer, tagSource } from '../../../../playground/labels.js'
import type { Opened } from '../../../../playground/model.js'
import type { Weighed } from '../../../../playground/sequence.js'
import type { ReadSource } from '../../../../playground/source.js'
import { surprisal, writeOn, writesOn } from '../../../../playground/text.js'
import { visibleSymbol } from '../../../format/tokens.js'
import { element, headRow, percent, scrolling, shade } from './dom.js'
import { type OutputParts, outputView } from './output.js'
import { activityView, partsRead } from './strips.js'

const labelsShown = 10
const symbolsWritten = 40

/** Each token with its tag and the tag's probability below it. */
export async function tags(opened: Opened, source: ReadSource, compact: boolean): Promise<readonly HTMLElement[]> {
  const { labels, distributions, score, read } = await tagSource(opened, source)
  const words = labels.map((label, at) => {
    const others = distributions[at]?.slice(0, 3).map((each) => `${each.symbol} ${percent(each.probability)}`)
    const word = element('span', { className: 'tagged', title: others?.join(', ') ?? '' })
    word.append(visibleSymbol(source.tokens[at] ?? ''), element('b', {}, label.symbol))
    word.append(element('small', {}, percent(label.probability)))
    shade(word, 1 - label.probability, '--s2')
    return word
  })
  const output = element('output', { className: 'tags' }, ...words)
  output.dataset.labels = labels.map(({ symbol }) => symbol).join(' ')
  output.dataset.score = String(score)
  const all = element('p', { className: 'quiet small' }, `All of them: probability ${percent(Math.exp(score))}.`)
  return [output, all, ...(compact ? [] : cellsOf(opened, source, read))]
}

function cellsOf({ model }: Opened, { tokens, features }: ReadSource, read: Activity): HTMLElement[] {
  const columns = model.joined ? [...features, ...tokens] : tokens
  return activityView(model, partsRead(read, columns, features))
}

/** The class of a source among all classes. */
export async function classify(opened: Opened, source: ReadSource, compact: boolean): Promise<readonly HTMLElement[]> {
  const found = await classifySource(opened, source)
  const [label] = found.labels
  const output = element('output', { className: 'lead' }, label?.symbol ?? '')
  const summary = element('p', {}, output, ` probability ${percent(label?.probability ?? Number.NaN)}`)
  return [summary, ...distribution(found), ...(compact ? [] : cellsOf(opened, source, found.read))]
}

function distribution({ distributions }: LabelsAnswer): HTMLElement[] {
  const [all = []] = distributions
  if (all.length === 0) return []
  const rows = all.slice(0, labelsShown).map(bar)
  const table = element(
    'table',
    { className: 'bars' },
    headRow(['class', 'probability', '']),
    element('tbody', {}, ...rows),
  )
  const rest = all.length > labelsShown ? ` The ${labelsShown} most probable of ${all.length}.` : ''
  return [
    scrolling('Probability of each class', table),
    ...(rest === '' ? [] : [element('p', { className: 'quiet small' }, rest)]),
  ]
}

function bar({ symbol, probability }: Weighed): HTMLTableRowElement {
  const filled = element('span', { className: 'bar' })
  filled.style.width = `${Math.max(1, Math.round(100 * probability))}px`
  const number = element('td', { className: 'number' }, percent(probability))
  return element('tr', {}, element('th', { scope: 'row' }, symbol), number, element('td', {}, filled))
}

/** What each symbol of a text costs, and the text that goes on from it. */
export async function textGoesOn(
  opened: Opened,
  source: ReadSource,
  shared: Pick<OutputParts, 'forced' | 'force' | 'compact'>,
): Promise<readonly HTMLElement[]> {
  const { nats, read } = await surprisal(opened, source)
  const total = nats.reduce((sum, each) => sum + each, 0)
  const most = Math.max(1e-9, ...nats)
  const symbols = [...source.tokens, 'end'].map((token, at) => {
    const cost = nats[at] ?? 0
    const made = element('span', { className: 'tagged', title: `${cost.toFixed(2)} nats` }, visibleSymbol(token))
    made.append(element('small', {}, cost.toFixed(1)))
    shade(made, cost / most, '--s2')
    return made
  })
  const output = element('output', { className: 'tags' }, ...symbols)
  output.dataset.score = String(-total)
  const text = `Surprisal of each symbol in nats, −ln p; the whole text, its end included: log probability ${(-total).toPrecision(5)}.`
  const columns = ['begin', ...source.tokens]
  const cells = shared.compact ? [] : activityView(opened.model, partsRead(read, columns, []))
  const parts = [element('p', { className: 'quiet small' }, text), output, ...cells]
  if (!writesOn(opened.model)) return parts
  const answer = await writeOn(opened, source, symbolsWritten, { forced: shared.forced, nBest: 1, top: 3 })
  const heading = element('h3', {}, 'The most probable text that goes on from it')
  return [...parts, heading, ...outputView({ model: opened.model, answer, read: [], columns: [], ...shared })]
}
