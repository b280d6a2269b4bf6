import { isJsonObject, parseJson } from '../../core/json.js'
import { dataError } from '../../data/data-error.js'
import type { Spec } from '../../spec/types.js'
import type { Source } from '../sources.js'
import type { InputLine } from './read-lines.js'

export const inputFormats = ['text', 'tsv', 'jsonl', 'csv'] as const
export type InputFormat = (typeof inputFormats)[number]

/** How the lines of a run's own source are written. */
export function inputFormatOf({ data }: Pick<Spec, 'data'>): InputFormat {
  if (data.source.type === 'series') return 'csv'
  return data.source.type === 'tsv' ? 'tsv' : 'text'
}

/** The source in a line. Throws SeqlabError 'data', with the line, where there is none. */
export function sourceIn(
  line: InputLine & { readonly text: string },
  format: InputFormat,
  { data }: Pick<Spec, 'data'>,
  file: string,
): Source {
  const place = { file, line: line.number }
  if (format === 'text') {
    if (data.features === undefined) return line.text
    const hint = 'Use --input tsv or jsonl: a line of text has no place for them.'
    throw dataError(place, 'the model reads features next to each source', { hint })
  }
  if (format === 'tsv') {
    const column = data.source.type === 'tsv' ? data.source.sourceColumn : 1
    const cells = line.text.split('\t')
    const featuresColumn = featuresColumnOf(data)
    const [cell, features] = [cells[column - 1], cells[(featuresColumn ?? column) - 1]]
    if (cell !== undefined && features !== undefined) {
      return featuresColumn === undefined ? cell : { source: cell, features }
    }
    throw dataError(place, 'the line has too few columns', {
      expected: `at least ${Math.max(column, featuresColumn ?? 1)}`,
      received: `${cells.length}`,
    })
  }
  const parsed = parseJson(line.text)
  const { source, features } = isJsonObject(parsed) ? parsed : {}
  if (typeof source === 'string' && data.features !== undefined) {
    if (typeof features === 'string' || isTexts(features)) return { source, features }
    throw dataError(place, 'the line has no `features`, a text or a list of texts', {
      received: JSON.stringify(line.text.slice(0, 60)),
    })
  }
  if (typeof source === 'string' || isWindow(source)) return source
  throw dataError(place, 'the line is not a JSON object with a text `source` (or, for a forecast, a list of steps)', {
    received: JSON.stringify(line.text.slice(0, 60)),
  })
}

/** Of a run that read features from another kind of file: the column after source and target, as SIGMORPHON has it. */
export function featuresColumnOf({ features, source }: Spec['data']): number | undefined {
  if (features === undefined) return undefined
  return source.type === 'tsv' ? source.featuresColumn : 3
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

/** Steps, each with its numbers. */
function isWindow(value: unknown): value is readonly (readonly number[])[] {
  const isStep = (step: unknown) => Array.isArray(step) && step.every((each) => typeof each === 'number')
  return Array.isArray(value) && value.every(isStep)
}
