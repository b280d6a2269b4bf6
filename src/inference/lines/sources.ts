import { WrittenNumber } from '../../core/written-number.js'
import { dataError } from '../../data/data-error.js'
import { objectOf, textAt } from '../../data/reading/json-text.js'
import type { Spec } from '../../spec/types.js'
import type { Source, Window } from '../sources.js'
import { blockReader, isBlocks } from './blocks.js'
import { factorsOf, sideReader, type TextLine } from './sides.js'

export const inputFormats = ['text', 'tsv', 'jsonl', 'csv', 'conllu', 'tagged'] as const
export type InputFormat = (typeof inputFormats)[number]

/** How the lines of a run's own source are written. */
export function inputFormatOf({ data }: Pick<Spec, 'data'>): InputFormat {
  const { type } = data.source
  if (type === 'series') return 'csv'
  if (type === 'tsv' || type === 'csv' || type === 'jsonl') return type
  if (data.factors === undefined) return 'text'
  // A line of text has no place for them.
  return type === 'conllu' || type === 'tagged' ? type : 'jsonl'
}

/** Reads the source in a line; undefined where the line is a table's header. Throws SeqlabError 'data' where there is none. */
export type SourceReader = (line: TextLine) => Source | undefined

/** For the lines of one input, in their order. */
export function sourceReader(format: InputFormat, spec: Pick<Spec, 'data'>, file: string): SourceReader {
  const { features, source, factors } = spec.data
  if (format === 'text') return (line) => textOf(line, file, spec.data)
  if (isBlocks(format)) return blockReader(format, spec, file)
  if (format === 'jsonl' && source.type === 'series') return (line) => windowOf(line, file)
  const read = sideReader(format, spec, file, ['source'])
  return (line) => {
    const sides = read(line)
    if (sides === undefined) return undefined
    // Tokens that a file keeps apart stay so where each of them has more.
    const source = factors === undefined ? [sides('source')].flat().join(' ') : sides('source')
    const more = features === undefined ? {} : { features: sides('features') }
    return features === undefined && typeof source === 'string' && factors === undefined
      ? source
      : { source, ...more, ...factorsOf(sides, factors) }
  }
}

function textOf({ text, number }: TextLine, file: string, { features, factors }: Spec['data']): string {
  if (features === undefined && factors === undefined) return text
  const what =
    factors === undefined ? 'features next to each source' : `${Object.keys(factors).join(', ')} of each token`
  const formats = factors === undefined ? 'tsv, csv or jsonl' : 'jsonl, or the format of its own data'
  const hint = `Use --input ${formats}: a line of text has no place for them.`
  throw dataError({ file, line: number }, `the model reads ${what}`, { hint })
}

function windowOf({ text, number }: TextLine, file: string): Source {
  const place = { file, line: number }
  const object = objectOf(text, place, ['source'])
  const window = windowIn(object.source)
  if (window === undefined) return [textAt(object, 'source', place)].flat().join(' ')
  if (object.ahead === undefined) return window
  const ahead = windowIn(object.ahead)
  if (ahead !== undefined) return { window, ahead }
  throw dataError(place, '"ahead" is no list of steps', { expected: 'a list of numbers for each step of the horizon' })
}

/** Steps of numbers; undefined where the value is anything else. */
function windowIn(value: unknown): Window | undefined {
  const isStep = (step: unknown): step is WrittenNumber[] =>
    Array.isArray(step) && step.every((each) => each instanceof WrittenNumber)
  if (!Array.isArray(value) || value.length === 0 || !value.every(isStep)) return undefined
  return value.map((step) => step.map((number) => number.value))
}
