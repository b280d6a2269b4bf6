import type { HostTensor, TensorSpec } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { PureFunction, Signature } from '../types.js'
import type { Graph, Port } from './ir.js'
import { lower, separateOutputs } from './lower.js'
import { encodeModel } from './onnx.js'
import { dropDeadCode } from './passes/dead-code.js'
import { onnxPasses, runPasses } from './passes/index.js'
import { trace } from './trace.js'
import { verify } from './verify.js'

/**
 * A function as an ONNX model of its own: its state is written into the graph, and ports are named by their paths; an
 * output that has an input's name is called `next.` and that.
 */
export interface Exported {
  readonly model: Uint8Array
  readonly inputs: readonly ExportedPort[]
  readonly outputs: readonly ExportedPort[]
  /** The outputs as the function's tree, empty branches too. */
  readonly tree: Tree<TensorSpec>
}

export interface ExportedPort {
  /** The path with dots: `memory.values`. */
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
}

export function exportFunction(
  name: string,
  pure: PureFunction,
  signature: Signature,
  state: Tree<HostTensor>,
): Exported {
  const { graph, outputs: returned } = trace(pure, signature)
  const bound = bindState(lower(dropDeadCode(graph)), state)
  const optimised = runPasses(bound, onnxPasses, (stage, after) => verify(after, stage))
  const inputs = named(optimised.inputs)
  const taken = new Set(inputs.map((port) => port.name))
  const left = named(optimised.outputs).map((port) =>
    taken.has(port.name) ? { ...port, name: `next.${port.name}` } : port,
  )
  const final = separateOutputs({ ...optimised, inputs, outputs: left })
  verify(final, 'export')
  const outputs = described(final, final.outputs)
  const types = new Map(outputs.map(({ name: port, dtype }) => [port, dtype]))
  const tree = mapTree(returned, ({ shape }, path): TensorSpec => {
    return { dtype: types.get(path.replaceAll('/', '.')) === 'int32' ? 'int32' : 'float32', shape }
  })
  return { model: encodeModel(final, name), inputs: described(final, final.inputs), outputs, tree }
}

/** Ports of the state become constants. */
function bindState(graph: Graph, state: Tree<HostTensor>): Graph {
  const values = new Map(leaves(state).map(([path, { data }]) => [`state/${path}`, data]))
  const bound = graph.inputs.filter(({ name }) => values.has(name))
  const constants = bound.map(({ name, value }) => [value, values.get(name) ?? new Float32Array(0)] as const)
  return {
    ...graph,
    inputs: graph.inputs.filter((port) => !bound.includes(port)),
    constants: new Map([...graph.constants, ...constants]),
  }
}

function named(ports: readonly Port[]): Port[] {
  return ports.map(({ name, value }) => ({ name: name.replace(/^(input|output)\//, '').replaceAll('/', '.'), value }))
}

function described(graph: Graph, ports: readonly Port[]): ExportedPort[] {
  return ports.map(({ name, value }) => ({ name, ...(graph.values.get(value) ?? { dtype: 'float32', shape: [] }) }))
}
