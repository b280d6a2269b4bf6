import type { Place } from '../../core/errors.js'
import { dataError } from '../data-error.js'

export const columnNames = [
  ...(['ID', 'FORM', 'LEMMA', 'UPOS', 'XPOS'] as const),
  ...(['FEATS', 'HEAD', 'DEPREL', 'DEPS', 'MISC'] as const),
]
const namedColumns: readonly string[] = columnNames
export type ConlluColumn = (typeof columnNames)[number]

export interface Word {
  /** Ten, in the order of columnNames. */
  readonly cells: readonly string[]
}

export interface Sentence {
  readonly words: readonly Word[]
  /** Its first line, from 1. */
  readonly line: number
}

export interface ConlluFile {
  readonly sentences: readonly Sentence[]
  /** What is no word, with the reason. */
  readonly leftOut: readonly { readonly line: number; readonly why: string }[]
}

/**
 * Sentences between blank lines, of words whose ids are 1, 2, 3, ... Lines with `#` are comments, ids like 1-2 multiword tokens,
 * ids like 1.1 empty nodes. `first`: the number of the first line. Throws SeqlabError 'data', with file and line, for everything else.
 */
export function conlluSentences(lines: readonly string[], path: string, first = 1): ConlluFile {
  const sentences: Sentence[] = []
  const leftOut: { line: number; why: string }[] = []
  let open: { words: Word[]; line: number } | undefined
  const hasOwn = lines.some((text) => text.split('\t').length === columnNames.length)
  for (const [index, text] of [...lines, ''].entries()) {
    const line = index + first
    if (text.trim() === '') {
      if (open !== undefined && open.words.length > 0) sentences.push(open)
      open = undefined
      continue
    }
    open ??= { words: [], line }
    const read = text.startsWith('#')
      ? 'comment line'
      : wordOf(text, open.words.length + 1, { file: path, line }, hasOwn)
    if (typeof read === 'string') leftOut.push({ line, why: read })
    else open.words.push(read)
  }
  return { sentences, leftOut }
}

/** A word, or what the line is instead. `hasOwn`: whether other lines of the file are of CoNLL-U. */
function wordOf(text: string, expectedId: number, place: Place, hasOwn: boolean): Word | string {
  const cells = text.split('\t')
  const received = JSON.stringify(text.slice(0, 60))
  if (cells.length !== columnNames.length) {
    throw dataError(place, 'the line is not of CoNLL-U', {
      expected: `${columnNames.length} columns, separated by tabs`,
      received: `${cells.length} in ${received}`,
      ...(hasOwn ? {} : otherColumns(text)),
    })
  }
  const [id = ''] = cells
  if (/^\d+-\d+$/.test(id)) return 'multiword token'
  if (/^\d+\.\d+$/.test(id)) return 'empty node'
  if (id !== `${expectedId}`) {
    throw dataError(place, 'the words of a sentence are numbered 1, 2, 3, ...', {
      expected: `${expectedId}`,
      received: id || received,
    })
  }
  if (cells.some((cell) => cell === ''))
    throw dataError(place, 'a column is empty', { expected: '`_` for what is not given', received })
  return { cells }
}

/** What reads a file of numbered words with fewer columns, or more, or with spaces for tabs. */
function otherColumns(text: string): { hint?: string } {
  const tabs = text.includes('\t')
  const cells = text.trim().split(tabs ? '\t' : / +/)
  if (cells.length < 3 || !/^\d+([-.]\d+)?$/.test(cells[0] ?? '')) return {}
  const columns = cells.length < 4 ? 'tokenColumn: 2' : 'tokenColumn: 2 (FORM) and tagColumn: 4 (UPOS)'
  return { hint: `${tabs ? 'other columns' : 'columns separated by spaces'} are read by \`tagged\`, with ${columns}` }
}

/** Several fields of a sentence's words, by the names of these. */
export function fieldsOf(words: readonly Word[], fields: Readonly<Record<string, string>>): Record<string, string[]> {
  const texts = Object.entries(fields).map(
    ([name, field]) => [name, words.map((word) => fieldOf(word, field))] as const,
  )
  return Object.fromEntries(texts)
}

/** `FEATS.Case` in two: the column, and the feature where one is chosen. */
export function columnAndFeature(field: string): readonly [column: string, feature?: string] {
  const dot = field.indexOf('.')
  return dot === -1 ? [field] : [field.slice(0, dot), field.slice(dot + 1)]
}

/** A column's cell, or one feature of it (`FEATS.Case`); `_` where there is none. */
export function fieldOf(word: Word, field: string): string {
  const [column, feature] = columnAndFeature(field)
  const cell = cellOf(word, column)
  if (feature === undefined || cell === '_') return cell
  const found = cell.split('|').find((pair) => pair.startsWith(`${feature}=`))
  return found?.slice(feature.length + 1) ?? '_'
}

/** The names of the features that a word has in a column. */
export function featureNames(word: Word, column: string): string[] {
  return cellOf(word, column)
    .split('|')
    .flatMap((pair) => (pair.includes('=') ? [pair.slice(0, pair.indexOf('='))] : []))
}

function cellOf({ cells }: Word, column: string): string {
  return cells[namedColumns.indexOf(column)] ?? '_'
}
