import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { sizeOf } from '../../src/core/tensors.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../src/core/tf.js'
import { elements, GraphBuilder } from '../../src/engine/compiled/builder.js'
import {
  type Graph,
  type Node,
  type Port,
  printGraph,
  sameType,
  typeOf,
  type ValueId,
} from '../../src/engine/compiled/ir.js'
import { lower, separateOutputs } from '../../src/engine/compiled/lower.js'
import { encodeModel } from '../../src/engine/compiled/onnx.js'
import { dropDeadCode } from '../../src/engine/compiled/passes/dead-code.js'
import { plainLookups, transposedUnits } from '../../src/engine/compiled/passes/flexible.js'
import { passesFor } from '../../src/engine/compiled/passes/index.js'
import { trace } from '../../src/engine/compiled/trace.js'
import { verify } from '../../src/engine/compiled/verify.js'

type Inputs = Readonly<Record<'x' | 'y' | 'w', Tensor2D>> & { readonly ids: Tensor1D; readonly flat: Tensor1D }

const allPasses = [...passesFor(1), transposedUnits, plainLookups]

/** Pieces of `flat`, a vector of the state: small neighbours on both sides of one that is worth a port of its own. */
const pieces = [24, 36, 8192, 24]
const flatSize = pieces.reduce((sum, size) => sum + size, 0)

/** As many ids as make up for products with all four rows. */
const twice = (ids: Tensor1D) => tf.concat([ids, tf.reverse(ids)]) as Tensor1D

