/** sentencepiece's compiled normalisation rules. */
interface Charsmap {
  /** A double-array trie (darts-clone) of strings in UTF-8: each unit has a label, where its children are, or a value. */
  readonly units: Uint32Array
  /** What values are places in: strings, each ended by 0. */
  readonly texts: Uint8Array
}

/** Undefined where the bytes are no such rules. */
function charsmapIn(bytes: Uint8Array): Charsmap | undefined {
  if (bytes.length < 8) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getUint32(0, true)
  if (size % 4 !== 0 || size === 0 || 4 + size > bytes.length) return undefined
  const units = Uint32Array.from({ length: size / 4 }, (_, at) => view.getUint32(4 + 4 * at, true))
  return { units, texts: bytes.subarray(4 + size) }
}

/** The rules as text, for a file of JSON; undefined where the bytes are none. */
export function encodeCharsmap(bytes: Uint8Array): string | undefined {
  return charsmapIn(bytes) === undefined ? undefined : Buffer.from(bytes).toString('base64')
}

/** Replaces the longest string that has a replacement, from the left. Throws RangeError where the rules are none. */
export function charsmapReplacer(base64: string): (text: string) => string {
  const map = charsmapIn(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
  if (map === undefined) throw new RangeError('There are no normalisation rules')
  const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { ignoreBOM: true })]
  return (text) => {
    const bytes = encoder.encode(text)
    const out: number[] = []
    for (let at = 0; at < bytes.length; ) {
      const found = longestMatch(map, bytes, at)
      const length = found?.length ?? lengthOf(bytes[at] ?? 0)
      for (const byte of found?.text ?? bytes.subarray(at, at + length)) out.push(byte)
      at += length
    }
    return decoder.decode(Uint8Array.from(out))
  }
}

function longestMatch({ units, texts }: Charsmap, bytes: Uint8Array, start: number) {
  let place = offsetOf(units[0] ?? 0)
  let found: { readonly length: number; readonly value: number } | undefined
  for (let at = start; at < bytes.length; at++) {
    place ^= bytes[at] ?? 0
    const unit = units[place]
    if (unit === undefined || (unit & 0x800000ff) !== bytes[at]) break
    place ^= offsetOf(unit)
    if (((unit >>> 8) & 1) === 1) found = { length: at + 1 - start, value: (units[place] ?? 0) & 0x7fffffff }
  }
  if (found === undefined) return undefined
  const end = texts.indexOf(0, found.value)
  return { length: found.length, text: texts.subarray(found.value, end < 0 ? texts.length : end) }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6)
}

/** Bytes of a character, by its first one. */
function lengthOf(byte: number): number {
  if (byte < 0xc0) return 1
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
}
