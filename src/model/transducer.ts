import { type Problem, SeqlabError } from '../core/errors.js'
import type { Axis } from './axes.js'
import type { ContextChoice } from './context/index.js'
import { assemble } from './decoder/assemble.js'
import type { Decoder } from './decoder/built-decoder.js'
import { buildDecoder } from './decoder/decoder.js'
import { modelOutline } from './decoder/outline.js'
import { hasSections, transducerProblems, transducerSections } from './decoder/rules.js'
import type { Transducer } from './decoder/types.js'
import { buildHead, type HeadChoice, headGives } from './heads/index.js'
import type { Head } from './heads/types.js'
import type { ModelOptions } from './options.js'
import { buildRepresentation } from './representation/index.js'
import { sideNodes } from './representation/outline.js'
import { scorers } from './scorers/index.js'
import type { ScorerPart } from './scorers/types.js'
import { type ModelSizes, sideOf } from './sizes.js'
import { besidesOf, buildSourceEncoder } from './source-encoder.js'

export { transducerProblems }

/**
 * Encoder-decoder: source symbols -> representation -> encoder -> C -> decoder -> head over target symbols. Throws
 * SeqlabError 'spec' with every problem of the combination, and 'data' where a source is too long for the scorer.
 */
export function buildTransducer(options: ModelOptions, sizes: ModelSizes): Transducer {
  refuse(transducerProblems(options))
  if (!hasSections(options, transducerSections)) throw new RangeError('An encoder-decoder lacks a section')
  refuseLongSources(options.context, sizes)
  const besides = besidesOf(options, sizes)
  const source = buildSourceEncoder(options.source, options.encoder, sideOf(sizes, 'source'), besides)
  const { encoder } = source
  const side = sideOf(sizes, 'target')
  const target = buildRepresentation(options.target.representation, side)
  const decoder = buildDecoder(options.decoder, options.context, target.output, {
    ...encoder,
    features: source.features,
  })
  const tied = options.decoder.tiedEmbedding
  const symbols = targetSymbols(sizes)
  const head = headOver(decoder, options.head, { symbols, tied, embedded: target.output, outputs: encoder.output })
  const described = sideNodes('target', options.target.representation, side, target)
  return {
    ...assemble(source, { target, decoder, head, ...headGives(options.head), symbols, tied, unknown: sizes.unknown }),
    outline: modelOutline(source.outline, described, decoder.description, {
      choice: options.head,
      built: head,
      symbols,
    }),
  }
}

/** The head over what a decoder gives. */
export function headOver(
  { output, context }: Decoder,
  choice: HeadChoice | undefined,
  sizes: { readonly symbols: Axis; readonly tied: boolean; readonly embedded: Axis; readonly outputs?: Axis },
): Head {
  return buildHead(choice, { ...sizes, input: output, context })
}

/** Throws SeqlabError 'spec' where there are problems. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return
  const reasons = problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new SeqlabError('spec', `This model cannot be built: ${reasons}`, { problems })
}

function refuseLongSources(context: ContextChoice, { longestSource }: ModelSizes): void {
  if (context.from !== 'attention') return
  const part: ScorerPart = scorers.get(context.scorer.type)
  const reason = part.refuseSource?.(context.scorer, longestSource)
  if (reason === undefined) return
  throw new SeqlabError('data', `model.context.scorer: ${reason}`, {
    problems: [{ path: 'model.context.scorer', message: reason }],
    hint: "Raise the scorer's maxLength, or cut sources by maxLength of data.sourceTokens.",
  })
}

/** V: the target symbols. Throws SeqlabError 'spec' where the target has numbers. */
export function targetSymbols(sizes: ModelSizes): Axis {
  const { kind, axis } = sideOf(sizes, 'target')
  if (kind === 'ids') return axis
  throw new SeqlabError('spec', 'A decoder gives symbols, and the target has numbers', {
    hint: 'Use the task forecast for numbers.',
  })
}
