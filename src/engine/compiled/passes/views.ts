import { elements, GraphBuilder } from '../builder.js'
import { countUses, type Graph, type Node, type Port, sameShape, sameType, typeOf, type ValueId } from '../ir.js'
import { type Pass, rewrite } from './pass.js'
import { large, type Stretch, stretchesOf } from './stretches.js'

/**
 * Parameters that are cut out of a vector of the state come in as inputs of their own, each a view of the vector's
 * memory: nothing is copied.
 */
export const viewInputs: Pass = {
  name: 'view-inputs',
  run: (graph) => {
    const vectors = new Map(graph.inputs.filter(isVector(graph)).map((port) => [port.value, port]))
    const shapes = soleReshapes(graph)
    const ports: Port[] = []
    const views = new Set<ValueId>()
    const view = (
      builder: GraphBuilder,
      { name }: Port,
      of: ValueId,
      { offset, size }: Pick<Stretch, 'offset' | 'size'>,
    ) => {
      const shape = shapes.get(of) ?? [size]
      const value = builder.value({ dtype: builder.type(of).dtype, shape })
      ports.push({ name: `${name}/${offset}`, value, stretch: { of: name, offset } })
      views.add(value)
      return value
    }
    const cut = (node: Node, port: Port, builder: GraphBuilder): ValueId[] =>
      stretchesOf(node.outputs.map((value) => builder.type(value).shape[0] ?? 0)).flatMap((stretch) => {
        const parts = node.outputs.slice(stretch.first, stretch.end)
        const [only] = parts
        if (parts.length === 1 && only !== undefined) return [view(builder, port, only, stretch)]
        const type = { dtype: builder.type(port.value).dtype, shape: [stretch.size] }
        const whole = builder.value(type)
        ports.push({
          name: `${port.name}/${stretch.offset}`,
          value: whole,
          stretch: { of: port.name, offset: stretch.offset },
        })
        const types = parts.map((part) => builder.type(part))
        return builder.node(
          'Split',
          [
            whole,
            sizes(
              builder,
              types.map(({ shape }) => shape[0] ?? 0),
            ),
          ],
          { axis: 0 },
          types,
        )
      })
    const rewritten = rewrite(graph, (node, builder) => {
      const [source] = node.inputs
      const [output] = node.outputs
      if (source === undefined || output === undefined) return undefined
      const port = vectors.get(source)
      if (node.op === 'Split' && port !== undefined && typeOf(graph, source).shape[0] !== undefined) {
        return (typeOf(graph, source).shape[0] ?? 0) < large ? undefined : cut(node, port, builder)
      }
      if (node.op !== 'Reshape') return undefined
      if (views.has(source)) return sameType(builder.type(source), builder.type(output)) ? [source] : undefined
      return port === undefined || !shapes.has(source)
        ? undefined
        : [view(builder, port, source, { offset: 0, size: typeOf(graph, source).shape[0] ?? 0 })]
    })
    return { ...rewritten, inputs: [...rewritten.inputs, ...ports] }
  },
}

const isVector =
  (graph: Graph) =>
  ({ name, value, stretch }: Port): boolean =>
    name.startsWith('state/') && stretch === undefined && typeOf(graph, value).shape.length === 1

function sizes(builder: GraphBuilder, numbers: readonly number[]): ValueId {
  return builder.constant({ dtype: 'int64', shape: [numbers.length] }, elements('int64', numbers))
}

/** Values that are only reshaped, all to one shape: that shape. */
function soleReshapes(graph: Graph): Map<ValueId, readonly number[]> {
  const uses = countUses(graph)
  const seen = new Map<ValueId, { readonly shape: readonly number[]; count: number }>()
  for (const { op, inputs, outputs } of graph.nodes) {
    const [source] = inputs
    const [output] = outputs
    if (op !== 'Reshape' || source === undefined || output === undefined) continue
    const { shape } = typeOf(graph, output)
    const earlier = seen.get(source)
    if (earlier === undefined) seen.set(source, { shape, count: 1 })
    else if (sameShape(earlier.shape, shape)) earlier.count++
  }
  return new Map(
    [...seen].filter(([value, { count }]) => uses.get(value) === count).map(([value, { shape }]) => [value, shape]),
  )
}

/**
 * Pieces that are only joined into a vector that the state takes over go out as outputs of their own, each written into
 * its place in the vector's memory.
 */
export const viewOutputs: Pass = {
  name: 'view-outputs',
  run: (graph) => {
    const uses = countUses(graph)
    const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)))
    const builder = new GraphBuilder<string>(graph)
    for (const node of graph.nodes) builder.keep(node)
    const outputs = graph.outputs.flatMap((port): readonly Port[] => {
      const node = producers.get(port.value)
      const joins = node?.op === 'Concat' && uses.get(port.value) === 1
      const isState = !port.name.startsWith('output/') && port.stretch === undefined
      const { shape } = typeOf(graph, port.value)
      return joins && isState && shape.length === 1 && (shape[0] ?? 0) >= large ? pieces(builder, port, node) : [port]
    })
    return builder.graph(graph.inputs, outputs)
  },
}

function pieces(builder: GraphBuilder, { name }: Port, { inputs }: Node): Port[] {
  return stretchesOf(inputs.map((value) => builder.type(value).shape[0] ?? 0)).map(({ first, end, offset, size }) => {
    const value = joined(builder, inputs.slice(first, end), size)
    return { name: `${name}/${offset}`, value, stretch: { of: name, offset } }
  })
}

/** Some of the pieces, joined where they are several; one alone as it was before it was made flat. */
export function joined(builder: GraphBuilder, values: readonly ValueId[], size: number): ValueId {
  const [only = -1] = values
  if (values.length > 1) {
    const { dtype } = builder.type(only)
    return builder.node('Concat', values, { axis: 0 }, [{ dtype, shape: [size] }])[0] ?? only
  }
  const node = builder.producer(only)
  return node?.op === 'Reshape' ? (node.inputs[0] ?? only) : only
}
