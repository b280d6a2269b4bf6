// The few messages of ONNX's protobuf schema (onnx.proto3, IR version 8) that a model of ours consists of. Field numbers
// are those of the schema; a dependency would bring the whole of it and a protobuf runtime.
import { BackwardsWriter } from './backwards-writer.js'
import type { Attribute, ElementData, ElementType, Graph, Node, Port, ValueId, ValueType } from './ir.js'
import { typeOf } from './ir.js'

const opset = 18
/** Operators outside ONNX's own set, and the domain that they come from. */
const foreignDomain = 'com.microsoft'
const foreignOperators: ReadonlySet<string> = new Set(['FusedMatMul'])

const elementCodes: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 }
/** Attributes that ONNX declares as floats; every other number is an integer. */
const floatAttributes: ReadonlySet<string> = new Set(['alpha', 'beta', 'gamma'])

/** Where the numbers of a constant are: in a file beside the model, from a byte on. */
export interface Elsewhere {
  readonly file: string
  readonly offset: number
  readonly length: number
}

/** Constants whose numbers are in another file, by their numbers. */
export type ElsewhereByData = ReadonlyMap<ElementData, Elsewhere>

/** A ModelProto: what onnxruntime loads. It is written from its end to its start, so that lengths are known in time. */
export function encodeModel(graph: Graph, name: string, elsewhere: ElsewhereByData = new Map()): Uint8Array {
  const out = new BackwardsWriter()
  out.message(8, () => {
    out.int(2, 1)
    out.text(1, foreignDomain)
  })
  out.message(8, () => {
    out.int(2, opset)
    out.text(1, '')
  })
  out.message(7, () => writeGraph(out, graph, name, elsewhere))
  out.text(2, 'seqlab')
  out.int(1, 8)
  return out.written()
}

function writeGraph(out: BackwardsWriter, graph: Graph, name: string, elsewhere: ElsewhereByData): void {
  const names = nameValues(graph)
  writeNamed(out, graph, name, (value) => names.get(value) ?? `v${value}`, elsewhere)
}

function writeNamed(
  out: BackwardsWriter,
  graph: Graph,
  name: string,
  nameOf: NameOf,
  elsewhere: ElsewhereByData = new Map(),
): void {
  backwards(graph.outputs, (port) => out.message(12, () => writePort(out, graph, port)))
  backwards(graph.inputs, (port) => out.message(11, () => writePort(out, graph, port)))
  backwards([...graph.constants], ([value, data]) =>
    out.message(5, () => writeTensor(out, typeOf(graph, value), data, nameOf(value), elsewhere.get(data))),
  )
  out.text(2, name)
  backwards(graph.nodes, (node) => out.message(1, () => writeNode(out, node, nameOf)))
}

type NameOf = (value: ValueId) => string

/** Ports keep their names; an output names the value that the last node before it gives. */
function nameValues({ names = new Map(), outputs, inputs }: Graph): Map<ValueId, string> {
  return new Map([...names, ...[...outputs, ...inputs].map(({ name, value }) => [value, name] as const)])
}

function writeNode(out: BackwardsWriter, node: Node, nameOf: NameOf): void {
  if (node.body !== undefined) {
    writeLoop(out, node, node.body, nameOf)
    return
  }
  if (foreignOperators.has(node.op)) out.text(7, foreignDomain)
  backwards(Object.entries(node.attrs), ([name, value]) => out.message(5, () => writeAttribute(out, name, value)))
  out.text(4, node.op)
  backwards(node.outputs, (value) => out.text(2, nameOf(value)))
  backwards(node.inputs, (value) => out.text(1, nameOf(value)))
}

/**
 * ONNX's Scan: states, then series; what else the body reads it takes from the graph around it by name. The body's own names
 * begin with that of the node's first output: no two values may have the same.
 */
function writeLoop(out: BackwardsWriter, { op, inputs, attrs, outputs }: Node, body: Graph, nameOf: NameOf): void {
  const [states, series] = [Number(attrs.states), Number(attrs.series)]
  const own = `${nameOf(outputs[0] ?? -1)}.`
  const around = new Map(body.inputs.map(({ value }, index) => [value, inputs[index] ?? -1] as const))
  const entered = body.inputs.slice(0, states + series)
  for (const { value } of entered) around.delete(value)
  const inside: NameOf = (value) => {
    const outer = around.get(value)
    return outer === undefined ? (body.names?.get(value) ?? `${own}${value}`) : nameOf(outer)
  }
  const ports = (of: readonly Port[]) => of.map((port) => ({ ...port, name: inside(port.value) }))
  const direction = attrs.reverse === true ? 1 : 0
  out.message(5, () => {
    out.int(20, 5)
    out.message(6, () =>
      writeNamed(out, { ...body, inputs: ports(entered), outputs: ports(body.outputs) }, 'step', inside),
    )
    out.text(1, 'body')
  })
  const written = {
    num_scan_inputs: series,
    scan_input_directions: Array<number>(series).fill(direction),
    scan_output_directions: Array<number>(outputs.length - states).fill(direction),
  }
  backwards(Object.entries(written), ([name, value]) => out.message(5, () => writeAttribute(out, name, value)))
  out.text(4, op)
  backwards(outputs, (value) => out.text(2, nameOf(value)))
  backwards(inputs.slice(0, states + series), (value) => out.text(1, nameOf(value)))
}

function writeAttribute(out: BackwardsWriter, name: string, value: Attribute): void {
  if (typeof value === 'string') {
    out.int(20, 3)
    out.text(4, value)
  } else if (typeof value === 'object') {
    out.int(20, 7)
    backwards(value, (item) => out.int(8, item))
  } else if (floatAttributes.has(name)) {
    out.int(20, 1)
    out.float(2, Number(value))
  } else {
    out.int(20, 2)
    out.int(3, Number(value))
  }
  out.text(1, name)
}

function writeTensor(
  out: BackwardsWriter,
  { dtype, shape }: ValueType,
  data: ElementData,
  name: string,
  elsewhere: Elsewhere | undefined,
): void {
  if (elsewhere === undefined) out.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  else {
    out.int(14, 1)
    const { file, offset, length } = elsewhere
    backwards(Object.entries({ location: file, offset, length }), ([key, value]) =>
      out.message(13, () => {
        out.text(2, String(value))
        out.text(1, key)
      }),
    )
  }
  out.text(8, name)
  out.int(2, elementCodes[dtype])
  backwards(shape, (size) => out.int(1, size))
}

function writePort(out: BackwardsWriter, graph: Graph, { name, value, dims }: Port): void {
  const { dtype, shape } = typeOf(graph, value)
  const dimension = (size: number | string) => (typeof size === 'string' ? out.text(2, size) : out.int(1, size))
  const dimensions = () => backwards(dims ?? shape, (size) => out.message(1, () => dimension(size)))
  const tensorType = () => {
    out.message(2, dimensions)
    out.int(1, elementCodes[dtype])
  }
  out.message(2, () => out.message(1, tensorType))
  out.text(1, name)
}

function backwards<T>(items: readonly T[], write: (item: T) => void): void {
  for (const item of [...items].reverse()) write(item)
}
