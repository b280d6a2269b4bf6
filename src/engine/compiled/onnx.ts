// The few messages of ONNX's protobuf schema (onnx.proto3, IR version 8) that a model of ours consists of. Field numbers
// are those of the schema; a dependency would bring the whole of it and a protobuf runtime.
import type { Attribute, ElementData, ElementType, Graph, Node, Port, ValueId, ValueType } from './ir.js'
import { typeOf } from './ir.js'

export const opset = 18
/** Operators outside ONNX's own set, and the domain that they come from. */
const foreignDomain = 'com.microsoft'
export const foreignOperators: ReadonlySet<string> = new Set(['FusedMatMul'])

const elementCodes: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 }
/** Attributes that ONNX declares as floats; every other number is an integer. */
const floatAttributes: ReadonlySet<string> = new Set(['alpha', 'beta', 'gamma'])

type Bytes = Uint8Array

/** A ModelProto: what onnxruntime loads. */
export function encodeModel(graph: Graph, name: string): Uint8Array {
  return message(
    int(1, 8),
    text(2, 'seqlab'),
    bytes(7, encodeGraph(graph, name)),
    bytes(8, message(text(1, ''), int(2, opset))),
    bytes(8, message(text(1, foreignDomain), int(2, 1))),
  )
}

function encodeGraph(graph: Graph, name: string): Bytes {
  const names = nameValues(graph)
  const nameOf = (value: ValueId) => names.get(value) ?? `v${value}`
  return message(
    ...graph.nodes.map((node) => bytes(1, encodeNode(node, nameOf))),
    text(2, name),
    ...[...graph.constants].map(([value, data]) => bytes(5, encodeTensor(typeOf(graph, value), data, nameOf(value)))),
    ...graph.inputs.map((port) => bytes(11, encodePort(graph, port))),
    ...graph.outputs.map((port) => bytes(12, encodePort(graph, port))),
  )
}

/** Ports keep their names; an output names the value that the last node before it gives. */
function nameValues(graph: Graph): Map<ValueId, string> {
  return new Map([...graph.outputs, ...graph.inputs].map(({ name, value }) => [value, name]))
}

function encodeNode({ op, inputs, attrs, outputs }: Node, nameOf: (value: ValueId) => string): Bytes {
  return message(
    ...inputs.map((value) => text(1, nameOf(value))),
    ...outputs.map((value) => text(2, nameOf(value))),
    text(4, op),
    ...Object.entries(attrs).map(([name, value]) => bytes(5, encodeAttribute(name, value))),
    ...(foreignOperators.has(op) ? [text(7, foreignDomain)] : []),
  )
}

function encodeAttribute(name: string, value: Attribute): Bytes {
  if (typeof value === 'string') return message(text(1, name), text(4, value), int(20, 3))
  if (typeof value === 'object') return message(text(1, name), ...value.map((item) => int(8, item)), int(20, 7))
  if (floatAttributes.has(name)) return message(text(1, name), float(2, Number(value)), int(20, 1))
  return message(text(1, name), int(3, Number(value)), int(20, 2))
}

function encodeTensor({ dtype, shape }: ValueType, data: ElementData, name: string): Bytes {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return message(...shape.map((size) => int(1, size)), int(2, elementCodes[dtype]), text(8, name), bytes(9, raw))
}

function encodePort(graph: Graph, { name, value }: Port): Bytes {
  const { dtype, shape } = typeOf(graph, value)
  const dimensions = message(...shape.map((size) => bytes(1, message(int(1, size)))))
  const tensorType = message(int(1, elementCodes[dtype]), bytes(2, dimensions))
  return message(text(1, name), bytes(2, message(bytes(1, tensorType))))
}

// ---- protobuf's wire format ----

function message(...fields: readonly Bytes[]): Bytes {
  return Buffer.concat(fields)
}

/** 64-bit two's complement in groups of seven bits, lowest first. */
function varint(value: number): Bytes {
  let rest = BigInt.asUintN(64, BigInt(value))
  const out: number[] = []
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  out.push(Number(rest))
  return Uint8Array.from(out)
}

const key = (field: number, wireType: number): Bytes => varint(field * 8 + wireType)

function int(field: number, value: number): Bytes {
  return message(key(field, 0), varint(value))
}

function float(field: number, value: number): Bytes {
  const data = Buffer.alloc(4)
  data.writeFloatLE(value)
  return message(key(field, 5), data)
}

function bytes(field: number, content: Bytes): Bytes {
  return message(key(field, 2), varint(content.length), content)
}

function text(field: number, content: string): Bytes {
  return bytes(field, Buffer.from(content, 'utf8'))
}
