import { type Attributes, type ElementData, type Graph, showType, typeOf, uniform, type ValueId } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

/** Nodes of the same operator, inputs and attributes are computed once; so are equal constants. */
export const commonSubexpressions: Pass = {
  name: 'common-subexpressions',
  run: (graph) => {
    const seen = new Map<string, readonly ValueId[]>()
    return rewrite(mergeConstants(graph), (node) => {
      const key = `${node.op} ${node.inputs.join()} ${written(node.attrs)}`
      const earlier = seen.get(key)
      if (earlier === undefined) seen.set(key, node.outputs)
      return earlier
    })
  },
}

function written(attrs: Attributes): string {
  for (const _ in attrs) return JSON.stringify(attrs)
  return ''
}

function mergeConstants(graph: Graph): Graph {
  const first = new Map<string, ValueId>()
  const merged = new Map<ValueId, ValueId>()
  for (const [value, data] of graph.constants) {
    const key = `${showType(typeOf(graph, value))} ${contents(data)}`
    const earlier = first.get(key)
    if (earlier === undefined) first.set(key, value)
    else merged.set(value, earlier)
  }
  const now = (value: ValueId) => merged.get(value) ?? value
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(now) })),
    outputs: graph.outputs.map((port) => ({ ...port, value: now(port.value) })),
  }
}

/** The bytes of a constant as text: -0 and 0 differ, and so do the NaNs. */
function contents(data: ElementData): string {
  const only = uniform.get(data)
  if (only !== undefined) return `all ${Object.is(only, -0) ? '-0' : only}`
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
}
