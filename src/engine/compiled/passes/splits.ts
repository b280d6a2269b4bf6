import { countUses, type Graph, type Node, type ValueId, type ValueType } from '../ir.js'
import { type Pass, rewrite } from './pass.js'

/** Joining all parts of a Split again, in order, gives what was split. */
export const joinedSplits: Pass = {
  name: 'joined-splits',
  run: (graph) =>
    rewrite(graph, (node, builder) => {
      const split = builder.producer(node.inputs[0])
      if (split?.op === 'Split') {
        const whole = node.op === 'Concat' && node.attrs.axis === split.attrs.axis && same(node.inputs, split.outputs)
        return whole ? split.inputs.slice(0, 1) : undefined
      }
      if (split?.op !== 'Concat' || node.op !== 'Split' || node.attrs.axis !== split.attrs.axis) return undefined
      const axis = Number(node.attrs.axis)
      const sizes = (values: readonly ValueId[]) => values.map((value) => builder.type(value).shape[axis])
      return same(sizes(split.inputs), sizes(node.outputs)) ? split.inputs : undefined
    }),
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

/**
 * A series split into its steps, and each step split into the same columns: the columns are split first, once, and each
 * of them into steps.
 */
export const splitColumnsFirst: Pass = {
  name: 'split-columns-first',
  run: (graph) => {
    const candidates = [...stepSplits(graph)]
    if (candidates.length === 0) return graph
    const columns = new Map(candidates.flatMap(({ steps, inner }) => inner.map((node, t) => [node, { steps, t }])))
    const bySteps = new Map(candidates.map((candidate) => [candidate.steps, candidate]))
    const parts = new Map<Node, readonly (readonly ValueId[])[]>()
    // Nodes are looked up by their first output: rewriting makes new ones.
    const original = new Map(graph.nodes.map((node) => [node.outputs[0], node]))
    return rewrite(graph, (node, builder) => {
      const before = original.get(node.outputs[0])
      const outer = before === undefined ? undefined : bySteps.get(before)
      if (before !== undefined && outer !== undefined) {
        const [series = -1, stepSizes = -1] = node.inputs
        const { rows, template, sizes } = outer
        const whole = (type: ValueType): ValueType => ({ ...type, shape: [rows, type.shape[1] ?? 1] })
        const wide = builder.node(
          'Split',
          [series, sizes],
          { axis: 1 },
          template.map((value) => whole(builder.type(value))),
        )
        const split = wide.map((column, index) =>
          builder.node(
            'Split',
            [column, stepSizes],
            { axis: 0 },
            before.outputs.map(() => builder.type(template[index] ?? -1)),
          ),
        )
        parts.set(before, split)
        return []
      }
      const place = before === undefined ? undefined : columns.get(before)
      return place === undefined ? undefined : parts.get(place.steps)?.map((column) => column[place.t] ?? -1)
    })
  },
}

interface StepSplit {
  readonly steps: Node
  /** The Split along axis 1 of each step. */
  readonly inner: readonly Node[]
  readonly rows: number
  /** The columns of the first step: their types are those of every step's. */
  readonly template: readonly ValueId[]
  /** The constant with the columns' sizes. */
  readonly sizes: ValueId
}

function* stepSplits(graph: Graph): Generator<StepSplit> {
  const uses = countUses(graph)
  const consumers = new Map<ValueId, Node>()
  for (const node of graph.nodes) for (const value of node.inputs) consumers.set(value, node)
  for (const steps of graph.nodes) {
    if (steps.op !== 'Split' || steps.attrs.axis !== 0) continue
    const type = graph.values.get(steps.inputs[0] ?? -1)
    const inner = steps.outputs.map((value) => (uses.get(value) === 1 ? consumers.get(value) : undefined))
    const first = inner[0]
    if (type?.shape.length !== 2 || first === undefined) continue
    const sizes = first.inputs[1] ?? -1
    const alike = (node: Node | undefined): node is Node =>
      node?.op === 'Split' && node.attrs.axis === 1 && node.inputs[1] === sizes
    if (inner.every(alike)) yield { steps, inner, rows: type.shape[0] ?? 1, template: first.outputs, sizes }
  }
}
