import type { Graph, Node } from './onnx.js'
import { operatorOf } from './operators/index.js'
import { input, type StepReport } from './operators/operator.js'
import { countOf, type Value, zerosLike } from './tensor.js'

/** Values by name: no two of a graph and of the bodies of its recurrences have the same. */
type Values = Map<string, Value>

/** A graph that is ready to run: what depends on no input is computed. */
export interface Interpreter {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** All outputs, by name. Throws RangeError where an input is missing. */
  run(inputs: ReadonlyMap<string, Value>, look?: Look): ReadonlyMap<string, Value>
}

/** Sees what a cell has computed, [B,H], by its place in the model: `decoder/stack/layer1/z`; `step`: of a recurrence. */
export type Look = (name: string, value: Value, step?: number) => void

export function interpreter(graph: Graph): Interpreter {
  const known: Values = new Map()
  const nodes = rest(graph, known)
  const { inputs, outputs } = graph
  return {
    inputs,
    outputs,
    run: (given, look) => {
      const values: Values = new Map(known)
      for (const name of inputs) values.set(name, valueNamed(given, name))
      take(nodes, values, look)
      return new Map(outputs.map((name) => [name, valueNamed(values, name)]))
    },
  }
}

/** The nodes that depend on inputs; what the others give is put into `known`. */
function rest({ constants, nodes }: Graph, known: Values): Node[] {
  for (const [name, value] of constants) known.set(name, value)
  return nodes.flatMap((node) => {
    if (node.body !== undefined) return [{ ...node, body: { ...node.body, nodes: rest(node.body, known) } }]
    if (!node.inputs.every((name) => known.has(name))) return [node]
    take([node], known)
    return []
  })
}

function take(nodes: readonly Node[], values: Values, look?: Look, step?: number): void {
  for (const { op, inputs, outputs, attributes, body } of nodes) {
    const given = inputs.map((name) => valueNamed(values, name))
    const results =
      body === undefined
        ? operatorOf(op)(given, attributes, reportOf(outputs, look))
        : recur(body, given, reversed(attributes), values, look)
    outputs.forEach((name, index) => {
      const value = input(results, index)
      values.set(name, value)
      if (look !== undefined && value.shape.length === 2 && name.includes('/')) look(name, value, step)
    })
  }
}

/** A layer's output is named after all that a step computes: `encoder/layer1/forward/h,z,r,n`. */
function reportOf([output = '']: readonly string[], look: Look | undefined): StepReport | undefined {
  const [place, names] = output.split(/\/(?=[^/]*$)/)
  if (look === undefined || names === undefined) return undefined
  return (vectors, step) => {
    names.split(',').forEach((name, index) => {
      const value = vectors[index]
      if (value !== undefined) look(`${place}/${name}`, value, step)
    })
  }
}

function valueNamed(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name)
  if (value === undefined) throw new RangeError(`The graph needs ${name}`)
  return value
}

interface Course {
  readonly series: number
  readonly backwards: boolean
}

/** All series of a recurrence are read in one direction. */
function reversed({ num_scan_inputs, scan_input_directions }: Node['attributes']): Course {
  const [direction] = typeof scan_input_directions === 'object' ? scan_input_directions : []
  return { series: Number(num_scan_inputs), backwards: direction === 1 }
}

/** ONNX's Scan: the last states, then a series of each output of a step, in the order of the series that are read. */
function recur(
  body: Graph,
  given: readonly Value[],
  { series, backwards }: Course,
  values: Values,
  look: Look | undefined,
): Value[] {
  const count = given.length - series
  const read = given.slice(count)
  const steps = read[0]?.shape[0] ?? 0
  let states = given.slice(0, count)
  const taken: Value[][] = []
  for (let step = 0; step < steps; step++) {
    const at = backwards ? steps - 1 - step : step
    const entered = [...states, ...read.map((each) => sliceAt(each, at))]
    body.inputs.forEach((name, index) => {
      values.set(name, input(entered, index))
    })
    take(body.nodes, values, look, at)
    const results = body.outputs.map((name) => valueNamed(values, name))
    states = results.slice(0, count)
    taken[at] = results.slice(count)
  }
  const outputs = body.outputs.slice(count).map((_, index) => stacked(taken.map((each) => input(each, index))))
  return [...states, ...outputs]
}

function sliceAt({ shape, data }: Value, at: number): Value {
  const own = shape.slice(1)
  const length = countOf(own)
  return { shape: own, data: data.subarray(at * length, (at + 1) * length) }
}

function stacked(values: readonly Value[]): Value {
  const [first] = values
  if (first === undefined) return { shape: [0], data: new Float32Array(0) }
  const data = zerosLike(first.data, values.length * first.data.length)
  values.forEach((each, at) => {
    data.set(each.data, at * first.data.length)
  })
  return { shape: [values.length, ...first.shape], data }
}