/** What each pass finds something to do in: x, y [4,6], w [6,6] float32, ids [4] int32 below 4, flat [N]. */
const examples: Record<string, (given: Inputs) => Tensor | Tensor[]> = {
  'dead-code': ({ x, y }) => {
    tf.exp(y)
    return tf.tanh(x)
  },
  'no-ops': ({ x, y }) => tf.add(tf.reshape(x, [4, 6]), tf.transpose(tf.cast(y, 'float32'), [0, 1])),
  'common-subexpressions': ({ x, y }) => [tf.mul(tf.sub(x, y), 2), tf.mul(tf.sub(x, y), 3), tf.sub(y, x)],
  'joined-splits': ({ x, y }) => {
    const [a, b] = tf.split(x, 2, 1) as [Tensor2D, Tensor2D]
    const [c, d] = tf.split(tf.concat([a, y], 1), [3, 6], 1) as [Tensor2D, Tensor2D]
    return [tf.concat([a, b], 1), tf.concat([b, a], 1), c, d]
  },
  algebra: ({ x, y, w }) => [
    tf.add(tf.mul(x, 1), tf.zerosLike(y)),
    tf.sub(tf.matMul(tf.zerosLike(x), w), y),
    tf.div(y, 1),
    tf.mul(x, tf.zerosLike(x)),
  ],
  'constant-folding': ({ x, y }) => {
    const [ones] = tf.split(tf.concat([tf.ones([4, 6]), tf.ones([2, 6])], 0), [5, 1], 0) as [Tensor2D, Tensor2D]
    const three = tf.sqrt(tf.mul(tf.scalar(4.5), tf.sub(tf.scalar(3), tf.scalar(1))))
    return [
      tf.mul(x, three),
      tf.add(y, tf.reshape(tf.div(tf.range(0, 24), 7), [4, 6])),
      tf.concat([x, tf.neg(ones)], 0),
    ]
  },
  'reshape-chains': ({ x, y }) => [
    tf.reshape(tf.reshape(x, [24]), [2, 12]),
    tf.transpose(tf.transpose(tf.reshape(y, [2, 3, 4]), [1, 2, 0]), [1, 2, 0]),
    tf.transpose(tf.transpose(x)),
  ],
  'transpose-after-sum': ({ x, y }) => {
    const turned = (matrix: Tensor2D, perm: number[]) => tf.transpose(tf.reshape(matrix, [2, 3, 4]), perm)
    return [tf.add(turned(x, [1, 0, 2]), turned(y, [1, 0, 2])), tf.add(turned(x, [1, 2, 0]), turned(y, [1, 2, 0]))]
  },
  'transposed-units': ({ x, y }) => [
    tf.transpose(tf.reshape(x, [4, 1, 6]), [1, 0, 2]),
    tf.transpose(tf.reshape(y, [2, 1, 12]), [2, 1, 0]),
  ],
  'plain-lookups': ({ x, ids }) => [
    tf.reshape(tf.gather(x, tf.reshape(ids, [2, 2])), [4, 6]),
    tf.reshape(tf.gather(x, tf.reshape(ids, [2, 2])), [2, 12]),
  ],
  'lookup-of-products': ({ x, y, w, ids }) => {
    const gates = tf.add(tf.matMul(tf.gather(x, twice(ids)) as Tensor2D, w), tf.sum(y, 0))
    const [left, right] = tf.split(gates, [2, 4], 1) as [Tensor2D, Tensor2D]
    return [...tf.split(left, 2, 0), tf.tanh(right)]
  },
  'gradients-by-symbol': ({ x, y, w, ids }) => {
    const looked = tf.gather(x, twice(ids)) as Tensor2D
    const [dz, other] = [tf.sin(tf.concat([y, x], 0)) as Tensor2D, tf.cos(tf.concat([x, y], 0)) as Tensor2D]
    const through = tf.add(tf.matMul(dz, w, false, true), tf.matMul(other, w, false, true))
    return [
      tf.matMul(tf.concat([looked, other], 1) as Tensor2D, dz, true, false),
      tf.matMul(looked, other, true, false),
      tf.unsortedSegmentSum(through, twice(ids), 4),
      tf.sum(dz, 0),
    ]
  },
  'sum-of-squares': ({ x, y, flat }) => [
    tf.sum(tf.square(x)),
    tf.sum(tf.square(tf.concat([tf.mul(flat, 0.1), tf.reshape(x, [24]), tf.reshape(y, [24])]))),
    tf.sum(tf.square(x), 1),
    tf.sum(tf.mul(x, y)),
  ],
  'view-inputs': ({ x, y, flat }) => {
    const [a, b, c, d] = tf.split(flat, pieces) as [Tensor1D, Tensor1D, Tensor1D, Tensor1D]
    const square = tf.matMul(x, tf.reshape(b, [6, 6]) as Tensor2D)
    return [tf.add(square, tf.reshape(a, [4, 6])), tf.sin(tf.reshape(c, [64, 128])), tf.mul(y, tf.reshape(d, [4, 6]))]
  },
  'view-outputs': ({ x, y, flat }) =>
    tf.concat([
      tf.reshape(tf.mul(x, 2), [24]),
      tf.reshape(tf.add(tf.sum(y), tf.zeros([6, 6])), [36]),
      tf.reshape(tf.sin(tf.reshape(tf.slice(flat, [60], [8192]), [64, 128])), [8192]),
      tf.reshape(tf.exp(y), [24]),
    ]),
  'log-softmax': ({ x }) => tf.logSoftmax(x),
  'scatter-into-sum': ({ x, y, ids }) =>
    tf.add(y, tf.reshape(tf.scatterND(tf.expandDims(ids, 1), tf.sum(x, 1), [24]), [4, 6])),
  'rows-at-once': ({ x, ids }) => tf.unsortedSegmentSum(x, ids, 200),
  'gemm-with-c': ({ x, y, w }) => [tf.add(tf.matMul(x, w), y), tf.add(tf.sum(y, 0), tf.matMul(y, w, false, true))],
  'split-columns-first': ({ x, w }) =>
    tf.split(tf.matMul(x, w), 2, 0).flatMap((step) => tf.split(step as Tensor2D, [2, 4], 1)),
  'transpose-first': ({ x, y }) => {
    const large = tf.concat(
      Array.from({ length: 128 }, () => tf.concat([x, y], 0)),
      1,
    )
    const deep = tf.concat(
      Array.from({ length: 64 }, () => large),
      0,
    ) as Tensor2D
    return tf.slice(tf.matMul(deep, tf.sin(deep) as Tensor2D, true, false), [0, 0], [768, 6])
  },
}

const shapes = { x: [4, 6], y: [4, 6], w: [6, 6] }

