import { sizeOf } from '../../core/tensors.js'
import type { Attributes, ElementData, ElementType, Graph, Node, Port, ValueId, ValueType } from './ir.js'

/** Collects a graph; the numbers of its values go on from `from` where a pass rewrites another graph. */
export class GraphBuilder<Op extends string = string> {
  private readonly values: Map<ValueId, ValueType>
  private readonly constants: Map<ValueId, ElementData>
  private readonly nodes: Node<Op>[] = []
  private readonly made = new Map<ValueId, Node<Op>>()
  private next: number

  constructor(from?: Pick<Graph, 'values' | 'constants'>) {
    this.values = new Map(from?.values)
    this.constants = new Map(from?.constants)
    this.next = [...this.values.keys()].reduce((most, value) => Math.max(most, value + 1), 0)
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
    return value === undefined ? undefined : this.made.get(value)
  }

  data(value: ValueId): ElementData | undefined {
    return this.constants.get(value)
  }

  /** Adds a node with new outputs of these types. */
  node(op: Op, inputs: readonly ValueId[], attrs: Attributes, types: readonly ValueType[]): ValueId[] {
    const outputs = types.map((type) => this.value(type))
    this.keep({ op, inputs, attrs, outputs })
    return outputs
  }

  /** Adds a node as it is. */
  keep(node: Node<Op>): void {
    this.nodes.push(node)
    for (const value of node.outputs) this.made.set(value, node)
  }

  graph(inputs: readonly Port[], outputs: readonly Port[]): Graph<Op> {
    return { inputs, outputs, values: this.values, constants: this.constants, nodes: this.nodes }
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

export function filled(type: ValueType, value: number): ElementData {
  const data = makers[type.dtype]([value])
  const size = sizeOf(type.shape)
  if (data instanceof BigInt64Array) return new BigInt64Array(size).fill(BigInt(value))
  if (data instanceof Float32Array) return new Float32Array(size).fill(value)
  if (data instanceof Int32Array) return new Int32Array(size).fill(value)
  return new Uint8Array(size).fill(value)
}
