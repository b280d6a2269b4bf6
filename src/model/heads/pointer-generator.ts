import {
  add,
  cast,
  concat,
  equal,
  exp,
  expandDims,
  fill,
  less,
  log,
  logSoftmax,
  maximum,
  mul,
  neg,
  range,
  reshape,
  scatter,
  sigmoid,
  softmax,
  squeeze,
  sub,
  sum,
  sumAll,
  transpose,
  where,
  zerosLike,
} from '../../core/ops.js'
import { noOptions } from '../../core/part.js'
import type { Tensor1D, Tensor2D } from '../../core/tf.js'
import { joined, units } from '../axes.js'
import { repeated } from '../gradients/series.js'
import { dense, denseParameters } from '../maps/dense.js'
import { crossEntropyRows } from './cross-entropy.js'
import { buildOutputLayer, logitsOf, type OutputLayer, type OutputLayerBuild } from './output-layer.js'
import { sumOfExamples } from './series.js'
import { meanLogProbs, TINY } from './smoothed-copies.js'
import {
  defineHead,
  type HeadLabels,
  type HeadRows,
  type HeadSeries,
  type HeadSettings,
  type HeadSource,
  head,
  type Losses,
  type NoTensors,
} from './types.js'

/** What is remembered of a source: its symbols as target symbols, [B,S] int32. */
type Copied = { readonly copies: Tensor2D }
type Own = { readonly gate: Gate; readonly bias: Tensor1D }
type Gate = { readonly kernel: Tensor2D; readonly bias: Tensor1D }

export const pointerGenerator = defineHead({
  name: 'pointer-generator',
  summary: 'A softmax over the target symbols, mixed with copying the source symbols that attention points at.',
  equations: [
    'g = σ([x; C; e] w_g + b_g)',
    'p(y = v) = g · softmax_v(x W + b) + (1 − g) Σ_{s: x_s = v} α_s',
    'L = −ln p(y)',
    'v may be a symbol of the source that the target vocabulary lacks: then its softmax counts as 0',
  ],
  symbols: { x: ['R'], C: ['C'], e: ['E'], W: ['R', 'V'], b: ['V'], w_g: ['R+C+E', '1'], b_g: ['1'] },
  source: {
    paper: 'See et al. 2017, Get To The Point: Summarization with Pointer-Generator Networks',
    equation: '(8) and (9); the softmax is over one linear layer, not two, and e is the embedding of the symbol before',
    url: 'https://arxiv.org/abs/1704.04368',
  },
  options: noOptions,
  smooths: true,
  copies: true,
  refuse: (_, { decoder, alignment }) => {
    if (!decoder)
      return 'a pointer-generator copies from a source while it writes; these labels are not written step by step'
    return alignment ? undefined : 'a pointer-generator copies where attention points, and there is no attention'
  },
  build: (_, { input, symbols, tied, context = units('C', 0), embedded = units('E', 0) }) => {
    const gate = denseParameters(joined(input, context, embedded), units('1', 1))
    const layer = buildOutputLayer(input, symbols, tied)
    return head({
      parameters: { gate, ...layer.parameters },
      reads: ['alignment', 'context', 'embedded'],
      remember,
      ...over(layer, symbols.size),
    })
  },
})

function remember(_: unknown, { copies }: HeadSource): Copied {
  if (copies === undefined) throw new RangeError('A head that copies needs the source as target symbols')
  return { copies }
}

