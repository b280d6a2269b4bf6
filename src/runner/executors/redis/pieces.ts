// How a blob's bytes stand in Redis: pieces of 4 MiB, each compressed where that pays.
import { promisify } from 'node:util'
import { constants, deflateRaw, inflateRaw } from 'node:zlib'

/** Bytes of a piece before compression; the last one is shorter. */
export const pieceBytes = 4 * 2 ** 20

/** First byte of a stored piece: how the others are to be read. */
const plain = 0
const deflated = 1

/** A stored piece is never longer than this. */
export const longestStored = pieceBytes + 1

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/** A piece as it is stored. */
export async function packPiece(bytes: Uint8Array): Promise<Buffer> {
  const compressed = (await pays(bytes)) ? await squeeze(bytes) : undefined
  if (compressed === undefined || compressed.length >= bytes.length) return Buffer.concat([Buffer.of(plain), bytes])
  return Buffer.concat([Buffer.of(deflated), compressed])
}

/** The piece of `length` bytes, or what is wrong with what is stored; never more bytes are decompressed, whatever that is. */
export async function unpackPiece(stored: Buffer, length: number): Promise<Buffer | { readonly problem: string }> {
  const [form] = stored
  if (form === undefined) return { problem: 'a piece has no bytes' }
  if (form !== plain && form !== deflated) return { problem: `a piece has the unknown form ${form}` }
  const bytes = form === plain ? stored.subarray(1) : await expand(stored.subarray(1), length)
  if (bytes?.length === length) return bytes
  const verb = form === plain ? 'have' : 'decompress to'
  return { problem: `a piece does not ${verb} ${length} bytes` }
}

/** Undefined where it is no compressed text, or one of more bytes. */
async function expand(stored: Buffer, length: number): Promise<Buffer | undefined> {
  try {
    return await inflate(stored, { maxOutputLength: Math.max(1, length) })
  } catch {
    return undefined
  }
}

/** Text and ids shrink to a fraction, weights by some 8 %: that is not worth the time. */
async function pays(bytes: Uint8Array): Promise<boolean> {
  if (bytes.length < 256) return false
  const sample = bytes.subarray(0, sampleBytes)
  return (await squeeze(sample)).length < 0.8 * sample.length
}

const sampleBytes = 2 ** 15

function squeeze(bytes: Uint8Array): Promise<Buffer> {
  return deflate(bytes, { level: constants.Z_BEST_SPEED })
}