/** Random numbers for the input ports of a graph; those that are views of `flat` share its memory. */
function numbers(graph: Graph): Record<string, OrtTensor> {
  const random = randomStream(7, 'test')
  const draw = (size: number) => Float32Array.from({ length: size }, random.normal)
  const memory: Record<string, Float32Array> = { 'state/flat': draw(flatSize) }
  for (const [name, shape] of Object.entries(shapes)) memory[`input/${name}`] = draw(sizeOf(shape))
  const tensors = graph.inputs.map(({ name, value, stretch }) => {
    const { shape } = typeOf(graph, value)
    if (name === 'input/ids') return [name, new OrtTensor('int32', Int32Array.from([3, 0, 3, 1]), [4])]
    const { of, offset } = stretch ?? { of: name, offset: 0 }
    return [name, new OrtTensor('float32', memory[of]?.subarray(offset, offset + sizeOf(shape)) ?? draw(0), shape)]
  })
  return Object.fromEntries(tensors)
}

/** The graph of an example as the pass meets it. */
function lowered(name: string): Graph {
  const specs = Object.fromEntries(
    Object.entries(shapes).map(([input, shape]) => [input, { dtype: 'float32', shape } as const]),
  )
  const state = /^(view|sum)/.test(name) ? { flat: { dtype: 'float32', shape: [flatSize] } as const } : {}
  const signature = { state, inputs: { ...specs, ids: { dtype: 'int32', shape: [4] } as const } }
  const pure = (held: object, inputs: object) => {
    const result = examples[name]?.({ ...held, ...inputs } as Inputs) ?? []
    if (name === 'view-outputs') return { state: { flat: result as Tensor }, outputs: {} }
    const list = Array.isArray(result) ? result : [result]
    return { outputs: Object.fromEntries(list.map((tensor, index) => [`${index}`, tensor])) }
  }
  const { graph } = trace(pure, signature)
  const earlier = allPasses.slice(
    0,
    allPasses.findIndex((pass) => pass.name === name),
  )
  return earlier.reduce((before, pass) => pass.run(before), lower(graph))
}

/** The outputs by name; those that are views of one memory put together. */
async function run(graph: Graph): Promise<number[][]> {
  verify(graph, 'the test')
  const separate = separateOutputs(graph)
  const options = { graphOptimizationLevel: 'disabled', logSeverityLevel: 4 } as const
  const session = await InferenceSession.create(encodeModel(separate, 'test'), options)
  const given = Object.entries(numbers(graph)).filter(([name]) => session.inputNames.includes(name))
  const results = await session.run(Object.fromEntries(given))
  await session.release()
  const memory = new Map<string, number[]>()
  for (const { name, stretch } of separate.outputs) {
    const { of, offset } = stretch ?? { of: name, offset: 0 }
    const whole = memory.get(of) ?? []
    memory.set(of, whole)
    for (const [index, value] of (results[name] as OrtTensor).data.entries()) whole[offset + index] = Number(value)
  }
  return [...memory.values()].map((values) => Array.from(values, (value) => value ?? Number.NaN))
}

function difference(a: readonly number[][], b: readonly number[][]): number {
  const gaps = a.flatMap((values, index) => values.map((value, i) => Math.abs(value - (b[index]?.[i] ?? Number.NaN))))
  return gaps.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...gaps)
}

const passes = new Map(allPasses.map((pass) => [pass.name, pass]))

describe.each([...passes.values()])('the pass $name', ({ name, run: pass }) => {
  it('turns this graph into that one', () => {
    const before = lowered(name)
    const after = dropDeadCode(pass(before))
    expect(printGraph(after)).not.toBe(printGraph(before))
    // The large example is too long to read.
    if (name !== 'transpose-first')
      expect(`${printGraph(before)}\n-- ${name} -->\n\n${printGraph(after)}`).toMatchSnapshot()
  })

  it('changes nothing of what is computed, within 1e-4', async () => {
    const before = lowered(name)
    expect(difference(await run(before), await run(pass(before)))).toBeLessThan(1e-4)
  })

  it('would be caught if it were broken', async () => {
    const before = lowered(name)
    const expected = await run(before)
    const broken = damaged(before, pass(before))
    expect(broken.length).toBeGreaterThan(0)
    const harmless: string[] = []
    for (const graph of broken) {
      const caught = await run(graph).then(
        (results) => difference(expected, results) > 1e-4,
        () => true,
      )
      if (!caught) harmless.push(printGraph(graph))
    }
    expect(harmless).toEqual([])
  })
})

