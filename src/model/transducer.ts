import { SeqlabError } from '../core/errors.js'
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tensor, tf } from '../core/tf.js'
import { subtree } from '../core/tree.js'
import { buildDecoder, type Decoder } from './decoder/decoder.js'
import { type DecodedSeries, teacherForced } from './decoder/loop.js'
import { type TransducerOptions, transducerProblems } from './decoder/rules.js'
import { buildEncoder } from './encoder/index.js'
import { crossEntropySum } from './heads/softmax.js'
import { dense, denseParameters } from './maps/dense.js'
import type { ModelOptions } from './options.js'
import { type BuiltRepresentation, buildRepresentation } from './representation/index.js'
import type { Encoder, LossSettings, ModelSizes, Noise, Params, Sequence, Transducer } from './types.js'

export { transducerProblems }

interface Built {
  readonly source: BuiltRepresentation
  readonly target: BuiltRepresentation
  readonly encoder: Encoder
  readonly decoder: Decoder
}

/**
 * Encoder-decoder: source symbols -> embedding -> encoder -> C -> decoder -> softmax over target symbols. Throws
 * SeqlabError 'spec' with every problem of the combination.
 */
export function buildTransducer(model: ModelOptions, sizes: ModelSizes): Transducer {
  const options = checked(model)
  const vocabulary = targetVocabulary(sizes)
  const built = buildParts(options, sizes)
  const { source, target, encoder, decoder } = built
  const start = (params: Params, sequence: Sequence, noise: Noise) => {
    const embedded = source.embed(subtree(params, 'source'), sequence)
    const encoded = encoder.run(subtree(params, 'encoder'), embedded, sequence.mask, under(noise, 'encoder'))
    return decoder.start(subtree(params, 'decoder'), encoded)
  }
  return {
    parameters: {
      source: source.parameters,
      target: target.parameters,
      encoder: encoder.parameters,
      decoder: decoder.parameters,
      head: denseParameters(decoder.readoutSize, vocabulary),
    },
    noise: (shape) => ({
      encoder: encoder.noise({ batch: shape.batch, steps: shape.source }),
      decoder: decoder.noise({ batch: shape.batch, steps: shape.target }),
    }),
    start,
    step: (params, previous, memory, state) => {
      const input = embedOne(target, params, previous)
      const { decoded, state: next } = decoder.step(subtree(params, 'decoder'), input, memory, state, {})
      const logits = dense(subtree(params, 'head'), decoder.readout(decoded.output, decoded.context, undefined))
      const seen = decoded.alignment === undefined ? {} : { alignment: decoded.alignment }
      return { logProbs: tf.logSoftmax(logits), ...seen, state: next }
    },
    loss: (params, sequence, labels, noise, settings) => {
      const { memory, state } = start(params, sequence, noise)
      const inputs = target.embed(subtree(params, 'target'), { ids: labels.input, mask: labels.mask })
      const dropout = under(noise, 'decoder')
      const series = teacherForced(decoder, subtree(params, 'decoder'), inputs, memory, state, dropout)
      return losses(decoder, params, series, labels, dropout, settings)
    },
    hasAlignment: decoder.attention !== undefined,
  }
}

function checked(model: ModelOptions): TransducerOptions {
  const problems = transducerProblems(model)
  if (problems.length > 0) {
    const reasons = problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
    throw new SeqlabError('spec', `This model cannot be built: ${reasons}`, { problems })
  }
  return model as TransducerOptions
}

function targetVocabulary({ target }: ModelSizes): number {
  if ('vocabulary' in target) return target.vocabulary
  throw new SeqlabError('spec', 'An encoder-decoder gives symbols; the target has numbers', {
    hint: 'Use the task forecast for numbers.',
  })
}

function buildParts(options: TransducerOptions, sizes: ModelSizes): Built {
  const source = buildRepresentation(options.source.representation, sizes.source, sizes.known?.source)
  const target = buildRepresentation(options.target.representation, sizes.target, sizes.known?.target)
  const encoder = buildEncoder(options.encoder, source.size)
  return { source, target, encoder, decoder: buildDecoder(options.decoder, options.context, target.size, encoder) }
}

/** One symbol an example: ids [B] int32 -> [B,E]. */
function embedOne(target: BuiltRepresentation, params: Params, ids: Tensor): Tensor2D {
  const column = tf.expandDims(ids, 1) as Tensor2D
  const embedded = target.embed(subtree(params, 'target'), { ids: column, mask: tf.onesLike(column) })
  return tf.squeeze(embedded, [1])
}

/** All steps through the output layer at once: [B*T, ...]. */
function losses(
  decoder: Decoder,
  params: Params,
  series: DecodedSeries,
  { output, mask }: { output: Tensor2D; mask: Tensor2D },
  noise: Noise,
  settings: LossSettings,
): { objective: Scalar; crossEntropy: Scalar } {
  const dropout = noise?.output === undefined ? undefined : flatten(tensor<Tensor3D>(noise, 'output'))
  const contexts = series.contexts === undefined ? undefined : flatten(series.contexts)
  const seen = decoder.readout(flatten(series.outputs), contexts, dropout)
  const logits = dense(subtree(params, 'head'), seen)
  const sum = (smoothing: number) =>
    crossEntropySum(logits, tf.reshape(output, [-1]) as Tensor1D, tf.reshape(mask, [-1]) as Tensor1D, smoothing)
  const crossEntropy = sum(0)
  const smoothed = settings.labelSmoothing === 0 ? crossEntropy : sum(settings.labelSmoothing)
  const penalty = series.penalties === undefined ? undefined : tf.sum(tf.mul(series.penalties, mask))
  return { objective: penalty === undefined ? smoothed : tf.add(smoothed, penalty), crossEntropy }
}

/** [B,T,N] -> [B*T,N]. */
function flatten(series: Tensor3D): Tensor2D {
  return tf.reshape(series, [-1, series.shape[2]])
}

function under(noise: Noise, name: string): Noise {
  return noise === undefined ? undefined : subtree(noise, name)
}
