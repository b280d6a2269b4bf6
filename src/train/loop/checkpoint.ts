import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { SeqlabError } from '../../core/errors.js'
import { type DType, type HostTensor, sizeOf } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { TrainState } from '../types.js'

// One file: magic (8 bytes), header's length (uint32, little endian), header (JSON: everything but the numbers), the
// tensors' bytes one after the other, and the sha-256 of everything before it.
const magic = 'seqlabc1'
const fileName = 'state.bin'
const digestBytes = 32
const prefixBytes = magic.length + 4

/** A tensor in the header: where its bytes are is its place in the order of all tensors. */
interface Stored {
  readonly dtype: DType
  readonly shape: readonly number[]
}

interface Header {
  readonly version: 1
  readonly trees: {
    readonly params: Tree<Stored>
    readonly optimizer: Tree<Stored>
    readonly carry: Tree<Stored>
    readonly bestParams: Tree<Stored> | null
  }
  readonly rest: Omit<TrainState, 'params' | 'optimizer' | 'carry' | 'selection'> & {
    readonly selection: Omit<TrainState['selection'], 'bestParams'>
  }
}

/** A training state as the bytes of one file. */
export function encodeState(state: TrainState): Buffer {
  const { params, optimizer, carry, selection, ...rest } = state
  const { bestParams, ...chosen } = selection
  const trees = { params, optimizer, carry, bestParams }
  const header: Header = {
    version: 1,
    trees: {
      params: mapTree(params, describe),
      optimizer: mapTree(optimizer, describe),
      carry: mapTree(carry, describe),
      bestParams: bestParams && mapTree(bestParams, describe),
    },
    rest: { ...rest, selection: chosen },
  }
  const json = Buffer.from(JSON.stringify(header, hideOdd))
  const prefix = Buffer.alloc(prefixBytes)
  prefix.write(magic, 'latin1')
  prefix.writeUInt32LE(json.length, magic.length)
  const tensors = Object.values(trees).flatMap((tree) => (tree === null ? [] : leaves(tree)))
  const body = [prefix, json, ...tensors.map(([, { data }]) => bytesOf(data))]
  return Buffer.concat([...body, digestOf(body)])
}

/** The state in the bytes of a checkpoint. Throws SeqlabError 'run', naming `file`, when they are damaged. */
export function decodeState(bytes: Buffer, file: string): TrainState {
  const body = bytes.subarray(0, Math.max(0, bytes.length - digestBytes))
  if (body.length < prefixBytes || body.toString('latin1', 0, magic.length) !== magic) {
    throw damaged(file, `it does not start as a checkpoint (${magic})`)
  }
  if (!digestOf([body]).equals(bytes.subarray(body.length))) throw damaged(file, 'its checksum does not match')
  const start = prefixBytes + body.readUInt32LE(magic.length)
  const header: unknown = JSON.parse(body.toString('utf8', prefixBytes, start), showOdd)
  if (!isHeader(header)) throw damaged(file, 'its header is not that of a checkpoint of version 1')
  const { trees, rest } = header
  let offset = start
  const read = (stored: Stored): HostTensor => {
    const end = offset + 4 * sizeOf(stored.shape)
    const copy = Uint8Array.prototype.slice.call(body, offset, end).buffer
    offset = end
    return { ...stored, data: stored.dtype === 'float32' ? new Float32Array(copy) : new Int32Array(copy) }
  }
  const params = mapTree(trees.params, read)
  const optimizer = mapTree(trees.optimizer, read)
  const carry = mapTree(trees.carry, read)
  const bestParams = trees.bestParams && mapTree(trees.bestParams, read)
  return { ...rest, params, optimizer, carry, selection: { ...rest.selection, bestParams } }
}

/** Keeps a state in `dir`, replacing the one before: temp -> fsync -> rename, so that one of both is always whole. */
export async function writeCheckpoint(dir: string, state: TrainState): Promise<void> {
  await mkdir(dir, { recursive: true })
  const temporary = join(dir, `${fileName}.${process.pid}.tmp`)
  const file = await open(temporary, 'w')
  try {
    await file.writeFile(encodeState(state))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, join(dir, fileName))
  await syncFolder(dir)
}

/** The state kept in `dir`, or undefined when there is none. Throws SeqlabError 'run' when the file is damaged. */
export async function readCheckpoint(dir: string): Promise<TrainState | undefined> {
  const path = join(dir, fileName)
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return bytes === undefined ? undefined : decodeState(bytes, path)
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r')
  await folder.sync().finally(() => folder.close())
}

/** JSON has no infinities and no NaN, and would make null of them. */
const hideOdd = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value) ? { oddNumber: String(value) } : value
const showOdd = (_: string, value: unknown) =>
  typeof value === 'object' && value !== null && 'oddNumber' in value ? Number(value.oddNumber) : value

/** The checksum says that the header is what was written; this, that it was written by this version. */
function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1) return false
  const [trees, rest] = ['trees' in value ? value.trees : null, 'rest' in value ? value.rest : null]
  return typeof trees === 'object' && trees !== null && 'params' in trees && typeof rest === 'object' && rest !== null
}

const describe = ({ dtype, shape }: HostTensor): Stored => ({ dtype, shape })

/** Numbers as they lie in memory; every platform that Node runs on today is little endian. */
function bytesOf(data: Float32Array | Int32Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

function digestOf(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function damaged(file: string, why: string): SeqlabError {
  return new SeqlabError('run', `The checkpoint ${file} is damaged: ${why}`, {
    hint: 'Run with --fresh to train this trial from the start, or restore the file.',
  })
}
