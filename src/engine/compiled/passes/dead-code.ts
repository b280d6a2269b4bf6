import type { Graph, ValueId } from '../ir.js'
import type { Pass } from './pass.js'

/** Drops nodes and constants that no output needs. */
export const deadCode: Pass = { name: 'dead-code', run: dropDeadCode }

export function dropDeadCode<Op extends string>(graph: Graph<Op>): Graph<Op> {
  const needed = new Set<ValueId>(graph.outputs.map(({ value }) => value))
  const nodes = graph.nodes
    .slice()
    .reverse()
    .filter((node) => {
      const alive = node.outputs.some((value) => needed.has(value))
      if (alive) for (const value of node.inputs) needed.add(value)
      return alive
    })
    .reverse()
  const kept = new Set([...needed, ...graph.inputs.map(({ value }) => value), ...nodes.flatMap((node) => node.outputs)])
  return {
    ...graph,
    nodes,
    values: new Map([...graph.values].filter(([value]) => kept.has(value))),
    constants: new Map([...graph.constants].filter(([value]) => needed.has(value))),
  }
}
