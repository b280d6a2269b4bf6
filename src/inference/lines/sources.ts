import { dataError } from '../../data/data-error.js'
import { objectOf, textAt } from '../../data/reading/json-text.js'
import type { Spec } from '../../spec/types.js'
import type { Source } from '../sources.js'
import type { InputLine } from './read-lines.js'
import { tableReader } from './tables.js'

export const inputFormats = ['text', 'tsv', 'jsonl', 'csv'] as const
export type InputFormat = (typeof inputFormats)[number]

/** How the lines of a run's own source are written. */
export function inputFormatOf({ data }: Pick<Spec, 'data'>): InputFormat {
  const { type } = data.source
  if (type === 'series') return 'csv'
  return type === 'tsv' || type === 'csv' || type === 'jsonl' ? type : 'text'
}

/** Reads the source in a line; undefined where the line is a table's header. Throws SeqlabError 'data' where there is none. */
export type SourceReader = (line: InputLine & { readonly text: string }) => Source | undefined

/** For the lines of one input, in their order. */
export function sourceReader(format: InputFormat, spec: Pick<Spec, 'data'>, file: string): SourceReader {
  const { features } = spec.data
  if (format === 'text') return (line) => textOf(line, file, features !== undefined)
  if (format === 'jsonl') return (line) => sourceOfObject(line, spec, file)
  const table = tableReader(spec, format, file)
  return (line) => {
    const source = table.cell(line, 'source')
    if (source === undefined || features === undefined) return source
    return { source, features: table.cell(line, 'features') ?? '' }
  }
}

function textOf(
  { text, number }: { readonly text: string; readonly number: number },
  file: string,
  needsMore: boolean,
) {
  if (!needsMore) return text
  const hint = 'Use --input tsv, csv or jsonl: a line of text has no place for them.'
  throw dataError({ file, line: number }, 'the model reads features next to each source', { hint })
}

function sourceOfObject(
  { text, number }: InputLine & { readonly text: string },
  { data }: Pick<Spec, 'data'>,
  file: string,
): Source {
  const place = { file, line: number }
  const jsonl = data.source.type === 'jsonl' ? data.source : undefined
  const object = objectOf(text, place)
  const key = jsonl?.sourceColumn ?? 'source'
  if (isWindow(object[key])) return object[key]
  const source = [textAt(object, key, place)].flat().join(' ')
  if (data.features === undefined) return source
  return { source, features: textAt(object, jsonl?.featuresColumn ?? 'features', place) }
}

/** Steps, each with its numbers. */
function isWindow(value: unknown): value is readonly (readonly number[])[] {
  const isStep = (step: unknown) => Array.isArray(step) && step.every((each) => typeof each === 'number')
  return Array.isArray(value) && value.length > 0 && value.every(isStep)
}
