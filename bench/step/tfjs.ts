// A training step in plain TF.js on tfjs-node, as its users write one: layers are loops over steps, the gradient is that of
// tf.variableGrads, the optimizer tf.train.adam. Nothing here is seqlab's but the engine's way to load tfjs-node.
// usage: node --import tsx bench/step/tfjs.ts --threads 1
import { randomStream } from '../../src/core/random.js'
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../../src/core/tf.js'
import { createEngine } from '../../src/engine/index.js'
import type { Case } from './cases.js'
import { serve } from './serving.js'

type Cell = Exclude<Case['cell'], 'min-gru'>

/** The models of the table alone (bench/step/cases.ts, `models`). */
interface PlainCase extends Case {
  readonly cell: Cell
}

type State = readonly Tensor2D[]

interface CellWeights {
  readonly kernel: Tensor2D
  readonly recurrent: Tensor2D
  readonly bias: Tensor1D
  readonly recurrentBias: Tensor1D
}

interface Weights {
  readonly source: Tensor2D
  readonly target: Tensor2D
  readonly encoder: readonly CellWeights[]
  readonly bridge: Tensor2D | undefined
  readonly decoder: CellWeights
  readonly query: Tensor2D
  readonly keys: Tensor2D
  readonly v: Tensor2D
  readonly head: Tensor2D
  readonly headBias: Tensor1D
}

const gatesOf = { gru: 3, lstm: 4 } as const

function weightsOf({ cell, bidirectional, attention, size: { V, E, H } }: PlainCase): Weights {
  const draw = (...shape: number[]) => {
    const limit = (shape.at(-2) ?? 1) ** -0.5
    return tf.variable(tf.randomUniform(shape, -limit, limit)) as Tensor as Tensor2D
  }
  const width = gatesOf[cell] * H
  const recurrent = (input: number): CellWeights => ({
    kernel: draw(input, width),
    recurrent: draw(H, width),
    bias: draw(width) as Tensor as Tensor1D,
    recurrentBias: draw(width) as Tensor as Tensor1D,
  })
  const D = bidirectional ? 2 * H : H
  return {
    source: draw(V, E),
    target: draw(V, E),
    encoder: Array.from({ length: bidirectional ? 2 : 1 }, () => recurrent(E)),
    bridge: bidirectional ? draw(D, H) : undefined,
    decoder: recurrent(attention ? E + D : E),
    query: draw(H, H),
    keys: draw(D, H),
    v: draw(H, 1),
    head: draw(attention ? H + D : H, V),
    headBias: draw(V) as Tensor as Tensor1D,
  }
}

/** x [B,I] and the state [B,H] (and c) -> the state after. */
function step(cell: Cell, weights: CellWeights, x: Tensor2D, [h, c]: State): State {
  const ofX = tf.add(tf.matMul(x, weights.kernel), weights.bias)
  const ofH = tf.add(tf.matMul(h as Tensor2D, weights.recurrent), weights.recurrentBias)
  if (cell === 'lstm') {
    const [i, f, g, o] = tf.split(tf.add(ofX, ofH), 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D]
    const next = tf.add(tf.mul(tf.sigmoid(f), c as Tensor2D), tf.mul(tf.sigmoid(i), tf.tanh(g))) as Tensor2D
    return [tf.mul(tf.sigmoid(o), tf.tanh(next)) as Tensor2D, next]
  }
  const [xz, xr, xn] = tf.split(ofX, 3, 1) as [Tensor2D, Tensor2D, Tensor2D]
  const [hz, hr, hn] = tf.split(ofH, 3, 1) as [Tensor2D, Tensor2D, Tensor2D]
  const [z, r] = [tf.sigmoid(tf.add(xz, hz)), tf.sigmoid(tf.add(xr, hr))]
  const n = tf.tanh(tf.add(xn, tf.mul(r, hn)))
  return [tf.add(tf.mul(tf.sub(1, z), n), tf.mul(z, h as Tensor2D)) as Tensor2D]
}

