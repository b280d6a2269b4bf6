import { at } from '../../core/lists.js'
import type { LoopingBackend, Named, Recurrence } from '../../core/loop.js'
import type { Tensor } from '../../core/tf.js'
import type { GraphBuilder } from './builder.js'
import type { Graph, Port, ValueId, ValueType } from './ir.js'
import type { TracedOp } from './kernels.js'
import { dropDeadCode } from './passes/dead-code.js'

/** What records operations: the trace backend. */
export interface Recorder {
  graph(): GraphBuilder<TracedOp>
  /** Paths of the values that are parameters. */
  readonly paths: ReadonlyMap<ValueId, string>
  idOf(tensor: Tensor): ValueId
  tensor(value: ValueId): Tensor
  /** Records into another graph what `make` does. */
  within<T>(inner: GraphBuilder<TracedOp>, make: () => T): T
}

/**
 * Records a recurrence as one node, whose body is what a step computes: inputs are the states before the first step, the
 * series, and the values around it that the body uses; outputs the last states, then a series [S,...] of each output.
 */
export function recordLoop(
  backend: Recorder,
  { start, series, reverse, step }: Recurrence,
): ReturnType<LoopingBackend['loop']> {
  const outer = backend.graph()
  const inner = outer.nested()
  const tensor = (value: ValueId): Tensor => backend.tensor(value)
  const states = entered(start, (each) => outer.type(backend.idOf(each)))
  const slices = entered(series, (each) => sliceOf(outer.type(backend.idOf(each))))
  const taken = { states: Object.values(start), slices: Object.values(series) }
  const inputs = [...taken.states, ...taken.slices].map((each) => backend.idOf(each))
  const names: string[] = []
  const graph = backend.within(inner, () => {
    const ports: Port[] = []
    const enter = (kind: string, types: Readonly<Record<string, ValueType>>): Named =>
      mapped(types, (type, name) => {
        const value = inner.value(type)
        ports.push({ name: `${kind}/${name}`, value })
        return tensor(value)
      })
    const [state, slice] = [enter('state', states), enter('slice', slices)]
    const { outputs, state: next } = step(slice, state)
    names.push(...Object.keys(outputs))
    const leave = (kind: string, of: Named): Port[] =>
      Object.entries(of).map(([name, each]) => ({ name: `${kind}/${name}`, value: backend.idOf(each) }))
    return closed(inner, outer, ports, [
      ...leave('next', inOrder(next, Object.keys(start))),
      ...leave('output', outputs),
    ])
  })
  const steps = outer.type(at(inputs, taken.states.length)).shape[0] ?? 0
  const types = graph.body.outputs.map(({ value }, index): ValueType => {
    const { dtype, shape } = inner.type(value)
    return { dtype, shape: index < taken.states.length ? shape : [steps, ...shape] }
  })
  const results = types.map((type) => outer.value(type))
  const attrs = { states: taken.states.length, series: taken.slices.length, reverse }
  outer.keep({ op: 'Scan', inputs: [...inputs, ...graph.captured], attrs, outputs: results, body: graph.body })
  const from = (first: number, all: readonly string[]): Named =>
    Object.fromEntries(all.map((name, index) => [name, tensor(at(results, first + index))]))
  return { outputs: from(taken.states.length, names), state: from(0, Object.keys(start)) }
}

/** The body as a graph of its own: values of the graph around it are inputs, after the others. */
function closed(
  inner: GraphBuilder<TracedOp>,
  outer: GraphBuilder<TracedOp>,
  inputs: readonly Port[],
  outputs: readonly Port[],
): { readonly body: Graph<TracedOp>; readonly captured: readonly ValueId[] } {
  const whole = inner.graph(inputs, outputs)
  const around = outer.graph([], [])
  const own = new Set([...inputs.map(({ value }) => value), ...whole.nodes.flatMap((node) => node.outputs)])
  const used = [...whole.nodes.flatMap((node) => node.inputs), ...outputs.map(({ value }) => value)]
  const captured = [...new Set(used)].filter((value) => !own.has(value) && around.values.has(value))
  const ports = captured.map((value): Port => ({ name: `around/${value}`, value }))
  const constants = new Map([...whole.constants].filter(([value]) => !around.values.has(value)))
  return { body: dropDeadCode({ ...whole, inputs: [...inputs, ...ports], constants }), captured }
}

function entered(of: Named, type: (each: Tensor) => ValueType): Record<string, ValueType> {
  return mapped(of, type)
}

function sliceOf({ dtype, shape }: ValueType): ValueType {
  return { dtype, shape: shape.slice(1) }
}

function inOrder(of: Named, names: readonly string[]): Named {
  return Object.fromEntries(
    names.map((name) => {
      const tensor = of[name]
      if (tensor === undefined) throw new RangeError(`A step gives no state "${name}"`)
      return [name, tensor]
    }),
  )
}

function mapped<A, B>(of: Readonly<Record<string, A>>, change: (each: A, name: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(of).map(([name, each]) => [name, change(each, name)]))
}
