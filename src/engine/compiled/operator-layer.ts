import type { LoopingBackend, OperatorLayer } from '../../core/loop.js'
import { concat, expandDims, reshape, transpose, zerosLike } from '../../core/ops.js'
import { nameValue } from './names.js'
import type { Recorder } from './recurrence.js'

/** Attributes of the operators where their defaults are another equation. */
const forms: Readonly<Record<OperatorLayer['operator'], Readonly<Record<string, number>>>> = {
  // The reset gate acts after the product.
  GRU: { linear_before_reset: 1 },
  LSTM: {},
  RNN: {},
}

/**
 * Records a layer as ONNX's operator for it: X [S,B,I], W [1,G,I], R [1,G,H], B [1,2G], lengths [B], initial states [1,B,H]
 * -> Y [S,1,B,H], last states [1,B,H].
 */
export function recordLayer(backend: Recorder, layer: OperatorLayer): ReturnType<LoopingBackend['layer']> {
  const { operator, xs, kernel, recurrentKernel, bias, lengths, start, reverse } = layer
  const graph = backend.graph()
  const [steps, batch] = xs.shape
  const [hidden] = recurrentKernel.shape
  const one = (weights: typeof kernel) => expandDims(transpose(weights), 0)
  const biases = concat([bias, layer.recurrentBias ?? zerosLike(bias)], 0)
  const weights = [xs, one(kernel), one(recurrentKernel), reshape(biases, [1, 2 * bias.size])]
  const inputs = [...weights, lengths, ...start.map((each) => expandDims(each, 0))].map((each) => backend.idOf(each))
  const last = { dtype: 'float32', shape: [1, batch, hidden] } as const
  const series = { dtype: 'float32', shape: [steps, 1, batch, hidden] } as const
  const direction = reverse ? 'reverse' : 'forward'
  const attrs = { operator, hidden_size: hidden, direction, ...forms[operator] }
  const types = [series, last, ...(operator === 'LSTM' ? [last] : [])]
  const values = graph.node('Layer', inputs, attrs, types)
  nameValue(backend, layer.params, [...layer.states, ...(layer.gates ?? [])].join(), values[0])
  const [outputs, ...states] = values.map((value) => backend.tensor(value))
  if (outputs === undefined) throw new RangeError('A layer has outputs')
  return {
    outputs: reshape(outputs, [steps, batch, hidden]),
    states: states.map((each) => reshape(each, [batch, hidden])),
  }
}
