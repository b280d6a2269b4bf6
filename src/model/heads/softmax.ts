import { argMax, cast, logSoftmax, max, mul } from '../../core/ops.js'
import { noOptions } from '../../core/part.js'
import type { Tensor1D } from '../../core/tf.js'
import { crossEntropies, crossEntropySum } from './cross-entropy.js'
import { buildOutputLayer, logitsOf, type OutputLayerBuild } from './output-layer.js'
import { sumOfExamples } from './series.js'
import {
  defineHead,
  type HeadLabels,
  type HeadPrediction,
  type HeadRows,
  type HeadSeries,
  type HeadSettings,
  head,
  type Losses,
  type NoTensors,
} from './types.js'

interface Own {
  readonly bias: Tensor1D
}

export const softmax = defineHead({
  name: 'softmax',
  summary: 'A linear layer and a softmax over all symbols.',
  equations: ['p(y = v) = softmax_v(x W + b)', 'L = −ln p(y)'],
  symbols: { x: ['R'], W: ['R', 'V'], b: ['V'] },
  source: {
    paper: 'Bridle 1990, Probabilistic Interpretation of Feedforward Classification Network Outputs',
    equation: 'with tied embeddings W = Eᵀ, E the target embedding: Press & Wolf 2017',
    url: 'https://doi.org/10.1007/978-3-642-76153-9_28',
  },
  options: noOptions,
  smooths: true,
  build: (_, { input, symbols, tied }) => {
    const layer = buildOutputLayer(input, symbols, tied)
    return head({
      parameters: layer.parameters,
      describe: tied ? tiedEquations : ownEquations,
      ...over(layer),
    })
  },
})

const ownEquations = (x: string) => ({
  equations: [`p(y_t | y_<t, x) = softmax(${x} W + b)`],
  symbols: { W: ['R', 'V'], b: ['V'] },
})

const tiedEquations = (x: string) => ({
  equations: [`p(y_t | y_<t, x) = softmax(${x} Wᵀ + b)`, 'W is the target embedding'],
  symbols: { W: ['V', 'R'], b: ['V'] },
})

/** What the head does over its layer, which is its own or the tied one. */
function over({ layerOf }: OutputLayerBuild) {
  return {
    loss: (params: Own, series: HeadSeries<unknown>, { ids, weights }: HeadLabels, settings: HeadSettings): Losses => {
      const [layer, x] = [layerOf(params, series), series.readout]
      const { labelSmoothing } = settings
      const crossEntropy = crossEntropySum(layer, x, ids, weights, 0)
      const objective = labelSmoothing === 0 ? crossEntropy : crossEntropySum(layer, x, ids, weights, labelSmoothing)
      if (settings.perExample !== true) return { objective, crossEntropy }
      const nats = mul(crossEntropies(logitsOf(layer, x), ids), weights)
      return { objective, crossEntropy, perExample: sumOfExamples(nats, series) }
    },
    step: (params: Own, rows: HeadRows<unknown>, state: NoTensors) => {
      return { logProbs: logSoftmax(logitsOf(layerOf(params, rows), rows.readout)), state }
    },
    predict: (params: Own, series: HeadSeries<unknown>, { ids }: HeadLabels): HeadPrediction => {
      const logits = logitsOf(layerOf(params, series), series.readout)
      const logProbs = logSoftmax(logits)
      return {
        ids: cast(argMax(logProbs, 1), 'int32'),
        logProbs: max(logProbs, 1),
        nats: crossEntropies(logits, ids),
      }
    },
    distribution: (params: Own, series: HeadSeries<unknown>) => {
      return logSoftmax(logitsOf(layerOf(params, series), series.readout))
    },
  }
}
