// The safetensors format (https://github.com/huggingface/safetensors, version 0.x): the header's length (uint64, little
// endian), the header (JSON by tensor: dtype, shape, place), the tensors' bytes without gaps.
import { damaged } from '../../core/checked-json.js'
import { isJsonObject } from '../../core/json.js'
import { parseStrictObject } from '../../core/strict-json.js'
import { floats, type HostTensor, sizeOf } from '../../core/tensors.js'

const lengthBytes = 8
/** The format's own limit. */
const longestHeader = 100_000_000
const floatBytes = 4
/** Tensors begin where every element type may. */
const alignment = 8

/** The bytes of a file, and where in them each tensor's numbers are. */
export interface EncodedTensors {
  readonly bytes: Buffer
  readonly places: ReadonlyMap<string, { readonly offset: number; readonly length: number }>
}

/** Float32 tensors by name as the bytes of a file, in the order of their names. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = {},
): EncodedTensors {
  const named = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))
  let offset = 0
  const places = named.map(([name, { shape }]) => {
    const data_offsets = [offset, offset + floatBytes * sizeOf(shape)] as const
    offset = data_offsets[1] ?? 0
    return [name, { dtype: 'F32', shape, data_offsets }] as const
  })
  const about = Object.keys(metadata).length === 0 ? {} : { __metadata__: metadata }
  const json = Buffer.from(JSON.stringify({ ...about, ...Object.fromEntries(places) }))
  const header = Buffer.alloc(Math.ceil(json.length / alignment) * alignment, ' ')
  json.copy(header)
  const length = Buffer.alloc(lengthBytes)
  length.writeBigUInt64LE(BigInt(header.length))
  const start = lengthBytes + header.length
  return {
    bytes: Buffer.concat([length, header, ...named.map(([name, tensor]) => bytesOf(name, tensor))]),
    places: new Map(
      places.map(
        ([
          name,
          {
            data_offsets: [from, to],
          },
        ]) => [name, { offset: start + from, length: to - from }],
      ),
    ),
  }
}

/** Numbers as they lie in memory; every platform that Node runs on today is little endian. */
function bytesOf(name: string, { data, dtype }: HostTensor): Buffer {
  if (dtype !== 'float32') throw new RangeError(`The parameter ${name} is ${dtype}, not float32`)
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

/**
 * The tensors in the bytes of a file. Nothing is taken on trust: lengths and places are checked before anything is read
 * or reserved. Throws SeqlabError 'run', naming `file`, where the file is not whole or has other numbers than finite float32.
 */
export function decodeSafetensors(bytes: Buffer, file: string): ReadonlyMap<string, HostTensor> {
  const header = headerOf(bytes, file)
  const start = lengthBytes + header.length
  const entries = entriesOf(header.text, file)
  checkPlaces(entries, bytes.length - start, file)
  return new Map(entries.map((entry) => [entry.name, tensorOf(entry, bytes, start, file)]))
}

/** The first byte of a file that is a tensor's. Throws as `decodeSafetensors` does. */
export function parametersStart(bytes: Buffer, file: string): number {
  return lengthBytes + headerOf(bytes, file).length
}

function headerOf(bytes: Buffer, file: string): { readonly length: number; readonly text: string } {
  if (bytes.length < lengthBytes) throw damaged(file, `it has ${bytes.length} bytes, too few for a header`)
  const length = bytes.readBigUInt64LE(0)
  const room = bytes.length - lengthBytes
  if (length > BigInt(Math.min(room, longestHeader)))
    throw damaged(file, `its header is said to have ${length} bytes, of ${room} in the file`)
  return { length: Number(length), text: bytes.toString('utf8', lengthBytes, lengthBytes + Number(length)) }
}

interface Entry {
  readonly name: string
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

function entriesOf(text: string, file: string): Entry[] {
  const header = parseStrictObject(text, { depth: 8 })
  if (typeof header === 'string') throw damaged(file, `of its header, ${header}`)
  return Object.entries(header).flatMap(([name, described]) =>
    name === '__metadata__' ? [] : [entryOf(name, described, file)],
  )
}

function entryOf(name: string, described: unknown, file: string): Entry {
  const about = `tensor ${JSON.stringify(name.slice(0, 100))}`
  const { dtype, shape, data_offsets: places } = isJsonObject(described) ? described : {}
  if (dtype !== 'F32') throw damaged(file, `${about} has the dtype ${JSON.stringify(dtype)?.slice(0, 40)}, not F32`)
  if (!areCounts(shape)) throw damaged(file, `${about} has no shape of whole numbers`)
  if (!areCounts(places) || places.length !== 2) throw damaged(file, `${about} has no two offsets`)
  const [begin = 0, end = 0] = places
  const bytes = floatBytes * sizeOf(shape)
  if (end - begin !== bytes) {
    throw damaged(file, `${about} of shape [${shape.join(', ')}] has ${end - begin} bytes, not ${bytes}`)
  }
  return { name, shape, begin, end }
}

function areCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= 8 && value.every((each) => Number.isSafeInteger(each) && each >= 0)
}

/** The format has no gaps and no overlaps: each tensor begins where the one before it ends, and the last ends the file. */
function checkPlaces(entries: readonly Entry[], bytes: number, file: string): void {
  let expected = 0
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== expected) {
      const about = `tensor ${JSON.stringify(name.slice(0, 100))}`
      throw damaged(file, `${about} begins at byte ${begin} of the tensors, not at ${expected}`)
    }
    expected = end
  }
  if (expected !== bytes) throw damaged(file, `its tensors have ${expected} bytes, but ${bytes} follow the header`)
}

function tensorOf({ name, shape, begin, end }: Entry, bytes: Buffer, start: number, file: string): HostTensor {
  const copy = Uint8Array.prototype.slice.call(bytes, start + begin, start + end)
  const data = new Float32Array(copy.buffer)
  const odd = data.findIndex((value) => !Number.isFinite(value))
  if (odd >= 0) throw damaged(file, `tensor ${JSON.stringify(name.slice(0, 100))} has ${data[odd]} at place ${odd}`)
  return floats(data, shape)
}
