import { type Problem, SeqlabError } from '../core/errors.js'
import { subtree } from '../core/tree.js'
import { assemble, type Front } from './decoder/assemble.js'
import { scorerOf } from './decoder/attention.js'
import { buildDecoder } from './decoder/decoder.js'
import { type TransducerOptions, transducerProblems } from './decoder/rules.js'
import { buildEncoder } from './encoder/index.js'
import type { ModelOptions } from './options.js'
import { type BuiltRepresentation, buildRepresentation } from './representation/index.js'
import type { Encoder, ModelSizes, Transducer } from './types.js'

export { transducerProblems }

/**
 * Encoder-decoder: source symbols -> representation -> encoder -> C -> decoder -> softmax over target symbols. Throws
 * SeqlabError 'spec' with every problem of the combination, and 'data' where a source is too long for the scorer.
 */
export function buildTransducer(model: ModelOptions, sizes: ModelSizes): Transducer {
  refuse(transducerProblems(model))
  const options = model as TransducerOptions
  refuseLongSources(options, sizes)
  const source = buildRepresentation(options.source.representation, sizes.source, sizes.known?.source)
  const target = buildRepresentation(options.target.representation, sizes.target, sizes.known?.target)
  const encoder = buildEncoder(options.encoder, source.size)
  const decoder = buildDecoder(options.decoder, options.context, target.size, encoder)
  const { tiedEmbedding } = options.decoder
  return assemble(encoding(source, encoder), target, decoder, targetVocabulary(sizes), tiedEmbedding)
}

function encoding(source: BuiltRepresentation, encoder: Encoder): Front {
  return {
    parameters: { source: source.parameters, encoder: encoder.parameters },
    noise: (shape) => ({ encoder: encoder.noise({ batch: shape.batch, steps: shape.source }) }),
    encode: (params, sequence, noise) => {
      const embedded = source.embed(subtree(params, 'source'), sequence)
      const own = noise === undefined ? undefined : subtree(noise, 'encoder')
      return encoder.run(subtree(params, 'encoder'), embedded, sequence.mask, own)
    },
  }
}

/** Throws SeqlabError 'spec' where there are problems. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return
  const reasons = problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new SeqlabError('spec', `This model cannot be built: ${reasons}`, { problems })
}

function refuseLongSources({ context }: TransducerOptions, { longestSource }: ModelSizes): void {
  if (context.from !== 'attention') return
  const reason = scorerOf(context).refuseSource?.(context.scorer, longestSource)
  if (reason === undefined) return
  throw new SeqlabError('data', `model.context.scorer: ${reason}`, {
    problems: [{ path: 'model.context.scorer', message: reason }],
    hint: "Raise the scorer's maxLength, or cut sources by maxLength of data.sourceTokens.",
  })
}

/** How many target symbols there are. */
export function targetVocabulary({ target }: ModelSizes): number {
  if ('vocabulary' in target) return target.vocabulary
  throw new SeqlabError('spec', 'A decoder gives symbols, and the target has numbers', {
    hint: 'Use the task forecast for numbers.',
  })
}
