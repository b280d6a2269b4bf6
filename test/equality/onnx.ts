import { createHash } from 'node:crypto'

// Just as much of ONNX's protobuf schema (onnx.proto3) as tells two graphs apart.

/** What is compared of one lowered graph. */
export interface GraphSummary {
  /** Of the file's bytes. */
  readonly digest: string
  /** Of what the outputs are computed from, whatever the order of nodes and the names of values between. */
  readonly structure: string
  /** Nodes by operator. */
  readonly operations: Readonly<Record<string, number>>
}

interface Field {
  readonly number: number
  readonly value: number
  readonly bytes: Uint8Array
}

interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly string[]
}

/** Name and summary of the graph in a ModelProto. */
export function readModel(model: Uint8Array): { readonly name: string; readonly summary: GraphSummary } {
  const graph = fieldsOf(messages(fieldsOf(model), 7)[0] ?? new Uint8Array())
  const nodes = messages(graph, 1).map(readNode)
  const operations: Record<string, number> = {}
  for (const { op } of nodes) operations[op] = (operations[op] ?? 0) + 1
  const structure = structureOf(nodes, messages(graph, 5), messages(graph, 12))
  return {
    name: texts(graph, 2)[0] ?? '',
    summary: { digest: digest(model), structure, operations: sorted(operations) },
  }
}

function readNode(bytes: Uint8Array): OnnxNode {
  const fields = fieldsOf(bytes)
  return {
    op: texts(fields, 4)[0] ?? '',
    inputs: texts(fields, 1),
    outputs: texts(fields, 2),
    attributes: messages(fields, 5).map(digest).sort(),
  }
}

/** A hash over the outputs, each of its operator, attributes and operands' hashes; a graph's inputs are their names. */
function structureOf(
  nodes: readonly OnnxNode[],
  constants: readonly Uint8Array[],
  outputs: readonly Uint8Array[],
): string {
  const hashes = new Map(constants.map(constantHash))
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)))
  const hashOf = (value: string): string => {
    const known = hashes.get(value)
    if (known !== undefined) return known
    const node = makers.get(value)
    const parts = node && [node.op, node.outputs.indexOf(value), node.attributes, node.inputs.map(hashOf)]
    const hash = digest(JSON.stringify(parts ?? ['input', value]))
    hashes.set(value, hash)
    return hash
  }
  const names = outputs.map((port) => texts(fieldsOf(port), 1)[0] ?? '')
  return digest(JSON.stringify(names.sort().map((name) => [name, hashOf(name)])))
}

/** A TensorProto's name, and a hash of everything else in it. */
function constantHash(tensor: Uint8Array): readonly [name: string, hash: string] {
  const fields = fieldsOf(tensor)
  const rest = fields.filter(({ number }) => number !== 8)
  const described = rest.map(({ number, value, bytes }) => [number, value, digest(bytes)])
  return [texts(fields, 8)[0] ?? '', digest(JSON.stringify(described))]
}

function messages(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.filter((field) => field.number === number).map(({ bytes }) => bytes)
}

function texts(fields: readonly Field[], number: number): string[] {
  return messages(fields, number).map((bytes) => new TextDecoder().decode(bytes))
}

/** The fields of a protobuf message in order: a varint's value, or the bytes of anything else. */
function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++] ?? 0
      value += (byte % 128) * factor
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const [number, wire] = [Math.floor(tag / 8), tag % 8]
    const value = wire === 0 ? varint() : 0
    const size = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : 0
    fields.push({ number, value, bytes: message.subarray(at, at + size) })
    at += size
  }
  return fields
}

export function digest(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16)
}

function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)))
}
