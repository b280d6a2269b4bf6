/** A field of a protobuf message: its number, and a number or bytes. */
export interface Field {
  readonly number: number
  readonly value: number | Uint8Array
}

/** The fields of a message in their order (protobuf.dev/programming-guides/encoding); undefined where the bytes are no message. Nothing is copied. */
export function fieldsOf(bytes: Uint8Array): readonly Field[] | undefined {
  const fields: Field[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; ) {
    const key = varint(bytes, at)
    if (key === undefined || key.value < 0) return undefined
    const read = valueAt(bytes, view, key.value % 8, key.end)
    if (read === undefined) return undefined
    fields.push({ number: Math.floor(key.value / 8), value: read.value })
    at = read.end
  }
  return fields
}

interface Read<Value> {
  readonly value: Value
  readonly end: number
}

/** By wire type: a varint, 8 bytes (skipped), bytes with their length, a 32-bit float. */
function valueAt(bytes: Uint8Array, view: DataView, type: number, at: number): Read<number | Uint8Array> | undefined {
  if (type === 0) return varint(bytes, at)
  if (type === 1 && at + 8 <= bytes.length) return { value: 0, end: at + 8 }
  if (type === 5 && at + 4 <= bytes.length) return { value: view.getFloat32(at, true), end: at + 4 }
  if (type !== 2) return undefined
  const length = varint(bytes, at)
  if (length === undefined || length.value < 0 || length.end + length.value > bytes.length) return undefined
  const end = length.end + length.value
  return { value: bytes.subarray(length.end, end), end }
}

/** Bytes of a varint whose bits are exact in a number: 49 of them, below the other 15. */
const lowBytes = 7

/** Seven bits a byte, the lowest first, in two's complement of 64 bits; what is not exact in a number is -1. */
function varint(bytes: Uint8Array, start: number): Read<number> | undefined {
  let [low, high] = [0, 0]
  for (let at = start; at < Math.min(bytes.length, start + 10); at++) {
    const byte = bytes[at] ?? 0
    const place = at - start
    if (place < lowBytes) low += (byte % 128) * 128 ** place
    else high += (byte % 128) * 128 ** (place - lowBytes)
    if (byte >= 128) continue
    const value = (high < 2 ** 14 ? high : high - 2 ** 15) * 128 ** lowBytes + low
    return { value: Number.isSafeInteger(value) ? value : -1, end: at + 1 }
  }
  return undefined
}

/** The first number of a field; `otherwise` where there is none. */
export function numberIn(fields: readonly Field[], wanted: number, otherwise: number): number {
  const value = fields.find(({ number }) => number === wanted)?.value
  return typeof value === 'number' ? value : otherwise
}
