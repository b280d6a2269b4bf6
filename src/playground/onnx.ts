import { type Field, fieldsOf, numberIn } from '../core/protobuf.js'
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

const none = new Uint8Array(0)
const all = (fields: readonly Field[], number: number) => fields.filter((field) => field.number === number)
const bytesOf = ({ value }: Field) => (typeof value === 'number' ? none : value)
const bytesIn = (fields: readonly Field[], number: number) => all(fields, number).map(bytesOf)[0]
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const textIn = (fields: readonly Field[], number: number) => text(bytesIn(fields, number) ?? none)
const textsIn = (fields: readonly Field[], number: number) => all(fields, number).map((field) => text(bytesOf(field)))
const numbersIn = (fields: readonly Field[], number: number) => all(fields, number).map(({ value }) => Number(value))
const messagesIn = (fields: readonly Field[], number: number) =>
  all(fields, number).map((field) => messageOf(bytesOf(field)))

function messageOf(bytes: Uint8Array): readonly Field[] {
  const fields = fieldsOf(bytes)
  if (fields === undefined) throw new RangeError('The bytes are no ONNX model')
  return fields
}

/** The graph of a ModelProto, as far as models of seqlab have it (onnx.proto3, IR version 8). */
export function readOnnx(model: Uint8Array, weights: WeightsAt): Graph {
  return graphIn(messagesIn(messageOf(model), 7)[0] ?? [], weights)
}

function graphIn(fields: readonly Field[], weights: WeightsAt): Graph {
  const ports = (number: number) => messagesIn(fields, number).map((port) => textIn(port, 1))
  return {
    inputs: ports(11),
    outputs: ports(12),
    constants: new Map(messagesIn(fields, 5).map((tensor) => constantIn(tensor, weights))),
    nodes: messagesIn(fields, 1).map((node) => nodeIn(node, weights)),
  }
}

function nodeIn(fields: readonly Field[], weights: WeightsAt): Node {
  const attributes = messagesIn(fields, 5)
  const [body] = attributes.flatMap((each) => messagesIn(each, 6))
  return {
    op: textIn(fields, 4),
    inputs: textsIn(fields, 1),
    outputs: textsIn(fields, 2),
    attributes: Object.fromEntries(attributes.map((each) => [textIn(each, 1), attributeIn(each)])),
    ...(body && { body: graphIn(body, weights) }),
  }
}

/** By its type (field 20): a float, a whole number, a text, or whole numbers. */
function attributeIn(fields: readonly Field[]): number | string | readonly number[] {
  const type = numberIn(fields, 20, 0)
  if (type === 3) return textIn(fields, 4)
  if (type === 7) return numbersIn(fields, 8)
  return numberIn(fields, type === 1 ? 2 : 3, 0)
}

function constantIn(fields: readonly Field[], weights: WeightsAt): readonly [string, Value] {
  const shape = numbersIn(fields, 1)
  const place = new Map(messagesIn(fields, 13).map((each) => [textIn(each, 1), Number(textIn(each, 2))]))
  const data =
    place.size > 0
      ? weights(place.get('offset') ?? 0, place.get('length') ?? 0)
      : rawNumbers(bytesIn(fields, 9) ?? none, numberIn(fields, 2, 1), countOf(shape))
  return [textIn(fields, 8), { shape, data }]
}

/** Raw data of element type 1 (float32), 6 (int32), 7 (int64) or 9 (bool), little endian. */
function rawNumbers(bytes: Uint8Array, type: number, count: number): Value['data'] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 1) return Float32Array.from({ length: count }, (_, at) => view.getFloat32(4 * at, true))
  if (type === 6) return Int32Array.from({ length: count }, (_, at) => view.getInt32(4 * at, true))
  if (type === 7) return Int32Array.from({ length: count }, (_, at) => Number(view.getBigInt64(8 * at, true)))
  return Int32Array.from({ length: count }, (_, at) => bytes[at] ?? 0)
}
