import { SeqlabError } from '../../core/errors.js'
import { sizeOf } from '../../core/tensors.js'
import { type Graph, type Node, showType, typeOf, type ValueId } from './ir.js'

/** Rules that know an operator: what is wrong with a node, or nothing. */
export type NodeCheck = (node: Node, graph: Graph) => string | undefined

/**
 * Checks that a graph is whole: every value has a type of whole, non-negative sizes; every value is defined once (by an
 * input, a constant or one node) and before its use; constants have as many elements as their shape; every output
 * exists, names are unique. `check` adds what is known of single operators. Throws SeqlabError 'internal' with all faults.
 */
export function verify(graph: Graph, stage: string, check?: NodeCheck): void {
  const faults: string[] = []
  const defined = new Set<ValueId>()
  const define = (value: ValueId, by: string) => {
    if (defined.has(value)) faults.push(`%${value} is defined twice, again by ${by}`)
    defined.add(value)
    const type = graph.values.get(value)
    if (type === undefined) faults.push(`%${value} has no type`)
    else if (!type.shape.every((size) => Number.isInteger(size) && size >= 0)) faults.push(`%${value}${showType(type)}`)
  }
  for (const { name, value } of graph.inputs) define(value, `input ${name}`)
  for (const [value, data] of graph.constants) {
    define(value, 'a constant')
    const size = sizeOf(typeOf(graph, value).shape)
    if (data.length !== size) faults.push(`constant %${value} holds ${data.length} elements, its type ${size}`)
  }
  for (const node of graph.nodes) {
    const missing = node.inputs.filter((value) => !defined.has(value))
    if (missing.length > 0)
      faults.push(`${node.op} takes ${missing.map((value) => `%${value}`)}, not defined before it`)
    for (const value of node.outputs) define(value, node.op)
    const fault = missing.length > 0 ? undefined : check?.(node, graph)
    if (fault !== undefined) faults.push(fault)
  }
  for (const { name, value } of graph.outputs) {
    if (!defined.has(value)) faults.push(`output ${name} is %${value}, which is not defined`)
  }
  faults.push(...repeated(graph.inputs.map(({ name }) => name)), ...repeated(graph.outputs.map(({ name }) => name)))
  if (faults.length > 0) {
    throw new SeqlabError('internal', `The graph is invalid after ${stage}: ${faults.slice(0, 8).join('; ')}`)
  }
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `the name ${name} is used twice`)
}
