import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { dataError } from '../data-error.js'
import type { DataOptions } from '../options.js'
import { type Encoded, type FoundVectors, specialSymbols, type Vocabulary, type WordVectors } from '../types.js'
import { decimal } from './decimal.js'
import { unreadable } from './files.js'
import { isUnpacking, notUnpacked } from './unpacking.js'

/** Adds the word vectors that the options name. Throws SeqlabError 'data' with file and line. */
export async function addWordVectors(
  encoded: Encoded,
  files: DataOptions['vectors'],
  baseDir: string,
): Promise<Encoded> {
  if (files?.source === undefined && files?.target === undefined) return encoded
  const read = (file: string | undefined, vocabulary: Vocabulary | undefined) =>
    file === undefined || vocabulary === undefined ? undefined : readWordVectors(file, vocabulary, baseDir)
  const { sourceVocabulary, targetVocabulary, counts } = encoded
  const source = await read(files.source, sourceVocabulary)
  const target = await read(files.target, targetVocabulary)
  const found = {
    ...(source && { source: foundIn(source, sourceVocabulary) }),
    ...(target && { target: foundIn(target, targetVocabulary) }),
  }
  const vectors = { ...(source && { source }), ...(target && { target }) }
  return { ...encoded, vectors, counts: { ...counts, vectors: found } }
}

function foundIn(
  { width, data }: WordVectors,
  { symbols, specials }: Vocabulary = { symbols: [], specials: false },
): FoundVectors {
  const own = symbols.flatMap((_, id) => (specials && id < specialSymbols.length ? [] : [id]))
  return { found: own.filter((id) => !Number.isNaN(data[id * width])).length, symbols: own.length }
}

interface Table {
  readonly width: number
  readonly data: Float32Array
}

/**
 * Rows of a word-vector text file for a vocabulary. A line is a token and its numbers, parted by spaces; a first line
 * `count width` (word2vec) says how many there are, else the first line's numbers are the width; of a token that comes twice
 * the first counts. Read as a stream: such files may be larger than memory. Throws SeqlabError 'data' with file, line and
 * column, or where the first line says other counts than the file has.
 */
export async function readWordVectors(file: string, { symbols }: Vocabulary, baseDir: string): Promise<WordVectors> {
  const wanted = new Map(symbols.map((symbol, id) => [symbol, id]))
  let table: Table | undefined
  let header: Header | undefined
  let [line, vectors] = [0, 0]
  for await (const text of linesOf(file, baseDir)) {
    line += 1
    if (text.trim() === '') continue
    if (line === 1) header = headerOf(text)
    if (line === 1 && header !== undefined) continue
    const place = { file, line }
    vectors += 1
    table ??= startOf(header?.width ?? fieldsOf(text).length - 1, symbols.length, place)
    const { token, numbers } = parse(text, table.width, place)
    const id = wanted.get(token)
    if (id === undefined) continue
    table.data.set(numbers, id * table.width)
    wanted.delete(token)
  }
  if (table === undefined) throw dataError(file, 'the file is empty')
  if (header !== undefined && header.vectors !== vectors) throw otherCount(file, header.vectors, vectors)
  if (wanted.size === symbols.length) {
    throw dataError(file, 'it has no vector for any symbol of the vocabulary', {
      hint: 'are tokens and words the same units?',
    })
  }
  return { ...table, missing: wanted.size }
}

/** The first line of word2vec's files. */
interface Header {
  readonly vectors: number
  readonly width: number
}

function headerOf(text: string): Header | undefined {
  const [, vectors, width] = /^(\d+) (\d+)\s*$/.exec(text) ?? []
  return vectors === undefined || width === undefined ? undefined : { vectors: Number(vectors), width: Number(width) }
}

function otherCount(file: string, expected: number, received: number): Error {
  const what = received < expected ? 'the file is cut off, or its first line is wrong' : 'the first line is wrong'
  return dataError({ file, line: 1 }, what, {
    expected: `${expected} vectors, as the first line says`,
    received: `${received}`,
    hint: 'get the file again; without its first line it is read as it is',
  })
}

function startOf(width: number, rows: number, place: { file: string; line: number }): Table {
  if (width < 1) throw dataError(place, 'expected a token and its vector')
  return { width, data: new Float32Array(rows * width).fill(Number.NaN) }
}

function fieldsOf(text: string): string[] {
  return text.trimEnd().split(/[ \t]+/)
}

/** The last `width` fields are numbers; what precedes them is the token (some GloVe tokens hold spaces). */
function parse(text: string, width: number, place: { file: string; line: number }) {
  const fields = fieldsOf(text)
  if (fields.length <= width) {
    const received = `${fields.length - 1}`
    throw dataError(place, 'the vector has another length', { expected: `${width} numbers`, received })
  }
  const first = fields.length - width
  const numbers = fields.slice(first).map((written, at) => {
    const value = decimal(written)
    if (value !== undefined && Number.isFinite(Math.fround(value))) return value
    const [message, expected] =
      value === undefined
        ? ['not a number', 'a decimal number']
        : ['the number is too large', 'a number that float32 holds (up to 3.4e38)']
    const where = { ...place, column: columnOf(text, first + at) }
    throw dataError(where, message, { expected, received: JSON.stringify(written) })
  })
  return { token: fields.slice(0, first).join(' '), numbers }
}

/** Where a field begins, in characters from 1. */
function columnOf(text: string, field: number): number {
  const begins = [0, ...[...text.matchAll(/[ \t]+/g)].map((gap) => gap.index + gap[0].length)]
  return (begins[field] ?? 0) + 1
}

async function* linesOf(path: string, baseDir: string): AsyncGenerator<string> {
  const file = resolve(baseDir, path)
  try {
    yield* split(await openText(file))
  } catch (cause) {
    throw isUnpacking(cause) ? notUnpacked(path, cause) : unreadable(path, file, cause)
  }
}

async function openText(file: string): Promise<Readable> {
  const gzipped = await startsLikeGzip(file)
  const plain = createReadStream(file)
  if (!gzipped) return plain
  const unpacked = plain.pipe(createGunzip())
  plain.on('error', (error) => unpacked.destroy(error))
  return unpacked
}

async function* split(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/)
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

async function startsLikeGzip(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await handle.close()
  }
}
