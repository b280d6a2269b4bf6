import { createHash } from 'node:crypto'
import { readLines } from './files.js'
import type { DataOptions } from './options.js'
import { dataError } from './problem.js'
import type { Dataset, Vocabulary, WordVectors } from './types.js'

/** Adds the word vectors that the options name to a dataset. Throws SeqlabError 'data' with file and line. */
export async function withWordVectors(dataset: Dataset, { vectors }: DataOptions, baseDir: string): Promise<Dataset> {
  if (vectors?.source === undefined && vectors?.target === undefined) return dataset
  const source = await readSide('source', vectors.source, dataset.sourceVocabulary, baseDir)
  const target = await readSide('target', vectors.target, dataset.targetVocabulary, baseDir)
  const found = { ...(source && { source }), ...(target && { target }) }
  const hash = createHash('sha256').update(dataset.digest)
  for (const [side, { width, data }] of Object.entries(found)) hash.update(`${side} ${width} `).update(data)
  return { ...dataset, vectors: found, digest: hash.digest('hex') }
}

async function readSide(
  side: string,
  file: string | undefined,
  vocabulary: Vocabulary | undefined,
  baseDir: string,
): Promise<WordVectors | undefined> {
  if (file === undefined) return undefined
  if (vocabulary === undefined) throw dataError('data', `vectors.${side} is given, but that side has no symbols`)
  return readVectors(file, vocabulary, baseDir)
}

/**
 * The text format of word2vec and GloVe: a symbol and its numbers a line, parted by blanks; word2vec's first line (two
 * counts) is skipped. The first of equal symbols counts.
 */
async function readVectors(file: string, { symbols }: Vocabulary, baseDir: string): Promise<WordVectors> {
  const lines = await readLines(file, baseDir)
  const from = /^\d+ \d+$/.test(lines[0]?.trim() ?? '') ? 1 : 0
  const width = fields(lines[from] ?? '').length - 1
  if (width < 1) throw dataError({ file, line: from + 1 }, 'a symbol and its numbers are expected')
  const rows = new Map(symbols.map((symbol, id) => [symbol, id]))
  const data = new Float32Array(symbols.length * width).fill(Number.NaN)
  for (let at = from; at < lines.length; at++) {
    const [symbol = '', ...numbers] = fields(lines[at] ?? '')
    if (numbers.length !== width) {
      const received = `${numbers.length}`
      throw dataError({ file, line: at + 1 }, 'a vector of another length', { expected: `${width} numbers`, received })
    }
    const row = rows.get(symbol)
    if (row === undefined) continue
    rows.delete(symbol)
    data.set(parsed(numbers, { file, line: at + 1 }), row * width)
  }
  if (rows.size === symbols.length) {
    throw dataError(file, 'it has a vector for none of the vocabulary', {
      hint: 'Are tokens and words the same units?',
    })
  }
  return { width, data, missing: rows.size }
}

function fields(line: string): string[] {
  return line.trimEnd().split(/[ \t]+/)
}

function parsed(fields: readonly string[], place: { file: string; line: number }): number[] {
  return fields.map((field) => {
    const number = Number(field)
    if (field === '' || !Number.isFinite(number))
      throw dataError(place, 'not a number', { received: JSON.stringify(field) })
    return number
  })
}
