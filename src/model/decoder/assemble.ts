import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tensor, tf, withoutGradient } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import { buildOutput, type OutputLayer } from '../heads/output.js'
import { crossEntropies, crossEntropySum, logitsOf } from '../heads/softmax.js'
import type { BuiltRepresentation } from '../representation/index.js'
import type {
  BatchShape,
  Decoded,
  Encoded,
  Losses,
  LossSettings,
  Noise,
  NoiseSpec,
  ParameterSpec,
  Params,
  Sequence,
  Transducer,
} from '../types.js'
import { scheduledSampling, teacherForced } from './loop.js'
import { dropSeries } from './stack.js'
import type { DecodedSeries, Decoder, Target } from './types.js'

/** What stands before the decoder: an encoder, or one input that is C itself. */
export interface Front {
  readonly parameters: Tree<ParameterSpec>
  noise(shape: BatchShape): Tree<NoiseSpec>
  encode(params: Params, source: Sequence, noise: Noise): Encoded
}

interface Parts {
  readonly target: BuiltRepresentation
  readonly decoder: Decoder
  readonly output: OutputLayer
}

/** Joins a front, the target's representation, a decoder and an output layer over `vocabulary` symbols. */
export function assemble(
  front: Front,
  target: BuiltRepresentation,
  decoder: Decoder,
  vocabulary: number,
  tied: boolean,
): Transducer {
  const output = buildOutput(decoder.readoutSize, vocabulary, tied)
  const parts = { target, decoder, output }
  const start = (params: Params, source: Sequence, noise: Noise) =>
    decoder.start(subtree(params, 'decoder'), front.encode(params, source, noise))
  const lossFrom: Transducer['lossFrom'] = (params, { memory, state: first }, labels, noise, settings) => {
    const inputs = target.embed(subtree(params, 'target'), { ids: labels.input, mask: labels.mask })
    const own = noise === undefined ? undefined : subtree(noise, 'decoder')
    const series = decode(parts, params, { inputs, memory, first, noise: own }, noise, settings)
    return losses(parts, params, dropOutputs(series, own, inputs.shape[1]), labels, settings)
  }
  return {
    parameters: {
      ...front.parameters,
      target: target.parameters,
      decoder: decoder.parameters,
      head: output.parameters,
    },
    noise: (shape, settings) => ({
      ...front.noise(shape),
      decoder: decoder.noise({ batch: shape.batch, steps: shape.target }),
      ...samplingNoise(shape, settings),
    }),
    start,
    step: (params, previous, memory, state) => {
      const input = embedOne(target, params, previous)
      const { decoded, state: next } = decoder.step(subtree(params, 'decoder'), input, memory, state, {})
      const seen = decoded.alignment === undefined ? {} : { alignment: decoded.alignment }
      return { logProbs: tf.logSoftmax(stepLogits(parts, params, decoded)), ...seen, state: next }
    },
    loss: (params, source, ...rest) => lossFrom(params, start(params, source, rest[1]), ...rest),
    lossFrom,
    hasAlignment: decoder.hasAlignment,
  }
}

function samplingNoise({ batch, target }: BatchShape, settings: Pick<LossSettings, 'teacherForcing'> | undefined) {
  const forced = settings === undefined || settings.teacherForcing === 1
  const uniform: NoiseSpec = { kind: 'uniform', shape: [batch, target] }
  return forced ? {} : { sampling: uniform }
}

/** Teacher forcing, or scheduled sampling where there are numbers to draw by. */
function decode(parts: Parts, params: Params, target: Target, noise: Noise, settings: LossSettings): DecodedSeries {
  const own = subtree(params, 'decoder')
  if (settings.teacherForcing === 1 || noise?.sampling === undefined) return teacherForced(parts.decoder, own, target)
  const keep = tf.cast(tf.less(tensor(noise, 'sampling'), settings.teacherForcing), 'float32') as Tensor2D
  const embedChoice = (decoded: Decoded) => {
    const logits = stepLogits(parts, params, decoded)
    return embedOne(
      parts.target,
      params,
      withoutGradient(() => tf.argMax(logits, 1)),
    )
  }
  return scheduledSampling(parts.decoder, own, target, keep, embedChoice)
}

/** One symbol an example: ids [B] int32 -> [B,E]. */
function embedOne(target: BuiltRepresentation, params: Params, ids: Tensor): Tensor2D {
  const column = tf.cast(tf.expandDims(ids, 1), 'int32') as Tensor2D
  const embedded = target.embed(subtree(params, 'target'), { ids: column, mask: tf.onesLike(column) })
  return tf.squeeze(embedded, [1])
}

function stepLogits({ decoder, output }: Parts, params: Params, { output: top, context }: Decoded): Tensor2D {
  return logitsOf(output.layer(params), decoder.readout(top, context))
}

/** Dropout on the top output. */
function dropOutputs(series: DecodedSeries, noise: Noise, steps: number): DecodedSeries {
  const drop = dropSeries(noise, 'output', steps)
  return drop === undefined ? series : { ...series, outputs: tf.mul(series.outputs, drop) }
}

/** All steps through the output layer at once. */
function losses(
  { decoder, output }: Parts,
  params: Params,
  series: DecodedSeries,
  labels: { readonly output: Tensor2D; readonly mask: Tensor2D },
  settings: LossSettings,
): Losses {
  const [layer, seen] = [output.layer(params), decoder.readout(series.outputs, series.contexts)]
  const [ids, mask] = [stepByStep(labels.output), stepByStep(labels.mask)]
  const crossEntropy = crossEntropySum(layer, seen, ids, mask, 0)
  const { labelSmoothing } = settings
  const smoothed = labelSmoothing === 0 ? crossEntropy : crossEntropySum(layer, seen, ids, mask, labelSmoothing)
  const penalty = series.penalties === undefined ? undefined : tf.sum(tf.mul(series.penalties, mask))
  const objective: Scalar = penalty === undefined ? smoothed : tf.add(smoothed, penalty)
  if (settings.perExample !== true) return { objective, crossEntropy }
  const [batch, steps] = labels.mask.shape
  const nats = tf.reshape(tf.mul(crossEntropies(logitsOf(layer, seen), ids), mask), [steps, batch])
  return { objective, crossEntropy, perExample: tf.sum(nats, 0) as Tensor1D }
}

/** [B,T] -> [T*B], as the series are. */
function stepByStep(labels: Tensor2D): Tensor1D {
  return tf.reshape(tf.transpose(labels), [-1])
}