/** Outputs of all steps, in the order of time, and the last state. */
function layer(cell: Cell, weights: CellWeights, xs: readonly Tensor2D[], start: State, backwards = false) {
  const outputs = new Array<Tensor2D>(xs.length)
  let state = start
  for (let k = 0; k < xs.length; k++) {
    const t = backwards ? xs.length - 1 - k : k
    state = step(cell, weights, xs[t] as Tensor2D, state)
    outputs[t] = state[0] as Tensor2D
  }
  return { outputs, state }
}

function logitsOf({ cell, attention, size: { B, H } }: PlainCase, weights: Weights, source: Tensor2D, given: Tensor2D) {
  const zeros = () => tf.zeros([B, H]) as Tensor2D
  const empty = (): State => (cell === 'lstm' ? [zeros(), zeros()] : [zeros()])
  const embed = (table: Tensor2D, ids: Tensor2D) =>
    tf.unstack(tf.gather(table, ids) as Tensor as Tensor3D, 1) as Tensor[] as Tensor2D[]
  const runs = weights.encoder.map((own, index) =>
    layer(cell, own, embed(weights.source, source), empty(), index === 1),
  )
  const memory = tf.concat(
    runs.map(({ outputs }) => tf.stack(outputs, 1) as Tensor3D),
    2,
  )
  const lasts = runs.map(({ state }) => state[0] as Tensor2D)
  const bridged = weights.bridge === undefined ? undefined : tf.tanh(tf.matMul(tf.concat(lasts, 1), weights.bridge))
  const last = runs[0]?.state ?? empty()
  let state: State = bridged === undefined ? last : [bridged as Tensor2D, ...last.slice(1).map(zeros)]
  const xs = embed(weights.target, given)
  if (!attention) {
    const { outputs } = layer(cell, weights.decoder, xs, state)
    return tf.add(tf.matMul(tf.concat(outputs, 0), weights.head), weights.headBias)
  }
  const [, S, D] = memory.shape
  const keys = tf.reshape(tf.matMul(tf.reshape(memory, [B * S, D]) as Tensor2D, weights.keys), [B, S, H])
  const joined = xs.map((x) => {
    const query = tf.expandDims(tf.matMul(state[0] as Tensor2D, weights.query), 1)
    const compared = tf.reshape(tf.tanh(tf.add(keys, query)), [B * S, H]) as Tensor2D
    const alignment = tf.softmax(tf.reshape(tf.matMul(compared, weights.v), [B, S]))
    const context = tf.squeeze(tf.matMul(tf.expandDims(alignment, 1) as Tensor3D, memory), [1]) as Tensor2D
    state = step(cell, weights.decoder, tf.concat([x, context], 1), state)
    return tf.concat([state[0] as Tensor2D, context], 1)
  })
  return tf.add(tf.matMul(tf.concat(joined, 0), weights.head), weights.headBias)
}

async function prepare(which: PlainCase, threads: number) {
  const engine = await createEngine('tfjs-node', { threads })
  tf.setBackend('tensorflow')
  const { V, B, S, T } = which.size
  const random = randomStream(1, 'test')
  const ids = (rows: number, columns: number) =>
    tf.tensor2d(
      Int32Array.from({ length: rows * columns }, () => 4 + random.below(V - 4)),
      [rows, columns],
      'int32',
    )
  const [source, given, expected] = [ids(B, S), ids(B, T), tf.reshape(ids(T, B), [T * B]) as Tensor1D]
  const weights = weightsOf(which)
  const adam = tf.train.adam(1e-3)
  const loss = () =>
    tf.losses.softmaxCrossEntropy(tf.oneHot(expected, V), logitsOf(which, weights, source, given)) as ReturnType<
      typeof tf.scalar
    >
  const once = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss)
      const norm = tf.sqrt(tf.addN(Object.values(grads).map((grad) => tf.sum(tf.square(grad)))))
      const scale = tf.minimum(1, tf.div(1, norm))
      adam.applyGradients(Object.fromEntries(Object.entries(grads).map(([name, grad]) => [name, tf.mul(grad, scale)])))
      return value.dataSync()[0] ?? Number.NaN
    })
  return {
    info: {},
    run: async (steps: number) => {
      let value = Number.NaN
      for (let done = 0; done < steps; done++) value = once()
      return value
    },
    dispose: () => engine.dispose(),
  }
}

await serve(prepare)
