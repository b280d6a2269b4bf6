/** Of two or four bytes a character, as `iconv` calls it; LE and BE where no byte order mark says which. */
export type Encoding = 'UTF-16' | 'UTF-16LE' | 'UTF-16BE' | 'UTF-32' | 'UTF-32LE' | 'UTF-32BE'

/** As many bytes tell an encoding. */
const looked = 4096

const marks: readonly (readonly [start: string, encoding: Encoding])[] = [
  // Before that of UTF-16, which is its beginning.
  ['fffe0000', 'UTF-32'],
  ['0000feff', 'UTF-32'],
  ['fffe', 'UTF-16'],
  ['feff', 'UTF-16'],
]

/** The encoding of a text in UTF-16 or UTF-32, with a byte order mark or without; undefined for everything else. */
export function wideEncoding(bytes: Uint8Array): Encoding | undefined {
  const head = bytes.subarray(0, looked)
  const start = Buffer.from(head.subarray(0, 4)).toString('hex')
  const marked = marks.find(([mark]) => start.startsWith(mark))
  if (marked !== undefined) return marked[1]
  if (!head.includes(0)) return undefined
  if (isUtf32(head, 3)) return 'UTF-32LE'
  if (isUtf32(head, 0)) return 'UTF-32BE'
  if (isUtf16(head, 'utf-16le', 0)) return 'UTF-16LE'
  return isUtf16(head, 'utf-16be', 1) ? 'UTF-16BE' : undefined
}

/** Whether every four bytes are a code point, of which `highest` is the place of the highest byte: the largest is 0x10ffff. */
function isUtf32(bytes: Uint8Array, highest: 0 | 3): boolean {
  const next = highest === 0 ? 1 : 2
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 4))
  const fits = (byte: number, at: number) => (at % 4 === highest ? byte === 0 : at % 4 !== next || byte <= 0x10)
  return whole.length > 4 && whole.some((byte) => byte !== 0) && whole.every(fits)
}

/**
 * Whether bytes are a text in UTF-16, of which `low` is the place of the lower byte of two. A line end, or where there is none one
 * character of four, has a NUL as its other byte, which no text in UTF-8 has even where it has a NUL here and there.
 */
function isUtf16(bytes: Uint8Array, label: 'utf-16le' | 'utf-16be', low: 0 | 1): boolean {
  const text = decoded(bytes, label)
  if (text === undefined || /[\0\p{Cn}]/u.test(text)) return false
  const ascii = text.match(/\p{ASCII}/gu)?.length ?? 0
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2))
  const lineEnds = whole.filter((byte, at) => byte === 0x0a && at % 2 === low).length
  const ends = text.split('\n').length - 1
  return ascii > 1 && (lineEnds > 0 ? ends * 2 > lineEnds : ascii * 4 > text.length)
}

/** Without the half of a character at the end, where bytes are the beginning of a text. */
function decoded(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return undefined
  }
}
