import { joinTokens } from '../../core/pieces.js'
import { targetScaling } from '../../data/scaling.js'
import type { TrainedModel } from '../open-model.js'
import type { ModelOutput } from '../outputs.js'
import type { LineResult } from './predict-lines.js'

export const outputFormats = ['text', 'tsv', 'jsonl'] as const
export type OutputFormat = (typeof outputFormats)[number]

/** What of a result is written, and how. */
export interface Written {
  readonly format: OutputFormat
  /** The model's task, which says what an output is. */
  readonly task: string
  /** How tokens are joined again. */
  readonly joiners: { readonly source: string; readonly target: string }
  /** Whether every label is written, or every token's score. */
  readonly scores: boolean
}

const columns = ['line', 'rank', 'score', 'output']
const moreColumns: Readonly<Record<string, readonly string[]>> = {
  classify: ['probability'],
  tag: ['probability', 'token'],
}

/** The first line of the output, where the format has one. */
export function headOf({ format, task }: Pick<Written, 'format' | 'task'>): string {
  return format === 'tsv' ? `${[...columns, ...(moreColumns[task] ?? [])].join('\t')}\n` : ''
}

/**
 * A result as text. `text` and `jsonl`: exactly one line a source. `tsv`: a line a candidate (of tags: all of them, where the n
 * best are asked for), a tag's token, or a label (rank 0: skipped, and why).
 */
export function resultText(result: LineResult, written: Written): string {
  const { format, task } = written
  if (format === 'jsonl') return `${JSON.stringify(jsonOf(result, written))}\n`
  if ('skipped' in result) {
    return format === 'text'
      ? '\n'
      : row([result.number, 0, '', result.skipped, ...(moreColumns[task] ?? []).map(() => '')])
  }
  const { output, number } = result
  if (format === 'text') return `${inOneLine(textOf(output))}\n`
  return rowsOf(output, written)
    .map((cells) => row([number, ...cells]))
    .join('')
}

type Cells = readonly (string | number)[]

/** Rank, score, output and what more columns there are, of each line of tsv. */
function rowsOf(output: ModelOutput, written: Written): readonly Cells[] {
  const { tokens, source, sourceScores, tokenScores = [], probabilities, candidates } = output
  if (sourceScores !== undefined) return textRows(source, sourceScores, written)
  const { task } = written
  if (task !== 'tag' && task !== 'classify') {
    return ranked(output, written.joiners.target).map(({ text, score }, rank) => [rank + 1, score, text])
  }
  if (candidates !== undefined) {
    const paths = ranked(output, written.joiners.target)
    return paths.map(({ text, score }, rank) => [rank + 1, score, text, Math.exp(score), ''])
  }
  return tokens.flatMap((token, place) => {
    const every = Object.entries(probabilities?.[place] ?? {}).map(([label, p]) => [label, Math.log(p)] as const)
    const own = [token, tokenScores[place] ?? Number.NaN] as const
    const labels = every.length === 0 ? [own] : every.sort(([, a], [, b]) => b - a)
    return labels.map(([label, score], rank): Cells => {
      const cells = [rank + 1, score, label, Math.exp(score)]
      return task === 'tag' ? [...cells, source[place] ?? ''] : cells
    })
  })
}

/** A text with its log probability; with scores, each of its tokens and its end. */
function textRows(source: readonly string[], scores: readonly number[], { scores: each, joiners }: Written): Cells[] {
  if (!each) return [[1, total(scores), joinTokens(source, joiners.source)]]
  return scores.map((score, place) => [1, score, source[place] ?? '<eos>'])
}

function total(scores: readonly number[]): number {
  return scores.reduce((sum, score) => sum + score, 0)
}

function jsonOf(result: LineResult, { task, joiners }: Written): object {
  if ('skipped' in result) return { line: result.number, skipped: result.skipped }
  const { output, number: line } = result
  const {
    tokens,
    score,
    source,
    sourceScores,
    tokenScores = [],
    probabilities = [],
    alignment,
    values,
    candidates,
  } = output
  if (values !== undefined) return { line, values }
  if (sourceScores !== undefined) return { line, score: total(sourceScores), tokens: source, tokenScores: sourceScores }
  const predicted = { line, output: output.text, tokens, score }
  if (task === 'classify') {
    const [labels] = probabilities
    return { ...predicted, probability: Math.exp(score), ...(labels && { probabilities: labels }) }
  }
  if (task === 'tag') {
    const given = probabilities.length === 0 ? {} : { probabilities }
    const best = candidates && { candidates: ranked(output, joiners.target) }
    return { ...predicted, source, tokenScores, ...given, ...best }
  }
  return {
    ...predicted,
    ...(alignment === undefined ? {} : { source, alignment }),
    ...(candidates === undefined ? {} : { candidates: ranked(output, joiners.target) }),
  }
}

function ranked(output: ModelOutput, joiner: string): readonly { readonly text: string; readonly score: number }[] {
  const { candidates } = output
  if (candidates === undefined) return [{ text: textOf(output), score: output.score }]
  return candidates.map(({ tokens, score }) => ({ text: joinTokens(tokens, joiner), score }))
}

/** Of a language model's source its log probability. */
function textOf({ text, values, sourceScores }: ModelOutput): string {
  if (sourceScores !== undefined) return `${total(sourceScores)}`
  return values === undefined ? text : values.map((step) => step.join(' ')).join(' ')
}

/** A forecast as CSV, as tsv with the series' names, or as an object a step. */
export function* forecastText(
  { description }: TrainedModel,
  { values = [] }: ModelOutput,
  format: OutputFormat,
): Generator<string> {
  const names = targetScaling(description.scaling ?? []).map(({ name }) => name)
  if (format === 'tsv') yield row(['step', ...names])
  for (const [step, numbers] of values.entries()) {
    if (format === 'text') yield `${numbers.join(',')}\n`
    else if (format === 'tsv') yield row([step + 1, ...numbers])
    else
      yield `${JSON.stringify({ step: step + 1, values: Object.fromEntries(names.map((name, at) => [name, numbers[at]])) })}\n`
  }
}

function row(cells: Cells): string {
  return `${cells.map((cell) => inOneCell(`${cell}`)).join('\t')}\n`
}

/** A token may be any text: line ends would break the rule of one line a source. */
function inOneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ')
}

function inOneCell(text: string): string {
  return inOneLine(text).replaceAll('\t', ' ')
}
