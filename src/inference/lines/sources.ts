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
  if (format === 'text') return line.text
  if (format === 'tsv') {
    const column = data.source.type === 'tsv' ? data.source.sourceColumn : 1
    const cells = line.text.split('\t')
    const cell = cells[column - 1]
    if (cell !== undefined) return cell
    throw dataError(place, 'the line has too few columns', {
      expected: `at least ${column}`,
      received: `${cells.length}`,
    })
  }
  const parsed = parseJson(line.text)
  const source = isJsonObject(parsed) ? parsed.source : undefined
  if (typeof source === 'string' || isWindow(source)) return source
  throw dataError(place, 'the line is not a JSON object with a text `source` (or, for a forecast, a list of steps)', {
    received: JSON.stringify(line.text.slice(0, 60)),
  })
}

/** Steps, each with its numbers. */
function isWindow(value: unknown): value is readonly (readonly number[])[] {
  const isStep = (step: unknown) => Array.isArray(step) && step.every((each) => typeof each === 'number')
  return Array.isArray(value) && value.every(isStep)
}
