import type { AdamSettings } from '../fused-adam.js'
import { countUses, type Graph, type Node, type Port, sameType, typeOf, type ValueId } from './ir.js'
import type { TracedKernel } from './kernels.js'

/** A scalar that an update needs: fed by the caller, computed by the graph, or known when it was traced. */
export type Operand = { readonly input: string } | { readonly output: string } | { readonly constant: number }

/** One Adam update over state, in place, after a run of the graph: paths of vectors in the state, and its scalars. */
export interface FusedUpdate {
  readonly parameters: string
  readonly m: string
  readonly v: string
  /** Port of the graph (or the start of several ports' names) that gives the gradient. */
  readonly gradient: string
  readonly size: number
  readonly scale: Operand
  readonly learningRate: Operand
  readonly step: Operand
  readonly settings: AdamSettings
}

/**
 * Takes the updates at the end of a graph out of it. What is left ends in their gradients and scalars
 * (`update/<path>/gradient`, `update/<path>/scale`): the update itself needs no new memory, and one pass over the old.
 * An update stays in the graph where its vectors are not whole leaves of the state, each changed by it alone, or where
 * another node needs what it gives.
 */
export function splitEpilogue(graph: Graph<TracedKernel>): {
  readonly graph: Graph<TracedKernel>
  readonly updates: readonly FusedUpdate[]
} {
  const uses = countUses(graph)
  const found = graph.nodes.flatMap((node) => {
    const paths = node.op === 'FusedAdam' ? leavesOf(graph, node, uses) : undefined
    return paths === undefined ? [] : [{ node, paths }]
  })
  if (found.length === 0) return { graph, updates: [] }
  const names = new Map<ValueId, string>()
  const updates = found.map(({ node, paths }) => describe(graph, node, paths, names))
  const gradients = found.map(({ node }, index): Port => {
    return { name: updates[index]?.gradient ?? '', value: node.inputs[1] ?? -1 }
  })
  const scalars = [...names].map(([value, name]): Port => ({ name, value }))
  const gone = new Set(found.flatMap(({ node }) => node.outputs))
  const nodes = graph.nodes.filter((node) => !found.some((one) => one.node === node))
  const outputs = [...graph.outputs.filter(({ value }) => !gone.has(value)), ...gradients, ...scalars]
  return { graph: { ...graph, nodes, outputs }, updates }
}

type Paths = readonly [parameters: string, m: string, v: string]

/** The leaves of the state that an update reads and, alone, replaces. */
function leavesOf(graph: Graph, { inputs, outputs }: Node, uses: ReadonlyMap<ValueId, number>): Paths | undefined {
  const before = [inputs[0], inputs[2], inputs[3]].map(
    (value) => graph.inputs.find((port) => port.value === value && port.name.startsWith('state/'))?.name.slice(6) ?? '',
  )
  const after = outputs.map((value) => graph.outputs.find((port) => port.value === value)?.name)
  const whole = before.every((path, index) => path !== '' && after[index] === `next/${path}`)
  const alone = outputs.every((value) => uses.get(value) === 1)
  const alike = [inputs[1], ...outputs].every((value) =>
    sameType(typeOf(graph, value ?? -1), typeOf(graph, inputs[0] ?? -1)),
  )
  const [parameters = '', m = '', v = ''] = before
  return whole && alone && alike ? [parameters, m, v] : undefined
}

function describe(
  graph: Graph,
  { inputs, attrs }: Node,
  [parameters, m, v]: Paths,
  names: Map<ValueId, string>,
): FusedUpdate {
  const of = (what: string) => `update/${parameters}/${what}`
  const scalar = (index: number, what: string) => operand(graph, inputs[index] ?? -1, of(what), names)
  const [size = 0] = typeOf(graph, inputs[0] ?? -1).shape
  const scalars = { scale: scalar(4, 'scale'), learningRate: scalar(5, 'learningRate'), step: scalar(6, 'step') }
  return { parameters, m, v, gradient: of('gradient'), size, ...scalars, settings: settingsOf(attrs) }
}

function settingsOf(attrs: Node['attrs']): AdamSettings {
  const number = (name: keyof AdamSettings) => Number(attrs[name])
  const [beta1, beta2, epsilon] = [number('beta1'), number('beta2'), number('epsilon')]
  return { beta1, beta2, epsilon, l2: number('l2'), decay: number('decay') }
}

/** `names` collects scalars that the graph computes, each under the first name that it is asked for by. */
function operand(graph: Graph, value: ValueId, name: string, names: Map<ValueId, string>): Operand {
  const input = graph.inputs.find((port) => port.value === value && port.name.startsWith('input/'))
  if (input !== undefined) return { input: input.name.slice('input/'.length) }
  const data = graph.constants.get(value)
  if (data !== undefined) return { constant: Number(data[0]) }
  const output = names.get(value) ?? name
  names.set(value, output)
  return { output }
}
