// Formats with a token a line: a source is the lines between blank ones.
import { dataError } from '../../data/data-error.js'
import { conlluSentences, fieldOf, fieldsOf } from '../../data/reading/conllu.js'
import { sentenceTokens, type TokenColumns } from '../../data/reading/token-columns.js'
import type { Spec } from '../../spec/types.js'
import type { SourceWithMore } from '../sources.js'
import type { InputLine } from './read-lines.js'
import type { TextLine } from './sides.js'

type BlockFormat = 'conllu' | 'tagged'

export function isBlocks(format: string): format is BlockFormat {
  return format === 'conllu' || format === 'tagged'
}

/** Lines between blank ones as one, with the number of the first; what is wrong with one of them is wrong with all. */
export async function* blocksOf(lines: AsyncIterable<InputLine>): AsyncGenerator<InputLine> {
  let open: InputLine[] = []
  for await (const line of lines) {
    if ('problem' in line || line.text.trim() !== '') open.push(line)
    else {
      yield* together(open)
      open = []
    }
  }
  yield* together(open)
}

function together(lines: readonly InputLine[]): InputLine[] {
  const [first] = lines
  if (first === undefined) return []
  const texts = lines.flatMap((line) => ('problem' in line ? [] : [line.text]))
  const wrong = lines.find((line) => 'problem' in line)
  return [wrong ?? { number: first.number, text: texts.join('\n') }]
}

/**
 * The tokens in a block and the factors that the model reads, by the columns of the run's own data. Undefined where it has comments
 * alone. Throws SeqlabError 'data', with the line.
 */
export function blockReader(
  format: BlockFormat,
  { data }: Pick<Spec, 'data'>,
  file: string,
): (block: TextLine) => SourceWithMore | undefined {
  const { source } = data
  const read =
    format === 'conllu'
      ? wordReader(source.type === 'conllu' ? source : { source: 'FORM' })
      : tokenReader(source.type === 'tagged' ? source : {})
  const absent = source.type === format ? [] : Object.keys(data.factors ?? {})
  return ({ text, number }) => {
    const place = { file, line: number }
    if (absent.length === 0) return read(text.split('\n'), place)
    throw dataError(place, `the model reads ${absent.join(', ')} of each token, and its own data are no ${format}`, {
      hint: 'Use --input jsonl, with keys of these names.',
    })
  }
}

interface Place {
  readonly file: string
  readonly line: number
}

function wordReader(own: { readonly source: string; readonly factors?: Readonly<Record<string, string>> }) {
  return (lines: readonly string[], { file, line }: Place): SourceWithMore | undefined => {
    const [sentence] = conlluSentences(lines, file, line).sentences
    if (sentence === undefined) return undefined
    const { words } = sentence
    const factors = own.factors && { factors: fieldsOf(words, own.factors) }
    return { source: words.map((word) => fieldOf(word, own.source)), ...factors }
  }
}

function tokenReader(own: TokenColumns) {
  return (lines: readonly string[], place: Place) => sentenceTokens(lines, place, own)
}
