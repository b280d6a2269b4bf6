// The typed graph that the engine works on. The same form holds a trace (ops are TF.js kernels) and, after lowering, an
// ONNX graph (ops are ONNX operators), so that verifier and general passes serve both.

export type ElementType = 'float32' | 'int32' | 'bool' | 'int64'
export type ElementData = Float32Array | Int32Array | Uint8Array | BigInt64Array

export interface ValueType {
  readonly dtype: ElementType
  readonly shape: readonly number[]
}

export type Attribute = number | string | boolean | readonly number[]
export type Attributes = Readonly<Record<string, Attribute>>

/** A value is named by a number; `values` has its type. */
export type ValueId = number

export interface Node<Op extends string = string> {
  readonly op: Op
  readonly inputs: readonly ValueId[]
  readonly attrs: Attributes
  readonly outputs: readonly ValueId[]
  /** Of a recurrence (Scan): what one step computes. Its inputs are the states, the slices, and values of the graph around it. */
  readonly body?: Graph<Op>
}

export interface Port {
  readonly name: string
  readonly value: ValueId
  /** Sizes where some are known by name alone: `B`. */
  readonly dims?: readonly (number | string)[]
  /** Where the port is a view of a vector in memory: the port that would be the whole, and the first of its numbers. */
  readonly stretch?: { readonly of: string; readonly offset: number }
}

export interface Graph<Op extends string = string> {
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  readonly values: ReadonlyMap<ValueId, ValueType>
  readonly constants: ReadonlyMap<ValueId, ElementData>
  /** Names of values that a reader may look at (a cell's gates); others have none. */
  readonly names?: ReadonlyMap<ValueId, string>
  /** In an order in which each node follows those that it takes values of. */
  readonly nodes: readonly Node<Op>[]
}

export function typeOf(graph: Pick<Graph, 'values'>, value: ValueId): ValueType {
  const type = graph.values.get(value)
  if (type === undefined) throw new RangeError(`Value %${value} has no type`)
  return type
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

export function sameType(a: ValueType, b: ValueType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape)
}

/** Constants that were made of one number throughout, so that no pass has to look. Data of constants never changes. */
export const uniform = new WeakMap<ElementData, number | bigint>()

/** The only number in a constant, or undefined where it holds several different ones (or is no constant). */
export function splat(graph: Pick<Graph, 'constants'>, value: ValueId): number | undefined {
  const data = graph.constants.get(value)
  return data === undefined ? undefined : splatOf(data)
}

const splats = new WeakMap<ElementData, number | undefined>()

/** The only number in the data of a constant, or undefined. Looked for once. */
export function splatOf(data: ElementData): number | undefined {
  if (data.length === 0) return undefined
  if (splats.has(data)) return splats.get(data)
  const first = uniform.get(data) ?? data[0]
  const alike = uniform.has(data) || data.every((item: number | bigint) => item === first)
  splats.set(data, alike ? Number(first) : undefined)
  return splats.get(data)
}

/** How often each value is used, as an input of a node or as an output of the graph. */
export function countUses(graph: Graph): Map<ValueId, number> {
  const uses = new Map<ValueId, number>()
  const use = (value: ValueId) => uses.set(value, (uses.get(value) ?? 0) + 1)
  for (const node of graph.nodes) node.inputs.forEach(use)
  for (const port of graph.outputs) use(port.value)
  return uses
}

/** A readable listing, one node a line, for dumps, snapshots and errors. */
export function printGraph(graph: Graph): string {
  const show = (value: ValueId) => `%${value}${showType(typeOf(graph, value))}`
  const constants = [...graph.constants].map(([value, data]) => `${show(value)} = ${showData(data)}`)
  const nodes = graph.nodes.map(({ op, inputs, attrs, outputs }) => {
    const written = Object.entries(attrs).map(([name, attr]) => ` ${name}=${JSON.stringify(attr)}`)
    return `${outputs.map(show).join(', ')} = ${op}(${inputs.map((value) => `%${value}`).join(', ')})${written.join('')}`
  })
  return [
    ...graph.inputs.map((port) => `input ${port.name} ${show(port.value)}${showStretch(port)}`),
    ...constants,
    ...nodes,
    ...graph.outputs.map((port) => `output ${port.name} %${port.value}${showStretch(port)}`),
    '',
  ].join('\n')
}

function showStretch({ stretch }: Port): string {
  return stretch === undefined ? '' : ` in ${stretch.of} from ${stretch.offset}`
}

export function showType({ dtype, shape }: ValueType): string {
  return `:${dtype}[${shape.join(',')}]`
}

function showData(data: ElementData): string {
  const shown = Array.from(data.slice(0, 8), String).join(' ')
  return data.length > 8 ? `${shown} ... (${data.length})` : shown
}
