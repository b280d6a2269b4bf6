import Type from 'typebox'
import {
  add,
  cast,
  equal,
  exp,
  expandDims,
  gather,
  lookUp,
  matMul,
  mul,
  neg,
  range,
  reshape,
  splitSizes,
  squeeze,
  sub,
  sumAll,
  transpose,
  zeros,
} from '../../core/ops.js'
import { sizeSchema } from '../../core/part.js'
import type { Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import { type Axis, joined, renamed } from '../axes.js'
import { dense, denseParameters } from '../maps/dense.js'
import { paddingBias } from '../masks.js'
import { products, type Work } from '../outline.js'
import type { ParameterTree, Params } from '../parameters.js'
import { denseSteps } from '../scorers/shared.js'
import { featuresOf, logEmissions } from './emissions.js'
import { logMarginal, logSumExp, reached } from './forward-algorithm.js'
import { logMoves, type Moves, movesByDistance, movesByFit } from './monotonic-moves.js'
import { buildOutputLayer, logitsOf, type OutputLayer, type OutputLayerBuild } from './output-layer.js'
import {
  defineHead,
  type HeadLabels,
  type HeadRows,
  type HeadSeries,
  type HeadSettings,
  type HeadSource,
  type HeadStep,
  head,
  type Losses,
} from './types.js'

const options = Type.Object({
  order: Type.Union([Type.Literal(1), Type.Literal(0)], {
    default: 1,
    description:
      'Whether a move depends on where the alignment is: 1, it moves ahead by up to `window` source steps; 0, it moves to any later source step, by how well that fits.',
  }),
  window: Type.Optional(
    sizeSchema(
      'With order 1, how many source steps an alignment moves ahead at most, at each target step. Default: 4.',
    ),
  ),
})

const usualWindow = 4

/** What is remembered of a source: what masks its padding [B,S], what moves and features need of its steps. */
type Source = { readonly padding: Tensor2D; readonly moves: Tensor3D; readonly joint: Tensor3D }

/**
 * After some outputs: ln p(a_t | y_<t) of the last of them, and for ln p(y_t | a_t), which waits for y_t, the target's part of
 * the features [B,K] and what the scores are scaled by, ln Σ e^score [B,S].
 */
type State = { readonly predicted: Tensor2D; readonly projected: Tensor2D; readonly scale: Tensor2D }

export const hardMonotonicAttention = defineHead({
  name: 'hard-monotonic-attention',
  summary: 'Each symbol is written at one source step, never before the last one; summed over all such alignments.',
  equations: [
    'p(y) = Σ_a Π_t p(a_t | a_t−1) p(y_t | a_t), a_0 the first source step',
    'p(a_t = s | a_t−1 = r) = softmax_s(x · (h_s W_a)) over s ≥ r   (order: 0)',
    'p(a_t = r + j | a_t−1 = r) = softmax_j([x; h_r W_a] W_j + b_j), j = 0 … window   (order: 1)',
    'p(y_t = v | a_t = s) = softmax_v(tanh([x; h_s] W_f + b_f) W + b)',
    'α_t(s) = p(y_t | a_t = s) Σ_{r ≤ s} p(a_t = s | a_t−1 = r) α_t−1(r)',
    'L = −ln Σ_s α_T(s)',
  ],
  symbols: {
    x: ['R'],
    h_s: ['D'],
    h_r: ['D'],
    W_a: ['D', 'R'],
    W_j: ['R+R', 'J'],
    b_j: ['J'],
    W_f: ['R+D', 'K'],
    b_f: ['K'],
    W: ['K', 'V'],
    b: ['V'],
  },
  source: {
    paper: 'Wu & Cotterell 2019, Exact Hard Monotonic Attention for Character-Level Transduction',
    equation: 'its 0th-order and 1st-order models',
    url: 'https://arxiv.org/abs/1905.06319',
  },
  options,
  smooths: false,
  aligns: true,
  refuse: ({ order, window }, { decoder, alignment, source }) => {
    if (!decoder) {
      return 'hard monotonic attention aligns a source with what is written step by step; these labels are not'
    }
    if (alignment) {
      return 'hard monotonic attention reads the source through an alignment of its own, so a context from attention would be a second one: use a fixed context (last-state, transform, all-states)'
    }
    if (!source) return 'hard monotonic attention moves along the steps of a source, and this source is one step'
    if (order === 1 || window === undefined) return undefined
    return 'window limits the moves of order 1, and with order 0 the alignment moves to any later source step'
  },
  build: ({ order, window = usualWindow }, { input, outputs, symbols, tied }) => {
    if (outputs === undefined) throw new RangeError('Hard monotonic attention needs what an encoder gives')
    const [R, D] = [renamed(input, 'R'), renamed(outputs, 'D')]
    // Features for a tied layer are as wide as the embedding, which is as wide as x.
    const K = renamed(tied ? input : joined(R, D), 'K')
    const moves = order === 0 ? movesByFit(R, D) : movesByDistance(window, R, D)
    const own = { moves: moves.parameters, joint: denseParameters(joined(R, D), K) }
    const layer = buildOutputLayer(K, symbols, tied)
    const work = workOf(own.moves, symbols, { R, D, K }, order)
    return head({ parameters: { ...own, ...layer.parameters }, work, ...over(moves, R.size, layer) })
  },
})

type Own = {
  readonly moves: Params
  readonly joint: { readonly kernel: Tensor2D; readonly bias: Tensor1D }
  readonly bias: Tensor1D
}

/** What the head does over its output layer, own or tied, and its moves. `width`: R. */
function over(moves: Moves, width: number, { layerOf }: OutputLayerBuild) {
  /** W_f, cut into the target's part and the source's. */
  const kernelsOf = ({ joint: { kernel } }: Own) => splitSizes(kernel, [width, kernel.shape[0] - width], 0)
  /** x [N,R] -> [N,K]. */
  const project = (params: Own, x: Tensor2D) => dense({ kernel: kernelsOf(params)[0], bias: params.joint.bias }, x)
  const movesOf = (params: Own, { readout, memory: { moves: prepared, padding } }: HeadRows<Source>, steps: number) =>
    logMoves(moves, params.moves, readout, { prepared, padding }, steps)
  return {
    remember: (params: Own, { outputs, mask }: HeadSource): Source => ({
      padding: paddingBias(mask),
      moves: moves.prepare(params.moves, outputs),
      joint: denseSteps(outputs, kernelsOf(params)[1]),
    }),
    start: (params: Own, { padding }: Source, batch: number): State => ({
      predicted: atFirst(batch, padding.shape[1]),
      projected: zeros([batch, params.joint.bias.shape[0]]),
      scale: zeros([batch, padding.shape[1]]),
    }),
    loss: (params: Own, series: HeadSeries<Source>, { ids, weights }: HeadLabels, settings: HeadSettings): Losses => {
      const { batch, steps, memory, readout } = series
      const { kernel, bias, transposed } = layerOf(params, series)
      const parts = { target: project(params, readout), source: memory.joint, kernel, bias }
      const given = mul(logEmissions(parts, ids, steps, transposed), expandDims(weights, 1))
      const chain = { moves: movesOf(params, series, steps), given }
      const losses = neg(logMarginal(atFirst(batch, memory.joint.shape[1]), chain, steps))
      const total = sumAll(losses)
      const both = { objective: total, crossEntropy: total }
      return settings.perExample === true ? { ...both, perExample: losses } : both
    },
    step: (params: Own, rows: HeadRows<Source>, state: State, previous: Tensor1D): HeadStep<State> => {
      const layer = layerOf(params, rows)
      const { joint } = rows.memory
      const [batch, count, features] = joint.shape
      const scored = scoresOf(layer, featuresOf(state.projected, joint), previous)
      const before = normalised(add(state.predicted, sub(scored, state.scale)))
      const predicted = reached(before, movesOf(params, rows, 1))
      const projected = project(params, rows.readout)
      const logits = logitsOf(layer, reshape(featuresOf(projected, joint), [batch * count, features]))
      const scale = reshape(logSumExp(logits, 1), [batch, count])
      const weighed = expandDims(sub(predicted, scale), 2)
      const logProbs = logSumExp(add(reshape(logits, [batch, count, layer.bias.shape[0]]), weighed), 1)
      return { logProbs, alignment: exp(predicted), state: { predicted, projected, scale } }
    },
  }
}

/** ln of: the first source step, surely, [B,S]. */
function atFirst(batch: number, count: number): Tensor2D {
  const first = paddingBias(cast(equal(range(0, count, 1), 0), 'float32'))
  return add(zeros([batch, count]), expandDims(first, 0))
}

function normalised(logs: Tensor2D): Tensor2D {
  return sub(logs, expandDims(logSumExp(logs, 1), 1))
}

/** The score of one symbol an example at each source step: features [B,S,K], ids [B] int32 -> [B,S]. */
function scoresOf({ kernel, bias, transposed }: OutputLayer, features: Tensor3D, ids: Tensor1D): Tensor2D {
  const columns = lookUp(transposed ? kernel : transpose(kernel), ids)
  return add(squeeze(matMul(features, expandDims(columns, 2)), 2), expandDims(gather(bias, ids), 1))
}

/** The output layer is applied to each pair of steps. */
function workOf(
  moves: ParameterTree,
  symbols: Axis,
  { R, D, K }: Readonly<Record<'R' | 'D' | 'K', Axis>>,
  order: number,
): Work[] {
  const fit = order === 0 ? R.size : 0
  return [
    products(moves, 'source step'),
    { per: 'source step', multiplyAdds: D.size * K.size, results: K.size },
    { per: 'target step', multiplyAdds: R.size * K.size, results: K.size },
    { per: 'pair of steps', multiplyAdds: K.size * symbols.size + fit, results: K.size + symbols.size },
  ]
}
