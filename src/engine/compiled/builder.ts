import { sizeOf } from '../../core/tensors.js'
import type { Attributes, ElementData, ElementType, Graph, Node, Port, ValueId, ValueType } from './ir.js'
import { uniform } from './ir.js'

/** Collects a graph; the numbers of its values go on from `from` where a pass rewrites another graph. */
export class GraphBuilder<Op extends string = string> {
  private readonly values: Map<ValueId, ValueType>
  private readonly constants: Map<ValueId, ElementData>
  private readonly names: Map<ValueId, string>
  private readonly nodes: Node<Op>[] = []
  private readonly producers = new Map<ValueId, Node<Op>>()
  private next: number

  constructor(from?: Pick<Graph, 'values' | 'constants' | 'names'>) {
    this.values = new Map(from?.values)
    this.constants = new Map(from?.constants)
    this.names = new Map(from?.names)
    this.next = 0
    for (const value of this.values.keys()) if (value >= this.next) this.next = value + 1
  }

  /** A builder for a graph inside this one, which may use its values. */
  nested(): GraphBuilder<Op> {
    return new GraphBuilder<Op>(this.graph([], []))
  }

  /** Numbers of values go on after those of a graph inside this one. */
  after(nested: GraphBuilder<Op>): void {
    this.next = nested.next
  }

  value(type: ValueType): ValueId {
    const id = this.next++
    this.values.set(id, { dtype: type.dtype, shape: [...type.shape] })
    return id
  }

  constant(type: ValueType, data: ElementData): ValueId {
    const id = this.value(type)
    this.constants.set(id, data)
    return id
  }

  type(value: ValueId): ValueType {
    const type = this.values.get(value)
    if (type === undefined) throw new RangeError(`Value %${value} has no type`)
    return type
  }

  /** The node, added so far, that makes a value. */
  producer(value: ValueId | undefined): Node<Op> | undefined {
    return value === undefined ? undefined : this.producers.get(value)
  }

  data(value: ValueId): ElementData | undefined {
    return this.constants.get(value)
  }

  /** Names a value; one that has a name keeps it, and no two have the same. */
  name(value: ValueId, name: string): void {
    if (!this.names.has(value) && ![...this.names.values()].includes(name)) this.names.set(value, name)
  }

  /** Gives the name of a value, where it has one, to the value that is in its place from now on. */
  rename(value: ValueId, other: ValueId): void {
    const name = this.names.get(value)
    if (name === undefined || value === other) return
    this.names.delete(value)
    this.name(other, name)
  }

  /** Adds a node with new outputs of these types. */
  node(op: Op, inputs: readonly ValueId[], attrs: Attributes, types: readonly ValueType[]): ValueId[] {
    const outputs = types.map((type) => this.value(type))
    this.keep({ op, inputs, attrs, outputs })
    return outputs
  }

  /** Adds a node with one output, which it gives. */
  single(op: Op, inputs: readonly ValueId[], attrs: Attributes, type: ValueType): ValueId {
    const output = this.value(type)
    this.keep({ op, inputs, attrs, outputs: [output] })
    return output
  }

  /** Adds a node as it is. */
  keep(node: Node<Op>): void {
    this.nodes.push(node)
    for (const value of node.outputs) this.producers.set(value, node)
  }

  graph(inputs: readonly Port[], outputs: readonly Port[]): Graph<Op> {
    const { values, constants, nodes, names } = this
    return { inputs, outputs, values, constants, nodes, ...(names.size > 0 && { names }) }
  }
}

const makers: Record<ElementType, (numbers: ArrayLike<number>) => ElementData> = {
  float32: (numbers) => Float32Array.from(numbers),
  int32: (numbers) => Int32Array.from(numbers),
  bool: (numbers) => Uint8Array.from(numbers),
  int64: (numbers) => BigInt64Array.from(Array.from(numbers, BigInt)),
}

export function elements(dtype: ElementType, numbers: ArrayLike<number>): ElementData {
  return makers[dtype](numbers)
}

const empty: Record<ElementType, (size: number) => ElementData> = {
  float32: (size) => new Float32Array(size),
  int32: (size) => new Int32Array(size),
  bool: (size) => new Uint8Array(size),
  int64: (size) => new BigInt64Array(size),
}

/** A tensor of one number. What is only zeros takes no memory until it is read. */
export function filled(type: ValueType, value: number): ElementData {
  const data = empty[type.dtype](sizeOf(type.shape))
  if (data instanceof BigInt64Array) data.fill(BigInt(value))
  else if (!Object.is(value, 0)) data.fill(value)
  if (data.length > 0) uniform.set(data, data[0] ?? 0)
  return data
}
