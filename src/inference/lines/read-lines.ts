import { dataError } from '../../data/data-error.js'
import { noText, wideKind } from '../../data/reading/byte-kind.js'

/** A line of the input, from 1, or why it cannot be read. */
export type InputLine =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly problem: Error }

/** A line as long as this is no sentence; nothing longer is kept in memory. */
const longestLineBytes = 4 * 1024 ** 2

const lineFeed = 10
const carriageReturn = 13

/**
 * Lines of a stream of UTF-8 as they come, without their ends (LF or CRLF) and without a byte order mark. A stream of UTF-16 or
 * UTF-32 is one problem.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<InputLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = 0
  let rest: Buffer = Buffer.alloc(0)
  let tooLong = false
  const line = (bytes: Buffer): InputLine => {
    number++
    const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length
    const place = { file: name, line: number }
    if (tooLong || end > longestLineBytes) {
      tooLong = false
      return {
        number,
        problem: dataError(place, 'the line is too long', { expected: `at most ${longestLineBytes} bytes` }),
      }
    }
    try {
      const text = decoder.decode(bytes.subarray(0, end))
      return { number, text: number === 1 ? text.replace(/^\ufeff/, '') : text }
    } catch {
      return { number, problem: dataError(place, 'this line is not valid UTF-8') }
    }
  }
  let isFirst = true
  for await (const chunk of chunks) {
    const wide = isFirst ? wideKind(chunk) : undefined
    isFirst = false
    if (wide !== undefined) {
      yield { number: 1, problem: noText({ file: name, line: 1 }, wide) }
      return
    }
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      yield line(Buffer.concat([rest, chunk.subarray(start, end)]))
      rest = Buffer.alloc(0)
      start = end + 1
    }
    if (rest.length > longestLineBytes) tooLong = true
    rest = tooLong ? Buffer.alloc(0) : Buffer.concat([rest, chunk.subarray(start)])
  }
  if (rest.length > 0 || tooLong) yield line(rest)
}

/** Items in batches, in order: one is given when it is full, or so many milliseconds after its last item. */
export async function* inBatches<T>(items: AsyncIterable<T>, most: number, waitMs: number): AsyncGenerator<T[]> {
  const iterator = items[Symbol.asyncIterator]()
  let batch: T[] = []
  let coming = iterator.next()
  for (;;) {
    const next = batch.length === 0 ? await coming : await within(coming, waitMs)
    if (next === undefined) {
      yield batch
      batch = []
      continue
    }
    if (next.done === true) break
    batch.push(next.value)
    coming = iterator.next()
    if (batch.length < most) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** What a promise gives, or undefined where it takes longer. */
async function within<T>(coming: Promise<T>, waitMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), waitMs)
  })
  try {
    return await Promise.race([coming, late])
  } finally {
    clearTimeout(timer)
  }
}
