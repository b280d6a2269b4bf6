import { joinTokens } from '../../../../core/pieces.js'
import { editsOf } from '../../../analysis/edits.js'
import type { Forming, SampledExample, SampledOutput } from '../../../analysis/samples/types.js'
import { count } from '../../../format/numbers.js'
import { significant } from '../../../format/values.js'
import { verdictOf } from '../../verdict.js'
import { pairElement, weightsTable } from '../pairs.js'
import { element, percent, scrolling, shade } from '../playground/dom.js'
import { forecastElements } from './forecast.js'

/** What a model gives for one of the examples, and how it attends. */
export function sampleElements(forming: Forming, example: SampledExample, output: SampledOutput): HTMLElement[] {
  const ranged = forming.kind === 'numbers' ? forecastElements(forming, example, output) : []
  return [headElement(forming, example, output), ...ranged, ...textElements(forming, example, output)]
}

function headElement({ kind, joiners }: Forming, example: SampledExample, output: SampledOutput): HTMLElement {
  const head = element('p', { className: 'source' })
  if (kind === 'numbers') {
    head.append(`Window ${count(example.index)} of dev`)
    return head
  }
  head.append(element('b', {}, joinTokens(example.source, joiners.source)))
  if (example.features !== undefined)
    head.append(' ', element('span', { className: 'quiet' }, example.features.join(' · ')))
  const { text, style } = verdictOf(kind, editsOf(kind, { ...example, ...output }))
  const verdict = element('span', { className: style }, text)
  const sure = element('span', { className: 'quiet' }, ` · ${sureText(kind, output)}`)
  head.append(' ', element('span', { className: 'small' }, verdict, sure))
  return head
}

function sureText(kind: Forming['kind'], { score, sourceScores }: SampledOutput): string {
  if (kind === 'label') return `probability ${percent(Math.exp(score))}`
  if (sourceScores === undefined) return `log probability ${significant(score)}`
  const total = sourceScores.reduce((sum, each) => sum - each, 0)
  return `${significant(total / sourceScores.length)} nats per symbol`
}

function textElements(forming: Forming, example: SampledExample, output: SampledOutput): HTMLElement[] {
  const { kind } = forming
  if (kind === 'numbers') return []
  const scores = kind === 'labels' ? output.tokenScores : kind === 'next-tokens' ? output.sourceScores : undefined
  const pairs = editsOf(kind, { ...example, ...output }).map((edit, at) => {
    const pair = pairElement(edit, kind === 'labels' ? (example.source[at] ?? '') : undefined)
    return scores === undefined ? pair : withScore(pair, kind, scores[at])
  })
  return [
    element('div', { className: 'pairs mono' }, ...pairs),
    ...notes(example, output, scores && scoreNotes[kind]),
    ...alignmentElements(forming, example, output),
  ]
}

/** Below a pair how sure the model is of its label, or how many nats the true symbol costs. */
function withScore(pair: HTMLElement, kind: Forming['kind'], score: number | undefined): HTMLElement {
  if (score === undefined) return pair
  const nats = -score
  pair.append(element('small', {}, kind === 'labels' ? percent(Math.exp(score)) : nats.toFixed(1)))
  if (kind === 'next-tokens') shade(pair, nats / mostNats, '--s2')
  return pair
}

/** Symbols that cost more are as dark. */
const mostNats = 8

const scoreNotes: Partial<Record<Forming['kind'], string>> = {
  labels: 'At the bottom: how probable the label is.',
  'next-tokens': 'At the bottom: what the symbol of the text costs, in nats; costly ones are darker.',
}

function notes(
  { source, sourceLength }: SampledExample,
  { hypothesis, length }: SampledOutput,
  ofScores: string | undefined,
): HTMLElement[] {
  const parts = [
    ...(sourceLength === undefined ? [] : [`${source.length} of ${count(sourceLength)} symbols of the source`]),
    ...(length === undefined ? [] : [`${hypothesis.length} of ${count(length)} of the output`]),
  ]
  const kept = parts.length === 0 ? undefined : `Kept are the first ${parts.join(' and ')}.`
  const texts = [ofScores, kept].filter((text) => text !== undefined)
  return texts.length === 0 ? [] : [element('p', { className: 'quiet small' }, texts.join(' '))]
}

function alignmentElements(
  { featuresFirst }: Forming,
  example: SampledExample,
  { hypothesis, length, alignmentPercent }: SampledOutput,
): HTMLElement[] {
  if (alignmentPercent === undefined || alignmentPercent.length === 0) return []
  const features = featuresFirst ? (example.features ?? []) : []
  const width = Math.max(...alignmentPercent.map((row) => row.length))
  const columns = [...features, ...example.source].slice(0, width)
  const rows = [...hypothesis, ...(length === undefined ? ['end'] : [])].slice(0, alignmentPercent.length)
  const weights = alignmentPercent.map((row) => row.map((weight) => weight / 100))
  const table = weightsTable({ columns, rows, weights, outlined: trueLinks(example, hypothesis, features.length) })
  return [scrolling('What each output symbol attends to', table)]
}

/** Where the output has the reference's symbol at its place: whether a source symbol is one that it truly goes with. */
function trueLinks({ references, trueAlignment }: SampledExample, hypothesis: readonly string[], before: number) {
  const [reference = []] = references
  const links = [...(trueAlignment?.sure ?? []), ...(trueAlignment?.possible ?? [])]
  return (row: number, column: number) =>
    hypothesis[row] === reference[row] && links.some(([from, to]) => from === column - before && to === row)
}
