import { leaves, type Tree } from '../../src/core/tree.js'
import type { Graph, ValueId } from '../../src/engine/compiled/ir.js'
import { typeOf } from '../../src/engine/compiled/ir.js'
import type { TracedKernel } from '../../src/engine/compiled/kernels.js'
import { dropDeadCode } from '../../src/engine/compiled/passes/dead-code.js'
import type { Array64 } from './array64.js'
import { run64 } from './kernels64.js'

/**
 * Runs a traced graph in float64, so that finite differences are good to many digits (TF.js computes in float32).
 * `given` by input name (`state/params/decayed`); the result by output name.
 */
export function interpret(graph: Graph<TracedKernel>, given: ReadonlyMap<string, Array64>): Map<string, Array64> {
  const values = new Map<ValueId, Array64>()
  for (const { name, value } of graph.inputs) {
    const array = given.get(name)
    if (array !== undefined) values.set(value, array)
  }
  for (const [value, data] of graph.constants) {
    values.set(value, { shape: typeOf(graph, value).shape, data: Float64Array.from(data, Number) })
  }
  const valueAt = (id: ValueId): Array64 => {
    const value = values.get(id)
    if (value === undefined) throw new RangeError(`%${id} was not given`)
    return value
  }
  for (const node of graph.nodes) {
    const types = node.outputs.map((output) => typeOf(graph, output))
    const outputs = run64(node, node.inputs.map(valueAt), types)
    node.outputs.forEach((id, index) => {
      const output = outputs[index]
      if (output !== undefined) values.set(id, output)
    })
  }
  return new Map(graph.outputs.map(({ name, value }) => [name, valueAt(value)]))
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
