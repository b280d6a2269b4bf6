import type { Attributes } from './operators/operator.js'
import { countOf, type Value } from './tensor.js'

/** A graph by the names of its values. */
export interface Graph {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly constants: ReadonlyMap<string, Value>
  readonly nodes: readonly Node[]
}

export interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
  /** Of a recurrence: what one step computes. */
  readonly body?: Graph
}

/** Numbers that are in a file beside the model, from a byte on. */
export type WeightsAt = (offset: number, length: number) => Float32Array

/** A field of a protobuf message: a number, or bytes. */
interface Field {
  readonly number: number
  readonly value: number
  readonly bytes: Uint8Array
}

const none = new Uint8Array(0)
const text = ({ bytes }: Field) => new TextDecoder().decode(bytes)

/** protobuf.dev/programming-guides/encoding. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields: Field[] = []
  let at = 0
  const varint = (): number => {
    let [value, shift, byte] = [0n, 0n, 0]
    do {
      byte = bytes[at++] ?? 0
      value |= BigInt(byte & 127) << shift
      shift += 7n
    } while (byte > 127)
    return Number(BigInt.asIntN(64, value))
  }
  while (at < bytes.length) {
    const key = varint()
    const [number, wire] = [key >> 3, key & 7]
    if (wire === 0) fields.push({ number, value: varint(), bytes: none })
    else if (wire === 5) {
      fields.push({ number, value: view.getFloat32(at, true), bytes: none })
      at += 4
    } else {
      const length = varint()
      fields.push({ number, value: 0, bytes: bytes.subarray(at, at + length) })
      at += length
    }
  }
  return fields
}

const all = (fields: readonly Field[], number: number) => fields.filter((field) => field.number === number)
const one = (fields: readonly Field[], number: number) => fields.find((field) => field.number === number)
const textIn = (fields: readonly Field[], number: number) => {
  const field = one(fields, number)
  return field === undefined ? '' : text(field)
}

/** The graph of a ModelProto, as far as models of seqlab have it (onnx.proto3, IR version 8). */
export function readOnnx(model: Uint8Array, weights: WeightsAt): Graph {
  return graphIn(one(fieldsOf(model), 7)?.bytes ?? none, weights)
}

function graphIn(bytes: Uint8Array, weights: WeightsAt): Graph {
  const fields = fieldsOf(bytes)
  const ports = (number: number) => all(fields, number).map((port) => textIn(fieldsOf(port.bytes), 1))
  return {
    inputs: ports(11),
    outputs: ports(12),
    constants: new Map(all(fields, 5).map((tensor) => constantIn(fieldsOf(tensor.bytes), weights))),
    nodes: all(fields, 1).map((node) => nodeIn(fieldsOf(node.bytes), weights)),
  }
}

function nodeIn(fields: readonly Field[], weights: WeightsAt): Node {
  const attributes = all(fields, 5).map(({ bytes }) => fieldsOf(bytes))
  const body = attributes.map((each) => one(each, 6)).find((each) => each !== undefined)
  return {
    op: textIn(fields, 4),
    inputs: all(fields, 1).map(text),
    outputs: all(fields, 2).map(text),
    attributes: Object.fromEntries(attributes.map((each) => [textIn(each, 1), attributeIn(each)])),
    ...(body && { body: graphIn(body.bytes, weights) }),
  }
}

/** By its type (field 20): a float, a whole number, a text, or whole numbers. */
function attributeIn(fields: readonly Field[]): number | string | readonly number[] {
  const type = one(fields, 20)?.value
  if (type === 3) return textIn(fields, 4)
  if (type === 7) return all(fields, 8).map(({ value }) => value)
  return one(fields, type === 1 ? 2 : 3)?.value ?? 0
}

function constantIn(fields: readonly Field[], weights: WeightsAt): readonly [string, Value] {
  const shape = all(fields, 1).map(({ value }) => value)
  const places = all(fields, 13).map(({ bytes }) => fieldsOf(bytes))
  const place = new Map(places.map((each) => [textIn(each, 1), Number(textIn(each, 2))]))
  const data =
    place.size > 0
      ? weights(place.get('offset') ?? 0, place.get('length') ?? 0)
      : numbersIn(one(fields, 9)?.bytes ?? none, one(fields, 2)?.value ?? 1, countOf(shape))
  return [textIn(fields, 8), { shape, data }]
}

/** Raw data of element type 1 (float32), 6 (int32), 7 (int64) or 9 (bool), little endian. */
function numbersIn(bytes: Uint8Array, type: number, count: number): Value['data'] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 1) return Float32Array.from({ length: count }, (_, at) => view.getFloat32(4 * at, true))
  if (type === 6) return Int32Array.from({ length: count }, (_, at) => view.getInt32(4 * at, true))
  if (type === 7) return Int32Array.from({ length: count }, (_, at) => Number(view.getBigInt64(8 * at, true)))
  return Int32Array.from({ length: count }, (_, at) => bytes[at] ?? 0)
}
