import { at } from '../../core/lists.js'
import type { HostTensor } from '../../core/tensors.js'
import { leaves, type Tree } from '../../core/tree.js'
import type { PureFunction, Signature } from '../types.js'
import { countUses, type Graph, type Port } from './ir.js'
import { lower, separateOutputs } from './lower.js'
import { type Elsewhere, encodeModel } from './onnx.js'
import { dropDeadCode } from './passes/dead-code.js'
import { simplified } from './passes/flexible.js'
import { aligned } from './symbolic/align.js'
import { rowsStepOf } from './symbolic/rows.js'
import type { AxisSizes } from './symbolic/sizes.js'
import { traceLoops } from './trace.js'

/**
 * A function as an ONNX model of its own for inputs of any size: its state is written into it, recurrences are loops, and
 * ports are named by their paths; an output that has an input's name is called `next.` and that.
 */
export interface Exported {
  readonly model: Uint8Array
  readonly inputs: readonly ExportedPort[]
  readonly outputs: readonly (ExportedPort & { readonly path: string })[]
  /** Branches of the outputs' tree that have no leaf. */
  readonly empty: readonly string[]
  /** Of how many rows inputs are to be a multiple, so that a row's numbers do not depend on those around it. */
  readonly rowsStep: number
}

export interface ExportedPort {
  /** The path with dots: `memory.values`. */
  readonly name: string
  readonly dtype: string
  /** Sizes, or names of those that vary. */
  readonly shape: readonly (number | string)[]
}

/**
 * `signatures`: the function's inputs at several sizes; `axes`: which named sizes they have. Throws SeqlabError 'internal'
 * where what the function does depends on them otherwise than by sizes. `elsewhere`: where the numbers of the state are, by
 * path, if not in the model itself.
 */
export function exportFunction(
  name: string,
  pure: PureFunction,
  signatures: readonly Signature[],
  axes: AxisSizes,
  state: Tree<HostTensor>,
  elsewhere: ReadonlyMap<string, Elsewhere> = new Map(),
): Exported {
  const traced = signatures.map((signature) => traceLoops(pure, signature))
  const bound = traced.map(({ graph }) => read(simplified(bindState(lower(dropDeadCode(graph)), state))))
  const graph = aligned(name, bound, axes)
  const inputs = graph.inputs.map(named)
  const taken = new Set(inputs.map((port) => port.name))
  const outputs = graph.outputs.map(named).map((port) => {
    return taken.has(port.name) ? { ...port, name: `next.${port.name}` } : port
  })
  const final = separateOutputs({ ...graph, inputs, outputs })
  const paths = graph.outputs.map((port) => port.name.replace(/^output\//, ''))
  return {
    model: encodeModel(final, name, byData(state, elsewhere)),
    inputs: described(final, inputs),
    outputs: described(final, outputs).map((port, index) => ({ ...port, path: at(paths, index) })),
    empty: emptyBranches(at(traced, 0).outputs),
    rowsStep: rowsStepOf(bound),
  }
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

/** Without inputs that nothing reads. */
function read(graph: Graph): Graph {
  const uses = countUses(graph)
  return { ...graph, inputs: graph.inputs.filter(({ value }) => uses.has(value)) }
}

function byData(state: Tree<HostTensor>, elsewhere: ReadonlyMap<string, Elsewhere>) {
  return new Map(
    leaves(state).flatMap(([path, { data }]) => {
      const place = elsewhere.get(path)
      return place === undefined ? [] : [[data, place] as const]
    }),
  )
}

function emptyBranches(tree: Tree<unknown>, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([name, node]) => {
    if (typeof node !== 'object' || node === null || 'shape' in node) return []
    const branch = node as Tree<unknown>
    const path = prefix + name
    return Object.keys(branch).length === 0 ? [path] : emptyBranches(branch, `${path}/`)
  })
}

function named(port: Port): Port {
  return { ...port, name: port.name.replace(/^(input|output)\//, '').replaceAll('/', '.') }
}

function described(graph: Graph, ports: readonly Port[]): ExportedPort[] {
  return ports.map(({ name, value, dims }) => {
    const { dtype, shape } = graph.values.get(value) ?? { dtype: 'float32', shape: [] }
    return { name, dtype, shape: dims ?? shape }
  })
}
