import { dataError } from '../../data/data-error.js'
import { noText, wideKind } from '../../data/reading/byte-kind.js'

/** A line of the input, from 1, or why it cannot be read; `stops`: whether nothing after it can be either. */
export type InputLine =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly problem: Error; readonly stops?: true }

/** Whether what is wrong with a line, or with what is numbered as it, ends everything. */
export function stopsAt(line: object, { onError }: { readonly onError: 'fail' | 'skip' }): boolean {
  return onError === 'fail' || ('stops' in line && line.stops === true)
}

/** A line as long as this is no sentence; nothing longer is kept in memory. */
export const longestLineBytes = 4 * 1024 ** 2

const lineFeed = 10
const carriageReturn = 13
type LineEnd = typeof lineFeed | typeof carriageReturn

/**
 * Lines of a stream of UTF-8 as they come, without their ends and without a byte order mark. As in files, lines end in LF or
 * CRLF, or in CR alone where there is no LF: lines are given when the first LF has come, or the end, or more than a line may be
 * long. A stream of UTF-16 or UTF-32 is one problem, and so is an LF after so much with CR alone.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<InputLine> {
  const line = lineReader(name)
  let ends: LineEnd | undefined
  let rest: Buffer = Buffer.alloc(0)
  let isFirst = true
  for await (const chunk of chunks) {
    const wide = isFirst ? wideKind(chunk) : undefined
    isFirst = false
    if (wide !== undefined) {
      yield { number: 1, problem: noText({ file: name, line: 1 }, wide), stops: true }
      return
    }
    rest = Buffer.concat([rest, chunk])
    ends ??= lineEndOf(rest)
    if (ends === undefined) continue
    const mixed = ends === carriageReturn ? rest.indexOf(lineFeed) : -1
    const [whole, after] = cutAtEnds(mixed < 0 ? rest : rest.subarray(0, mixed), ends)
    for (const each of whole) yield line.read(each)
    if (mixed >= 0) {
      yield line.mixed()
      return
    }
    rest = line.kept(after)
  }
  const [whole, last] = cutAtEnds(rest, ends ?? carriageReturn)
  for (const each of whole) yield line.read(each)
  if (last.length > 0 || line.isTooLong()) yield line.read(last)
}

/** What ends the lines of a text that begins so; undefined where that is not known yet. */
function lineEndOf(begin: Buffer): LineEnd | undefined {
  if (begin.includes(lineFeed)) return lineFeed
  if (begin.length <= longestLineBytes) return undefined
  const lone = begin.indexOf(carriageReturn)
  return lone >= 0 && lone < begin.length - 1 ? carriageReturn : lineFeed
}

/** Whole lines without their ends, and what comes after the last of them. */
function cutAtEnds(bytes: Buffer, ends: LineEnd): readonly [whole: readonly Buffer[], after: Buffer] {
  const whole: Buffer[] = []
  let start = 0
  for (let end = bytes.indexOf(ends); end >= 0; end = bytes.indexOf(ends, start)) {
    const isTwo = ends === lineFeed && end > start && bytes[end - 1] === carriageReturn
    whole.push(bytes.subarray(start, isTwo ? end - 1 : end))
    start = end + 1
  }
  return [whole, bytes.subarray(start)]
}

/** Counts lines and decodes them. */
function lineReader(name: string) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = 0
  let tooLong = false
  const problem = (message: string, more = {}) => ({
    number,
    problem: dataError({ file: name, line: number }, message, more),
  })
  return {
    read(bytes: Buffer): InputLine {
      number++
      if (tooLong || bytes.length > longestLineBytes) {
        tooLong = false
        return problem('the line is too long', { expected: `at most ${longestLineBytes} bytes` })
      }
      try {
        const text = decoder.decode(bytes)
        return { number, text: number === 1 ? text.replace(/^\ufeff/, '') : text }
      } catch {
        return problem('this line is not valid UTF-8')
      }
    },
    mixed(): InputLine {
      number++
      const hint = 'give every line the same end: a stream is not kept to look for the other one'
      return { ...problem('this line ends in LF, and those before it in CR alone', { hint }), stops: true }
    },
    /** What a line begins with, unless that is more than a line may have. */
    kept(begin: Buffer): Buffer {
      if (begin.length > longestLineBytes) tooLong = true
      return tooLong ? Buffer.alloc(0) : begin
    },
    isTooLong: () => tooLong,
  }
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
