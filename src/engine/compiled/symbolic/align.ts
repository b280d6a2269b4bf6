import { SeqlabError } from '../../../core/errors.js'
import { at } from '../../../core/lists.js'
import { elements, GraphBuilder } from '../builder.js'
import {
  type ElementData,
  type Graph,
  type Node,
  type Port,
  splatOf,
  typeOf,
  type ValueId,
  type ValueType,
} from '../ir.js'
import { separateOutputs } from '../lower.js'
import { SizeWriter } from './size-writer.js'
import { type AxisSizes, sizeName, sizeOf } from './sizes.js'

/**
 * The same function traced at several sizes -> one graph for all of them: a number that is not the same in all traces is
 * worked out from the sizes of the inputs. Throws SeqlabError 'internal' where the traces differ in anything else.
 */
export function aligned(name: string, traces: readonly Graph[], axes: AxisSizes): Graph {
  const first = at(traces, 0)
  const builder = new GraphBuilder<string>()
  const inputs = first.inputs.map((port, index): Port => {
    const value = builder.value(typeOf(first, port.value))
    return {
      name: port.name,
      value,
      dims: dimsOf(
        traces,
        traces.map((each) => at(each.inputs, index)),
        axes,
      ),
    }
  })
  const context: Context = { name, axes, sizes: new SizeWriter(builder, sourcesOf(inputs)) }
  const values = new Map(first.inputs.map(({ value }, index) => [value, at(inputs, index).value]))
  alignNodes(context, traces, { builder, values, around: undefined })
  const outputs = first.outputs.map((port, index): Port => {
    const ports = traces.map((each) => at(each.outputs, index))
    const value = resolve(
      context,
      traces,
      ports.map((each) => each.value),
      { builder, values, around: undefined },
    )
    return { name: port.name, value, dims: dimsOf(traces, ports, axes) }
  })
  return separateOutputs(builder.graph(inputs, outputs))
}

interface Context {
  readonly name: string
  readonly axes: AxisSizes
  readonly sizes: SizeWriter
}

/** Where nodes are written to: the graph itself, or the body of a recurrence, which may take more of what is around it. */
interface Level {
  readonly builder: GraphBuilder<string>
  /** Of the first trace -> of the new graph. */
  readonly values: Map<ValueId, ValueId>
  readonly around: ((value: ValueId, type: ValueType) => ValueId) | undefined
}

function alignNodes(context: Context, traces: readonly Graph[], level: Level): void {
  const counts = traces.map(({ nodes }) => nodes.length)
  if (new Set(counts).size > 1) throw differs(context, `${counts.join(', ')} operations`)
  for (const [index, first] of at(traces, 0).nodes.entries()) {
    const nodes = traces.map((each) => at(each.nodes, index))
    if (nodes.some((node) => !alike(node, first))) {
      throw differs(
        context,
        `operation ${index}: ${nodes.map(({ op, attrs }) => `${op} ${JSON.stringify(attrs)}`).join(', ')}`,
      )
    }
    const inputs = first.inputs.map((_, place) => {
      const ids = nodes.map((node) => at(node.inputs, place))
      const shape = first.op === 'Reshape' && place === 1 ? targetOf(traces, nodes) : undefined
      if (shape === undefined) return resolve(context, traces, ids, level)
      return level.builder.constant({ dtype: 'int64', shape: [shape.length] }, elements('int64', shape))
    })
    if (first.body === undefined) keep(level, first, inputs, at(traces, 0))
    else alignLoop(context, nodes, inputs, level, at(traces, 0))
  }
}

function keep(level: Level, node: Node, inputs: readonly ValueId[], trace: Graph, body?: Graph): void {
  const outputs = node.outputs.map((value) => level.builder.value(typeOf(trace, value)))
  node.outputs.forEach((value, index) => {
    level.values.set(value, at(outputs, index))
    const name = trace.names?.get(value)
    if (name !== undefined) level.builder.name(at(outputs, index), name)
  })
  level.builder.keep({ op: node.op, inputs, attrs: node.attrs, outputs, ...(body && { body }) })
}

/** What the body needs of sizes is worked out once, around it. */
function alignLoop(context: Context, nodes: readonly Node[], inputs: readonly ValueId[], level: Level, trace: Graph) {
  const bodies = nodes.flatMap(({ body }) => (body === undefined ? [] : [body]))
  const first = at(bodies, 0)
  const builder = new GraphBuilder<string>()
  const entered = first.inputs.map(({ name, value }, index): Port => {
    const dims = dimsOf(
      bodies,
      bodies.map((body) => at(body.inputs, index)),
      context.axes,
    )
    return { name, value: builder.value(typeOf(first, value)), dims }
  })
  const more = new Map<ValueId, ValueId>()
  const around = (value: ValueId, type: ValueType): ValueId => {
    const inside = more.get(value) ?? builder.value(type)
    more.set(value, inside)
    return inside
  }
  const inner: Level = { builder, values: new Map(), around }
  first.inputs.forEach(({ value }, index) => {
    inner.values.set(value, at(entered, index).value)
  })
  alignNodes(context, bodies, inner)
  const outputs = first.outputs.map(({ name }, index): Port => {
    const ports = bodies.map((body) => at(body.outputs, index))
    const value = resolve(
      context,
      bodies,
      ports.map((port) => port.value),
      inner,
    )
    return { name, value, dims: dimsOf(bodies, ports, context.axes) }
  })
  const ports = [...entered, ...[...more].map(([value, inside]): Port => ({ name: `around/${value}`, value: inside }))]
  const body = separateOutputs(builder.graph(ports, outputs))
  keep(level, at(nodes, 0), [...inputs, ...more.keys()], trace, body)
}