/** Mistakes that a pass might make: what it put in place of something else is another value of the same type. */
function damaged(before: Graph, after: Graph): Graph[] {
  const alive = dropDeadCode(after)
  const old = new Map(before.nodes.map((node) => [node.outputs[0], node]))
  const changed = alive.nodes.flatMap((node) =>
    changedInputs(node, old.get(node.outputs[0] ?? -1)).map((at) => ({ node, at })),
  )
  const nodes = changed.map(({ node, at }) => withWrongInput(alive, node, at))
  const outputs = alive.outputs.flatMap((port, index) =>
    before.outputs[index]?.value === port.value ? [] : [withWrongOutput(alive, index)],
  )
  const misplaced = [...alive.inputs, ...alive.outputs].flatMap((port) =>
    port.stretch === undefined ? [] : [withWrongPlace(alive, port)],
  )
  const dropped = alive.nodes.length < before.nodes.length ? [withoutLastNode(alive)] : []
  return [...nodes, ...outputs, ...misplaced, ...dropped]
}

/** Float inputs of a node that the pass made or redirected. */
function changedInputs(node: Node, before: Node | undefined): number[] {
  return node.inputs.flatMap((value, at) => (before?.inputs[at] === value ? [] : [at]))
}

function withWrongInput(graph: Graph, damaged: Node, at: number): Graph {
  const builder = new GraphBuilder<string>(graph)
  for (const node of graph.nodes) {
    if (node !== damaged) builder.keep(node)
    else
      builder.keep({
        ...node,
        inputs: node.inputs.map((value, index) => (index === at ? wrong(builder, value) : value)),
      })
  }
  return builder.graph(graph.inputs, graph.outputs)
}

function withWrongOutput(graph: Graph, index: number): Graph {
  const builder = new GraphBuilder<string>(graph)
  for (const node of graph.nodes) builder.keep(node)
  const outputs = graph.outputs.map((port, at) =>
    at === index ? { ...port, value: wrong(builder, port.value) } : port,
  )
  return builder.graph(graph.inputs, outputs)
}

/** A view that starts one number too late. */
function withWrongPlace(graph: Graph, damaged: Port): Graph {
  const move = (port: Port): Port =>
    port !== damaged || port.stretch === undefined
      ? port
      : { ...port, stretch: { ...port.stretch, offset: port.stretch.offset + 1 } }
  return { ...graph, inputs: graph.inputs.map(move), outputs: graph.outputs.map(move) }
}

function withoutLastNode(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.slice(0, -1) }
}

/** A constant of the same type with other numbers. */
function wrong(builder: GraphBuilder<string>, value: ValueId): ValueId {
  const type = builder.type(value)
  const count = sizeOf(type.shape)
  const shifted = builder.data(value)
  const numbers = Array.from({ length: count }, (_, index) =>
    shifted === undefined ? 0.3 + index : Number(shifted[index]) + 1,
  )
  return builder.constant(type, elements(type.dtype, type.dtype === 'float32' ? numbers : numbers.map(Math.floor)))
}

it('verifies: values defined twice, used before, of a wrong size, or nowhere', () => {
  const graph = lowered('gemm-with-c')
  const [first, ...others] = graph.nodes
  if (first === undefined) throw new Error('the example has nodes')
  const broken: Graph[] = [
    { ...graph, nodes: [...others, first] },
    { ...graph, nodes: [first, ...graph.nodes] },
    { ...graph, constants: new Map([...graph.constants, [first.outputs[0] as ValueId, new Float32Array(1)]]) },
    { ...graph, outputs: [...graph.outputs, { name: 'more', value: 10_000 }] },
    { ...graph, outputs: [...graph.outputs, ...graph.outputs] },
  ]
  for (const one of broken) expect(() => verify(one, 'a test')).toThrow('invalid after a test')
  expect(() => verify(graph, 'a test')).not.toThrow()
  expect(sameType(typeOf(graph, first.inputs[0] as ValueId), { dtype: 'float32', shape: [4, 6] })).toBe(true)
})
