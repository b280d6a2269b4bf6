import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { dataError } from '../data-error.js'
import type { DataOptions } from '../options.js'
import type { Encoded, Vocabulary, WordVectors } from '../types.js'
import { decimal } from './decimal.js'
import { unreadable } from './files.js'

/** Adds the word vectors that the options name. Throws SeqlabError 'data' with file and line. */
export async function addWordVectors(
  encoded: Encoded,
  files: DataOptions['vectors'],
  baseDir: string,
): Promise<Encoded> {
  if (files?.source === undefined && files?.target === undefined) return encoded
  const read = (file: string | undefined, vocabulary: Vocabulary | undefined) =>
    file === undefined || vocabulary === undefined ? undefined : readWordVectors(file, vocabulary, baseDir)
  const source = await read(files.source, encoded.sourceVocabulary)
  const target = await read(files.target, encoded.targetVocabulary)
  return { ...encoded, vectors: { ...(source && { source }), ...(target && { target }) } }
}

/**
 * Rows of a word-vector text file for a vocabulary. A line is a token and its numbers, parted by spaces; a first line
 * `count width` (word2vec) is skipped, else the first line's numbers are the width; of a token that comes twice the first
 * counts. Read as a stream: such files may be larger than memory. Throws SeqlabError 'data' with file and line.
 */
export async function readWordVectors(file: string, { symbols }: Vocabulary, baseDir: string): Promise<WordVectors> {
  const wanted = new Map(symbols.map((symbol, id) => [symbol, id]))
  let table: { readonly width: number; readonly data: Float32Array } | undefined
  let line = 0
  for await (const text of linesOf(file, baseDir)) {
    line += 1
    if (text.trim() === '' || (line === 1 && /^\d+ \d+\s*$/.test(text))) continue
    const fields = text.trimEnd().split(/[ \t]+/)
    table ??= startOf(fields.length - 1, symbols.length, { file, line })
    const { token, numbers } = parse(fields, table.width, { file, line })
    const id = wanted.get(token)
    if (id === undefined) continue
    table.data.set(numbers, id * table.width)
    wanted.delete(token)
  }
  if (table === undefined) throw dataError(file, 'the file is empty')
  if (wanted.size === symbols.length) {
    throw dataError(file, 'it has no vector for any symbol of the vocabulary', {
      hint: 'are tokens and words the same units?',
    })
  }
  return { ...table, missing: wanted.size }
}

function startOf(width: number, rows: number, place: { file: string; line: number }) {
  if (width < 1) throw dataError(place, 'expected a token and its vector')
  return { width, data: new Float32Array(rows * width).fill(Number.NaN) }
}

/** The last `width` fields are numbers; what precedes them is the token (some GloVe tokens hold spaces). */
function parse(fields: readonly string[], width: number, place: { file: string; line: number }) {
  if (fields.length <= width) {
    const received = `${fields.length - 1}`
    throw dataError(place, 'the vector has another length', { expected: `${width} numbers`, received })
  }
  const written = fields.slice(-width)
  const numbers = written.map((text) => {
    const value = decimal(text)
    if (value === undefined) throw dataError(place, 'not a number', { received: JSON.stringify(text) })
    return value
  })
  return { token: fields.slice(0, -width).join(' '), numbers }
}

async function* linesOf(path: string, baseDir: string): AsyncGenerator<string> {
  const file = resolve(baseDir, path)
  try {
    yield* split(await openText(file))
  } catch (cause) {
    throw unreadable(path, file, cause)
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
