import type { ModelOutput } from '../outputs.js'
import type { LineResult } from './predict-lines.js'

export const outputFormats = ['text', 'tsv', 'jsonl'] as const
export type OutputFormat = (typeof outputFormats)[number]

/** What of a result is written: in jsonl what the format has room for, in tsv a line a candidate. */
export interface Written {
  readonly format: OutputFormat
  readonly joiner: string
}

/** The first line of the output, where the format has one. */
export function headOf(format: OutputFormat): string {
  return format === 'tsv' ? 'line\trank\tscore\toutput\n' : ''
}

/** A result as text: exactly one line a source in `text` and `jsonl`, one a candidate in `tsv` (rank 0: skipped, and why). */
export function resultText(result: LineResult, { format, joiner }: Written): string {
  if (format === 'jsonl') return `${JSON.stringify(jsonOf(result, joiner))}\n`
  if ('skipped' in result) return format === 'text' ? '\n' : `${result.number}\t0\t\t${inOneCell(result.skipped)}\n`
  const { output } = result
  if (format === 'text') return `${inOneLine(textOf(output))}\n`
  return ranked(output, joiner)
    .map(({ text, score }, rank) => `${result.number}\t${rank + 1}\t${score}\t${inOneCell(text)}\n`)
    .join('')
}

function jsonOf(result: LineResult, joiner: string): object {
  if ('skipped' in result) return { line: result.number, skipped: result.skipped }
  const { output, number } = result
  const { tokens, score, alignment, values, candidates } = output
  return {
    line: number,
    ...(values === undefined ? { output: output.text, tokens, score } : { values }),
    ...(alignment === undefined ? {} : { source: output.source, alignment }),
    ...(candidates === undefined ? {} : { candidates: ranked(output, joiner) }),
  }
}

function ranked(output: ModelOutput, joiner: string): readonly { readonly text: string; readonly score: number }[] {
  const { candidates } = output
  if (candidates === undefined) return [{ text: textOf(output), score: output.score }]
  return candidates.map(({ tokens, score }) => ({ text: tokens.join(joiner), score }))
}

function textOf({ text, values }: ModelOutput): string {
  return values === undefined ? text : values.map((step) => step.join(' ')).join(' ')
}

/** A token may be any text: line ends would break the rule of one line a source. */
function inOneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ')
}

function inOneCell(text: string): string {
  return inOneLine(text).replaceAll('\t', ' ')
}