/** What the head does over its output layer, own or tied. `vocabulary`: V. */
function over({ layerOf }: OutputLayerBuild, vocabulary: number) {
  return {
    loss: (params: Own, series: HeadSeries<Copied>, { ids, weights }: HeadLabels, settings: HeadSettings): Losses => {
      const generated = less(ids, vocabulary)
      const known = where(generated, ids, zerosLike(ids))
      const nats = crossEntropyRows(layerOf(params, series), series.readout, known)
      const g = gateOf(params.gate, series)
      const ofVocabulary = mul(mul(g, exp(neg(nats))), cast(generated, 'float32'))
      const ofSource = mul(sub(1, g), attended(series, ids))
      const losses = mul(neg(log(maximum(add(ofVocabulary, ofSource), TINY))), weights)
      const total = sumAll(losses)
      const { labelSmoothing } = settings
      const spread = () => sumAll(mul(spreadOf(layerOf(params, series), g, series), weights))
      const objective =
        labelSmoothing === 0 ? total : sub(mul(total, 1 - labelSmoothing), mul(spread(), labelSmoothing))
      const both = { objective, crossEntropy: total }
      return settings.perExample === true ? { ...both, perExample: sumOfExamples(losses, series) } : both
    },
    step: (params: Own, rows: HeadRows<Copied>, state: NoTensors) => {
      const g = expandDims(gateOf(params.gate, rows), 1)
      const generated = mul(softmax(logitsOf(layerOf(params, rows), rows.readout)), g)
      const pointed = mul(alignmentOf(rows), sub(1, g))
      const [known, unknown] = bySymbol(pointed, rows.memory.copies, vocabulary)
      return { logProbs: log(maximum(concat([add(generated, known), unknown], 1), TINY)), state }
    },
  }
}

/**
 * Weights of source steps [B,S], added up by their symbols' ids [B,S]: those of the target vocabulary [B,V], and those that
 * it lacks, by the step where they come first [B,S]. A place is a row's first and an id, or an id's first and a row: in the
 * order in which only one of the sizes that vary stands in each number, so that the exported form can work it out.
 */
function bySymbol(weights: Tensor2D, ids: Tensor2D, vocabulary: number): readonly [Tensor2D, Tensor2D] {
  const [batch, steps] = weights.shape
  const isKnown = less(ids, vocabulary)
  const row = expandDims(range(0, batch, 1), 1)
  const [nothing, none] = [zerosLike(weights), zerosLike(ids)]
  const rowFirst = expandDims(range(0, batch * vocabulary, vocabulary), 1)
  const known = scatter(
    reshape(add(where(isKnown, ids, none), rowFirst), [-1]),
    reshape(where(isKnown, weights, nothing), [-1]),
    batch * vocabulary,
  )
  const step = where(isKnown, none, sub(ids, whole(vocabulary)))
  const unknown = scatter(
    reshape(add(mul(step, whole(batch)), row), [-1]),
    reshape(where(isKnown, nothing, weights), [-1]),
    steps * batch,
  )
  return [reshape(known, [batch, vocabulary]), transpose(reshape(unknown, [steps, batch]))]
}

const whole = (number: number) => fill([], number, 'int32')

/** g of each row, [N]. */
function gateOf(gate: Gate, { readout, context, embedded }: HeadRows<Copied>): Tensor1D {
  const seen = [readout, context, embedded].filter((part) => part !== undefined)
  return sigmoid(squeeze(dense(gate, concat(seen, 1)), 1))
}

/** The mean log probability of the target symbols at each row, [N], towards which labels are smoothed. */
function spreadOf(layer: OutputLayer, generates: Tensor1D, series: HeadSeries<Copied>): Tensor1D {
  const logProbs = logSoftmax(logitsOf(layer, series.readout))
  const { copies } = series.memory
  return meanLogProbs({ logProbs, generates, alignment: alignmentOf(series), copies, steps: series.steps })
}

/** The weight of all source steps whose symbol is the row's label, [N]: a row for each step and example. */
function attended(series: HeadSeries<Copied>, ids: Tensor1D): Tensor1D {
  const copies = repeated(series.memory.copies, series.steps)
  const same = cast(equal(copies, expandDims(ids, 1)), 'float32')
  return sum(mul(alignmentOf(series), same), 1)
}

function alignmentOf({ alignment }: HeadRows<unknown>): Tensor2D {
  if (alignment === undefined) throw new RangeError('A pointer-generator needs an alignment')
  return alignment
}