/**
 * The shape that a Reshape goes to, where no size has to be worked out for it: 0 for an axis that stays where it was, and -1
 * for one that follows from all others. Undefined where more than one would have to follow.
 */
function targetOf(traces: readonly Graph[], nodes: readonly Node[]): readonly number[] | undefined {
  const shapes = (values: (node: Node) => ValueId | undefined) =>
    nodes.map((node, index) => typeOf(at(traces, index), values(node) ?? -1).shape)
  const [before, after] = [shapes(({ inputs }) => inputs[0]), shapes(({ outputs }) => outputs[0])]
  const target = at(after, 0).map((size, axis) => {
    if (after.every((shape) => shape[axis] === size)) return size
    return after.every((shape, index) => shape[axis] === before[index]?.[axis]) ? 0 : -1
  })
  return target.filter((size) => size === -1).length > 1 ? undefined : target
}

function alike(one: Node, other: Node): boolean {
  return one.op === other.op && JSON.stringify(one.attrs) === JSON.stringify(other.attrs)
}

/** The new graph's value for one that the traces have: made before, or a constant. */
function resolve(context: Context, traces: readonly Graph[], ids: readonly ValueId[], level: Level): ValueId {
  const known = level.values.get(at(ids, 0))
  if (known !== undefined) return known
  const value = constantOf(context, traces, ids, level)
  level.values.set(at(ids, 0), value)
  return value
}

function constantOf(context: Context, traces: readonly Graph[], ids: readonly ValueId[], level: Level): ValueId {
  const data = traces.map((trace, index) => {
    const numbers = trace.constants.get(at(ids, index))
    if (numbers === undefined) throw differs(context, `%${at(ids, index)} is no constant in one of the traces`)
    return numbers
  })
  const types = traces.map((trace, index) => typeOf(trace, at(ids, index)))
  const type = at(types, 0)
  if (
    data.every((numbers) => sameData(numbers, at(data, 0))) &&
    types.every((each) => each.shape.join() === type.shape.join())
  )
    return level.builder.constant(type, at(data, 0))
  const value = varying(context, types, data)
  return level.around === undefined ? value : level.around(value, type)
}

/** A constant that depends on sizes, worked out in the outermost graph. */
function varying(context: Context, types: readonly ValueType[], data: readonly ElementData[]): ValueId {
  const { sizes, axes } = context
  const { dtype, shape } = at(types, 0)
  const numbers = data.map((each) => Array.from(each as ArrayLike<number | bigint>, Number))
  const first = at(numbers, 0)
  const whole = dtype !== 'float32' || numbers.every((each) => each.every(Number.isInteger))
  if (whole && types.every((type) => type.shape.join() === shape.join())) {
    const found = first.map((_, place) =>
      sizeOf(
        numbers.map((each) => at(each, place)),
        axes,
      ),
    )
    if (found.every((size) => size !== undefined)) return sizes.numbers(found, dtype, shape)
  }
  const dims = shape.map((_, axis) =>
    sizeOf(
      types.map((type) => type.shape[axis] ?? 0),
      axes,
    ),
  )
  const splats = data.map(splatOf)
  if (dims.every((size) => size !== undefined)) {
    const [splat] = splats
    if (splat !== undefined && splats.every((each) => each === splat)) return sizes.filled(dtype, splat, dims)
    const [count] = dims
    const step = (first[1] ?? 0) - (first[0] ?? 0)
    const counts = numbers.every((each) => each.every((value, place) => value === (first[0] ?? 0) + place * step))
    if (shape.length === 1 && count !== undefined && counts) return sizes.counted(dtype, first[0] ?? 0, step, count)
  }
  const shapes = types.map((type) => `[${type.shape.join(', ')}]`).join(', ')
  throw differs(
    context,
    `a constant of ${dtype} ${shapes} that is no function of sizes: ${first.slice(0, 8).join(' ')}`,
  )
}

function sameData(one: ElementData, other: ElementData): boolean {
  if (one === other) return true
  if (one.length !== other.length) return false
  for (let place = 0; place < one.length; place++) if (!Object.is(one[place], other[place])) return false
  return true
}

function dimsOf(traces: readonly Graph[], ports: readonly Port[], axes: AxisSizes): (number | string)[] {
  const shapes = ports.map(({ value }, index) => typeOf(at(traces, index), value).shape)
  return at(shapes, 0).map((_, axis) => {
    const size = sizeOf(
      shapes.map((shape) => shape[axis] ?? 0),
      axes,
    )
    return size === undefined ? `${at(ports, 0).name}.${axis}` : sizeName(size)
  })
}

/** The first input and axis that has each size. */
function sourcesOf(inputs: readonly Port[]): Map<string, { readonly value: ValueId; readonly axis: number }> {
  const sources = new Map<string, { readonly value: ValueId; readonly axis: number }>()
  for (const { value, dims = [] } of inputs) {
    for (const [axis, name] of dims.entries()) {
      if (typeof name === 'string' && !sources.has(name)) sources.set(name, { value, axis })
    }
  }
  return sources
}

function differs({ name }: Context, what: string): SeqlabError {
  return new SeqlabError('internal', `The exported form of ${name} depends on sizes otherwise than by sizes: ${what}`)
}
