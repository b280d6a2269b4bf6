import { leaves, type Tree } from '../../src/core/tree.js'
import type { Graph, Node, ValueId } from '../../src/engine/compiled/ir.js'
import { typeOf } from '../../src/engine/compiled/ir.js'
import type { TracedKernel } from '../../src/engine/compiled/kernels.js'
import { dropDeadCode } from '../../src/engine/compiled/passes/dead-code.js'
import type { Array64 } from './array64.js'
import { run64 } from './kernels64.js'

type Values = Map<ValueId, Array64>

/** A traced graph with the float64 value of each of its nodes at one point. */
export interface Interpreted {
  /** The result by output name. */
  readonly outputs: ReadonlyMap<string, Array64>
  /** One output (`of`, of `only`) where an input has another value: nodes that do not depend on it are not run again. */
  with(of: Graph<TracedKernel>, input: string, value: Array64): Array64
}

/**
 * Runs a traced graph in float64, so that finite differences are good to many digits (TF.js computes in float32).
 * `given` by input name (`state/params/decayed`).
 */
export function interpret(graph: Graph<TracedKernel>, given: ReadonlyMap<string, Array64>): Interpreted {
  const values: Values = new Map()
  for (const { name, value } of graph.inputs) {
    const array = given.get(name)
    if (array !== undefined) values.set(value, array)
  }
  for (const [value, data] of graph.constants) {
    values.set(value, { shape: typeOf(graph, value).shape, data: Float64Array.from(data, Number) })
  }
  for (const node of graph.nodes) {
    for (const [id, output] of run(graph, node, values)) values.set(id, output)
  }
  return {
    outputs: new Map(graph.outputs.map(({ name, value }) => [name, valueAt(values, value)])),
    with: (of, input, value) => again(of, values, input, value),
  }
}

function again(graph: Graph<TracedKernel>, before: Values, input: string, value: Array64): Array64 {
  const [port, output] = [graph.inputs.find(({ name }) => name === input), graph.outputs[0]]
  if (port === undefined || output === undefined) throw new RangeError(`The graph has no input ${input}, or no output`)
  const changed: Values = new Map([[port.value, value]])
  for (const node of graph.nodes) {
    if (!node.inputs.some((id) => changed.has(id))) continue
    const values = new Map(node.inputs.map((id) => [id, changed.get(id) ?? valueAt(before, id)]))
    for (const [id, output] of run(graph, node, values)) if (!same(output, before.get(id))) changed.set(id, output)
  }
  return changed.get(output.value) ?? valueAt(before, output.value)
}

function same(a: Array64, b: Array64 | undefined): boolean {
  return b !== undefined && a.data.every((value, i) => value === b.data[i])
}

function run(graph: Graph<TracedKernel>, node: Node<TracedKernel>, values: Values): [ValueId, Array64][] {
  const types = node.outputs.map((output) => typeOf(graph, output))
  const outputs = run64(
    node,
    node.inputs.map((id) => valueAt(values, id)),
    types,
  )
  return node.outputs.flatMap((id, index) => {
    const output = outputs[index]
    return output === undefined ? [] : [[id, output]]
  })
}

function valueAt(values: Values, id: ValueId): Array64 {
  const value = values.get(id)
  if (value === undefined) throw new RangeError(`%${id} was not given`)
  return value
}

/** The part of a graph that one output needs. */
export function only(graph: Graph<TracedKernel>, output: string): Graph<TracedKernel> {
  return dropDeadCode({ ...graph, outputs: graph.outputs.filter(({ name }) => name === output) })
}

/** Host tensors under a prefix as the interpreter takes them. */
export function given(
  prefix: string,
  tree: Tree<{ readonly shape: readonly number[]; readonly data: ArrayLike<number> }>,
): [string, Array64][] {
  return leaves(tree).map(([path, { shape, data }]) => [`${prefix}/${path}`, { shape, data: Float64Array.from(data) }])
}
