import type { Answer } from '../../inference/answer.js'
import { symbolsRead } from '../../inference/outputs.js'
import { significant } from '../../report/format/values.js'
import { attentionGrid } from './attention-grid.js'
import { printable } from './printable.js'
import { type Cell, table } from './table.js'
import type { Colors } from './terminal.js'
import { shortened } from './width.js'

/** What a model makes of a source, for a terminal of some columns: output, probability, n best and attention. */
export function answerText({ output, attended, best, text }: Answer, width: number, colors: Colors): string {
  const unknown = unknownText(output)
  return [
    ...(text === undefined ? outputLines(output, width, colors) : textLines(text, width, colors)),
    ...(unknown === undefined ? [] : [colors.yellow(unknown)]),
    ...(best.length > 1
      ? [
          table(
            best.map((one, at) => rowOf(one, at + 1)),
            { width },
          ),
        ]
      : []),
    ...gridLines(output, attended, width, colors),
  ].join('\n')
}

/** `0.93`, or its logarithm where it is too small to read. */
export function probabilityText(logProb: number): string {
  const probability = Math.exp(logProb)
  return probability >= 1e-4 ? significant(probability, 2) : `e^${significant(logProb, 3)}`
}

type Output = Answer['output']

function outputLines({ tokens, source, text, score }: Output, width: number, colors: Colors): string[] {
  const probability = colors.dim(`probability ${probabilityText(score)}`)
  const isTagged = tokens.length === source.length && tokens.length > 1 && text.includes(' ')
  if (!isTagged) return [`${colors.bold(shown(text))}  ${probability}`]
  const rows = source.map((token, at): Cell[] => [{ text: shown(token) }, { text: shown(tokens[at] ?? '') }])
  return [table(rows, { others: 'left', width }), probability]
}

/** A language model's text symbol by symbol. */
function textLines({ symbols, logProbs, score }: NonNullable<Answer['text']>, width: number, colors: Colors): string[] {
  const perSymbol = score / Math.max(1, logProbs.length)
  const summary = `log probability ${significant(score, 4)}, perplexity ${significant(Math.exp(-perSymbol), 4)}`
  const each = symbols.map((symbol, at) => `${shown(symbol)} ${probabilityText(logProbs[at] ?? Number.NaN)}`)
  return [summary, colors.dim(shortened(each.join('  '), width))]
}

function rowOf({ text, score }: Answer['best'][number], rank: number): Cell[] {
  return [String(rank), probabilityText(score), { text: shown(text) }]
}

function gridLines({ alignment, tokens }: Output, columns: readonly string[], width: number, colors: Colors): string[] {
  if (alignment === undefined) return []
  const rows = [...tokens, 'end'].slice(0, alignment.length)
  return ['', ...attentionGrid({ columns, rows, weights: alignment }, width).map((line) => colors.cyan(line))]
}

function unknownText(output: Output): string | undefined {
  const { unknown } = output
  if (unknown === 0) return undefined
  const all = symbolsRead(output)
  if (unknown === all) return 'the model knows none of its symbols'
  return `the model does not know ${unknown} of its ${all} symbols`
}

function shown(text: string): string {
  return text === '' ? '(nothing)' : printable(text)
}
