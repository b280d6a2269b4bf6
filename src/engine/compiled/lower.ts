import { SeqlabError } from '../../core/errors.js'
import { GraphBuilder } from './builder.js'
import { type Graph, type Node, type Port, sameType, showType, type ValueId } from './ir.js'
import type { TracedKernel, TracedOp } from './kernels.js'
import { elementwise } from './rules/elementwise.js'
import { reductions } from './rules/reductions.js'
import { Emitter, type Rule } from './rules/rule.js'
import { structure } from './rules/structure.js'
import { updates } from './rules/updates.js'

/** From every kernel that can be traced to ONNX: a kernel without a rule is a type error here. */
const rules: Record<TracedKernel, Rule> = { ...elementwise, ...reductions, ...structure, ...updates }

/** The same graph in ONNX operators. Booleans that leave it become int32. */
export function lower(graph: Graph<TracedOp>): Graph {
  const builder = new GraphBuilder<string>(graph)
  const emit = new Emitter(builder)
  const lowered = new Map<ValueId, ValueId>()
  const now = (value: ValueId): ValueId => lowered.get(value) ?? value
  for (const node of graph.nodes) {
    const outputs = loweredNode(emit, builder, node, node.inputs.map(now))
    node.outputs.forEach((value, index) => {
      const output = outputs[index]
      if (output === undefined || !sameType(builder.type(output), builder.type(value))) {
        const received = output === undefined ? 'nothing' : showType(builder.type(output))
        throw new SeqlabError('internal', `Lowering ${node.op} gave ${received} for ${showType(builder.type(value))}`)
      }
      lowered.set(value, output)
      builder.rename(value, output)
    })
  }
  const outputs = graph.outputs.map(({ name, value }): Port => ({ name, value: leaving(emit, now(value)) }))
  return dropDead(builder.graph(graph.inputs, outputs), new Set(graph.nodes.flatMap((node) => node.outputs)))
}

function loweredNode(
  emit: Emitter,
  builder: GraphBuilder<string>,
  node: Node<TracedOp>,
  inputs: ValueId[],
): readonly ValueId[] {
  const types = node.outputs.map((value) => builder.type(value))
  if (node.op === 'Scan') return loweredLoop(builder, node, inputs)
  if (node.op === 'Layer') {
    const { operator, ...attrs } = node.attrs
    return builder.node(String(operator), inputs, attrs, types)
  }
  return rules[node.op]({ emit, inputs, attrs: node.attrs, types })
}

/** The same recurrence, its body lowered. */
function loweredLoop(builder: GraphBuilder<string>, { body, attrs, outputs }: Node<TracedOp>, inputs: ValueId[]) {
  if (body === undefined) throw new RangeError('A recurrence has a body')
  const results = outputs.map((value) => builder.value(builder.type(value)))
  builder.keep({ op: 'Scan', inputs, attrs, outputs: results, body: separateOutputs(lower(body)) })
  return results
}

function leaving(emit: Emitter, value: ValueId): ValueId {
  return emit.type(value).dtype === 'bool' ? emit.cast(value, 'int32') : value
}

/** The traced graph's own values have no place in the lowered one. */
function dropDead(graph: Graph, traced: ReadonlySet<ValueId>): Graph {
  return { ...graph, values: new Map([...graph.values].filter(([value]) => !traced.has(value))) }
}

/**
 * ONNX requires a separate node for each output: where an output is an input, a constant, or a duplicate, an Identity is
 * inserted.
 */
export function separateOutputs(graph: Graph): Graph {
  const builder = new GraphBuilder<string>(graph)
  for (const node of graph.nodes) builder.keep(node)
  const taken = new Set<ValueId>([...graph.inputs.map(({ value }) => value), ...graph.constants.keys()])
  const outputs = graph.outputs.map((port): Port => {
    const { value } = port
    if (!taken.has(value)) {
      taken.add(value)
      return port
    }
    return { ...port, value: builder.node('Identity', [value], {}, [builder.type(value)])[0] ?? value }
  })
  return builder.graph(graph.inputs, outputs)
}
