import { add, cast, expandDims, fill, less, mul, onesLike, squeeze, sumAll, vector, where } from '../../core/ops.js'
import type { Tensor1D, Tensor2D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { timeMajor } from '../gradients/series.js'
import type { Losses } from '../heads/types.js'
import type { BatchShape, Noise, NoiseSpec } from '../noise.js'
import type { Params } from '../parameters.js'
import type { Sequence } from '../representation/types.js'
import { type HeadParts, headLoss, headStep, started, stepByStep, withHead } from './head.js'
import { teacherForced } from './loop.js'
import { sampled } from './sampling.js'
import { dropped, dropSeries } from './stack.js'
import type { DecodedSeries, LossSettings, SourceReader, Started, TargetLabels, Transducer } from './types.js'

/** Joins what reads the source, the target's representation, a decoder and a head. */
export function assemble(source: SourceReader, parts: HeadParts): Omit<Transducer, 'outline'> {
  const { target, decoder, head } = parts
  const start = (params: Params, sequence: Sequence, noise: Noise) => {
    const encoded = source.encode(params, sequence, noise)
    return started(parts, params, sequence, encoded, decoder.start(subtree(params, 'decoder'), encoded))
  }
  const lossFrom: Transducer['lossFrom'] = (params, from, labels, noise, settings) => {
    const { series, embedded } = decoded(parts, params, from, labels, noise, settings)
    const decoderNoise = noise === undefined ? undefined : subtree(noise, 'decoder')
    const outputs = dropped(series.outputs, dropSeries(decoderNoise, 'output', labels.mask.shape[1]))
    const losses = headLoss(parts, params, { ...series, outputs }, embedded, from.memory, labels, settings)
    return penalised(losses, series, labels)
  }
  return {
    parameters: {
      ...source.parameters,
      target: target.parameters,
      decoder: decoder.parameters,
      head: head.parameters,
    },
    hasAlignment: decoder.hasAlignment || parts.aligns,
    copies: parts.copies,
    noise: (shape, settings) => ({
      ...source.noise(shape),
      decoder: decoder.noise({ batch: shape.batch, steps: shape.target }),
      ...samplingNoise(shape, settings),
    }),
    start,
    step: (params, previous, memory, state) => {
      const ids = vector({ previous }, 'previous')
      const embedded = embedOne(parts, params, ids)
      const taken = decoder.step(subtree(params, 'decoder'), embedded, memory, state, {})
      const { logProbs, ...stepped } = headStep(parts, params, taken.decoded, embedded, ids, memory, state)
      const alignment = stepped.alignment ?? taken.decoded.alignment
      const seen = alignment === undefined ? {} : { alignment }
      return { logProbs, ...seen, state: withHead(taken.state, stepped.state) }
    },
    loss: (params, sequence, ...rest) => lossFrom(params, start(params, sequence, rest[1]), ...rest),
    lossFrom,
  }
}

function samplingNoise({ batch, target }: BatchShape, settings: Pick<LossSettings, 'teacherForcing'> | undefined) {
  const forced = settings === undefined || settings.teacherForcing === 1
  const uniform: NoiseSpec = { kind: 'uniform', shape: [batch, target] }
  return forced ? {} : { sampling: uniform }
}

/** Teacher forcing, or scheduled sampling where there are numbers to draw by. `embedded` [T*B,E] is what was fed. */
function decoded(
  parts: HeadParts,
  params: Params,
  { memory, state: first }: Started,
  labels: TargetLabels,
  noise: Noise,
  settings: LossSettings,
): { readonly series: DecodedSeries; readonly embedded: Tensor2D } {
  const { decoder, target, head } = parts
  const inputs = target.embed(subtree(params, 'target'), { ids: known(parts, labels.input), mask: labels.mask })
  const decoderNoise = noise === undefined ? undefined : subtree(noise, 'decoder')
  const whole = { inputs, memory, first, noise: decoderNoise, reads: head.reads ?? [] }
  if (settings.teacherForcing === 1 || noise?.sampling === undefined) {
    const series = teacherForced(decoder, subtree(params, 'decoder'), whole)
    return { series, embedded: timeMajor(inputs) }
  }
  const embed = (ids: Tensor1D) => embedOne(parts, params, ids)
  return sampled(parts, params, whole, labels.input, noise.sampling, settings.teacherForcing, embed)
}

/** One symbol an example: ids [B] int32 -> [B,E]. */
function embedOne(parts: HeadParts, params: Params, ids: Tensor1D): Tensor2D {
  const column = known(parts, cast(expandDims(ids, 1), 'int32'))
  return squeeze(parts.target.embed(subtree(params, 'target'), { ids: column, mask: onesLike(column) }), 1)
}

/** Ids as the target's representation has them: where the head copies, symbols beyond its vocabulary are unknown. */
function known({ copies, symbols, unknown }: HeadParts, ids: Tensor2D): Tensor2D {
  if (!copies) return ids
  if (unknown === undefined) throw new RangeError('A head that copies needs the id of unknown symbols')
  return where(less(ids, symbols.size), ids, fill(ids.shape, unknown, 'int32'))
}

function penalised(losses: Losses, { penalties }: DecodedSeries, { mask }: TargetLabels): Losses {
  if (penalties === undefined) return losses
  const penalty = sumAll(mul(penalties, stepByStep(mask)))
  return { ...losses, objective: add(losses.objective, penalty) }
}
