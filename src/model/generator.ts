import { SeqlabError } from '../core/errors.js'
import { reshape, slice } from '../core/ops.js'
import { subtree } from '../core/tree.js'
import { assemble } from './decoder/assemble.js'
import { buildDecoder } from './decoder/decoder.js'
import { modelOutline } from './decoder/outline.js'
import { generatorProblems, generatorSections, hasSections } from './decoder/rules.js'
import type { SourceReader, Transducer } from './decoder/types.js'
import { headGives } from './heads/index.js'
import type { ModelOptions } from './options.js'
import { type BuiltRepresentation, buildRepresentation } from './representation/index.js'
import { sideNodes } from './representation/outline.js'
import { type ModelSizes, sideOf } from './sizes.js'
import { headOver, refuse, targetSymbols } from './transducer.js'

export { generatorProblems }

/**
 * A decoder without an encoder (1-N): C is the one source symbol's or vector's representation, which enters as the
 * initial state, at the first step, at every step, or as initial state and at every step. Throws SeqlabError 'spec' with
 * every problem, and 'data' where a source has more than one step.
 */
export function buildGenerator(options: ModelOptions, sizes: ModelSizes): Transducer {
  refuse(generatorProblems(options))
  if (!hasSections(options, generatorSections)) throw new RangeError('A generator lacks a section')
  const sides = { source: sideOf(sizes, 'source'), target: sideOf(sizes, 'target') }
  const source = buildRepresentation(options.source.representation, sides.source)
  const target = buildRepresentation(options.target.representation, sides.target)
  refuse(generatorProblems(options, source.output.size))
  refuseLongSources(sizes)
  const encoder = { layers: [], output: source.output }
  const decoder = buildDecoder(options.decoder, { from: 'last-state' }, target.output, encoder)
  const tied = options.decoder.tiedEmbedding
  const symbols = targetSymbols(sizes)
  const head = headOver(decoder, options.head, { symbols, tied, embedded: target.output })
  const outline = modelOutline(
    sideNodes('source', options.source.representation, sides.source, source),
    sideNodes('target', options.target.representation, sides.target, target),
    { ...decoder.description, hidesContext: true },
    { choice: options.head, built: head, symbols },
  )
  const parts = { target, decoder, head, ...headGives(options.head), symbols, tied, unknown: sizes.unknown }
  return { ...assemble(single(source), parts), outline }
}

/** The one input as if it were the last state of an encoder without layers. */
function single(source: BuiltRepresentation): SourceReader {
  return {
    parameters: { source: source.parameters },
    noise: () => ({}),
    encode: (params, sequence) => {
      const outputs = source.embed(subtree(params, 'source'), sequence)
      const [batch, , size] = outputs.shape
      const last = reshape(slice(outputs, [0, 0, 0], [batch, 1, size]), [batch, size])
      return { outputs, mask: sequence.mask, last, layers: [] }
    },
  }
}

function refuseLongSources({ longestSource }: ModelSizes): void {
  if (longestSource <= 1) return
  const message = `the task generate takes one symbol or one vector as its source, but a source has ${longestSource} steps`
  throw new SeqlabError('data', message, {
    problems: [{ path: 'data', message }],
    hint: 'Use the task transduce for sources of several steps.',
  })
}
