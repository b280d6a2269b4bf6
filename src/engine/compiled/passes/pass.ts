import { GraphBuilder } from '../builder.js'
import type { Graph, Node, ValueId } from '../ir.js'

/** A pure function from graph to graph that changes how, never what, it computes. */
export interface Pass<Op extends string = string> {
  readonly name: string
  readonly run: (graph: Graph<Op>) => Graph<Op>
}

/**
 * Walks the nodes in order. `change` sees each node with its inputs already replaced, and either returns the values that
 * stand for its outputs from now on (having added what they need to the builder) or undefined to keep it.
 */
export function rewrite<Op extends string>(
  graph: Graph<Op>,
  change: (node: Node<Op>, builder: GraphBuilder<Op>) => readonly ValueId[] | undefined,
): Graph<Op> {
  const builder = new GraphBuilder<Op>(graph)
  const replaced = new Map<ValueId, ValueId>()
  const now = (value: ValueId): ValueId => replaced.get(value) ?? value
  for (const node of graph.nodes) {
    const moved = node.inputs.some((value) => replaced.has(value))
    const current = moved ? { ...node, inputs: node.inputs.map(now) } : node
    const others = change(current, builder)
    if (others === undefined) builder.keep(current)
    else {
      for (const [index, value] of node.outputs.entries()) {
        const other = others[index] ?? value
        replaced.set(value, other)
        builder.rename(value, other)
      }
    }
  }
  const outputs = graph.outputs.map((port) => ({ ...port, value: now(port.value) }))
  return builder.graph(graph.inputs, outputs)
}
