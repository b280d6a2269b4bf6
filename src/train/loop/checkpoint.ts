import Type, { type Static } from 'typebox'
import { checked, checkSchemaVersion, list } from '../../core/checked-json.js'
import { SeqlabError } from '../../core/errors.js'
import { sha256Bytes } from '../../core/hash.js'
import { isJsonObject, parseJson } from '../../core/json.js'
import { type HostTensor, sizeOf } from '../../core/tensors.js'
import { leaves, mapTree } from '../../core/tree.js'
import type { TrainState } from '../types.js'

// One file: magic (8 bytes), header's length (uint32, little endian), header (JSON: everything but the numbers), the
// tensors' bytes one after the other, and the sha-256 of everything before it.
const magic = 'seqlabc1'
const digestBytes = 32
const prefixBytes = magic.length + 4

/** A tensor in the header: where its bytes are is its place in the order of all tensors. */
const storedTensor = Type.Object({
  dtype: Type.Union([Type.Literal('float32'), Type.Literal('int32')]),
  shape: list(Type.Number()),
})
const storedTree = Type.Record(Type.String(), Type.Unknown())
/** JSON has no infinities and no NaN, and would make null of them. */
const anyNumber = Type.Union([Type.Number(), Type.Object({ oddNumber: Type.String() })])

const costs = list(Type.Union([Type.Number(), Type.Null()]))

const headerVersion = 2
const headerSchema = Type.Object({
  version: Type.Literal(headerVersion),
  trees: Type.Object({
    params: storedTree,
    optimizer: storedTree,
    carry: storedTree,
    bestParams: Type.Union([storedTree, Type.Null()]),
    /** Under `train.average`. */
    recent: Type.Optional(list(storedTree)),
  }),
  rest: Type.Object({
    step: Type.Number(),
    seed: Type.Number(),
    cursor: Type.Object({ epoch: Type.Number(), batch: Type.Number() }),
    schedule: Type.Object({ validation: costs }),
    window: Type.Object({ nats: anyNumber, tokens: Type.Number() }),
    selection: Type.Object({
      best: Type.Union([costs, Type.Null()]),
      bestStep: Type.Number(),
      sinceImproved: Type.Number(),
      averaged: Type.Optional(Type.Number()),
    }),
    unvalidated: Type.Optional(Type.Literal(true)),
  }),
})

/** A training state as the bytes of one file. */
export function encodeState(state: TrainState): Buffer {
  const { params, optimizer, carry, selection, recent, ...rest } = state
  const { bestParams, ...chosen } = selection
  const trees = [params, optimizer, carry, ...(bestParams === null ? [] : [bestParams]), ...(recent ?? [])]
  const header = {
    version: headerVersion,
    trees: {
      params: mapTree(params, describe),
      optimizer: mapTree(optimizer, describe),
      carry: mapTree(carry, describe),
      bestParams: bestParams && mapTree(bestParams, describe),
      ...(recent && { recent: recent.map((copy) => mapTree(copy, describe)) }),
    },
    rest: { ...rest, selection: chosen },
  }
  const json = Buffer.from(JSON.stringify(header, hideOdd))
  const prefix = Buffer.alloc(prefixBytes)
  prefix.write(magic, 'latin1')
  prefix.writeUInt32LE(json.length, magic.length)
  const tensors = trees.flatMap((tree) => leaves(tree))
  const body = [prefix, json, ...tensors.map(([, { data }]) => bytesOf(data))]
  return Buffer.concat([...body, sha256Bytes(...body)])
}

/** The state in the bytes of a checkpoint. Throws SeqlabError 'run', naming `file`, when they are damaged. */
export function decodeState(bytes: Buffer, file: string): TrainState {
  const body = bytes.subarray(0, Math.max(0, bytes.length - digestBytes))
  if (body.length < prefixBytes || body.toString('latin1', 0, magic.length) !== magic) {
    throw damaged(file, `it does not start as a checkpoint (${magic})`)
  }
  if (!sha256Bytes(body).equals(bytes.subarray(body.length))) throw damaged(file, 'its checksum does not match')
  const start = prefixBytes + body.readUInt32LE(magic.length)
  const { trees, rest } = readHeader(body.toString('utf8', prefixBytes, start), file)
  let offset = start
  const read = (leaf: unknown): HostTensor => {
    const { dtype, shape } = checked(storedTensor, leaf, file)
    const end = offset + 4 * sizeOf(shape)
    const copy = Uint8Array.prototype.slice.call(body, offset, end).buffer
    offset = end
    return { dtype, shape, data: dtype === 'float32' ? new Float32Array(copy) : new Int32Array(copy) }
  }
  const params = mapTree(trees.params, read)
  const optimizer = mapTree(trees.optimizer, read)
  const carry = mapTree(trees.carry, read)
  const bestParams = trees.bestParams && mapTree(trees.bestParams, read)
  const recent = trees.recent?.map((copy) => mapTree(copy, read))
  const { window, selection } = rest
  return {
    ...rest,
    ...{ params, optimizer, carry },
    window: { ...window, nats: toNumber(window.nats) },
    selection: { ...selection, bestParams },
    ...(recent && { recent }),
  }
}

function readHeader(json: string, file: string): Static<typeof headerSchema> {
  const header = parseJson(json)
  if (isJsonObject(header)) checkSchemaVersion(header.version, headerVersion, file)
  return checked(headerSchema, header, file)
}

const hideOdd = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value) ? { oddNumber: String(value) } : value
const toNumber = (value: Static<typeof anyNumber>): number =>
  typeof value === 'number' ? value : Number(value.oddNumber)

const describe = ({ dtype, shape }: HostTensor) => ({ dtype, shape })

/** Numbers as they lie in memory; every platform that Node runs on today is little endian. */
function bytesOf(data: Float32Array | Int32Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

function damaged(file: string, why: string): SeqlabError {
  return new SeqlabError('run', `The checkpoint ${file} is damaged: ${why}`)
}
