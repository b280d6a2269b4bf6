import { type Tensor, tf } from '../../core/tf.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { PureFunction, Signature } from '../types.js'
import { backendName, type TraceBackend, traceBackend } from './backend.js'
import { GraphBuilder } from './builder.js'
import type { Graph, Node, Port, ValueId } from './ir.js'
import type { TracedKernel, TracedOp } from './kernels.js'

/** What tracing a function gives: its graph, and which of the signature's leaves it changes. */
export interface Trace {
  /** Inputs are named `state/<path>` and `input/<path>`, outputs `next/<path>` (state that changes) and `output/<path>`. */
  readonly graph: Graph<TracedKernel>
  readonly outputs: Tree<{ readonly shape: readonly number[] }>
}

/** The same with recurrences, which are nodes with a body. */
export type LoopedTrace = Omit<Trace, 'graph'> & { readonly graph: Graph<TracedOp> }

/**
 * Runs `pure` once with symbolic tensors and records what it does; TF.js's own registry of gradients gives the backward
 * pass. The global backend is switched for the call and restored, and every tensor made meanwhile is disposed of.
 * Throws TraceError.
 */
export function trace(pure: PureFunction, signature: Signature): Trace {
  const { graph, outputs } = recorded(pure, signature, false)
  return { graph: { ...graph, nodes: graph.nodes.filter(isKernel) }, outputs }
}

/** The same; recurrences are kept as such, so that the graph does not depend on the number of their steps. */
export function traceLoops(pure: PureFunction, signature: Signature): LoopedTrace {
  return recorded(pure, signature, true)
}

/** Without loops, every node is one. */
function isKernel(node: Node<TracedOp>): node is Node<TracedKernel> {
  return node.op !== 'Scan' && node.op !== 'Layer'
}

function recorded(pure: PureFunction, signature: Signature, loops: boolean): LoopedTrace {
  const backend = traceBackend()
  const previous = tf.getBackend() || 'cpu'
  const builder = new GraphBuilder<TracedOp>()
  backend.record(builder, loops)
  void tf.setBackend(backendName)
  tf.engine().startScope('trace')
  try {
    return record(pure, signature, backend, builder)
  } finally {
    tf.engine().endScope()
    void tf.setBackend(previous)
    backend.record(undefined)
  }
}

function record(
  pure: PureFunction,
  signature: Signature,
  backend: TraceBackend,
  builder: GraphBuilder<TracedOp>,
): LoopedTrace {
  const inputs: Port[] = []
  const symbolic = (prefix: string, specs: Signature['inputs']): Tree<Tensor> =>
    mapTree(specs, (spec, path) => {
      const value = builder.value(spec)
      inputs.push({ name: `${prefix}/${path}`, value })
      if (prefix === 'state') backend.paths.set(value, path)
      return tf.engine().makeTensorFromTensorInfo(backend.tensorInfo(value), backend)
    })
  const result = pure(symbolic('state', signature.state), symbolic('input', signature.inputs))
  const idOf = (tensor: Tensor): ValueId => backend.idOf(tensor)
  const unchanged = new Map(inputs.map(({ name, value }) => [name.replace('state/', 'next/'), value]))
  const outputs = [...ports('next', result.state ?? {}, idOf), ...ports('output', result.outputs, idOf)].filter(
    ({ name, value }) => unchanged.get(name) !== value,
  )
  checkState(signature, result.state ?? {})
  // What the function kept (tf.keep) outlives the scope.
  for (const [, tensor] of [...leaves(result.state ?? {}), ...leaves(result.outputs)]) tensor.dispose()
  return { graph: builder.graph(inputs, outputs), outputs: mapTree(result.outputs, ({ shape }) => ({ shape })) }
}

function ports(prefix: string, tree: Tree<Tensor>, idOf: (tensor: Tensor) => ValueId): Port[] {
  return leaves(tree).map(([path, leaf]) => ({ name: `${prefix}/${path}`, value: idOf(leaf) }))
}

/** A new state must have leaves of the old one, of the same shapes and types. */
function checkState(signature: Signature, state: Tree<Tensor>): void {
  const specs = new Map(leaves(signature.state))
  for (const [path, { shape, dtype }] of leaves(state)) {
    const spec = specs.get(path)
    const expected = spec === undefined ? 'no such leaf' : `${spec.dtype} [${spec.shape.join(', ')}]`
    const received = `${dtype} [${shape.join(', ')}]`
    if (expected !== received) {
      throw new RangeError(`The function returned state "${path}" as ${received}; its signature has ${expected}`)
    }
  }
}
