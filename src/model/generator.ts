import { SeqlabError } from '../core/errors.js'
import { type Tensor2D, tf } from '../core/tf.js'
import { subtree } from '../core/tree.js'
import { assemble, type Front } from './decoder/assemble.js'
import { buildDecoder } from './decoder/decoder.js'
import { type GeneratorOptions, generatorProblems } from './decoder/rules.js'
import type { ModelOptions } from './options.js'
import { type BuiltRepresentation, buildRepresentation } from './representation/index.js'
import { refuse, targetVocabulary } from './transducer.js'
import type { ModelSizes, Transducer } from './types.js'

export { generatorProblems }

/**
 * A decoder without an encoder (1-N): C is the one source symbol's or vector's representation, which enters as the
 * initial state, at the first step, at every step, or as initial state and at every step. Throws SeqlabError 'spec' with
 * every problem, and 'data' where a source has more than one step.
 */
export function buildGenerator(model: ModelOptions, sizes: ModelSizes): Transducer {
  refuse(generatorProblems(model))
  const options = model as GeneratorOptions
  const source = buildRepresentation(options.source.representation, sizes.source, sizes.known?.source)
  const target = buildRepresentation(options.target.representation, sizes.target, sizes.known?.target)
  refuse(generatorProblems(model, source.size))
  refuseLongSources(sizes)
  const decoder = buildDecoder(options.decoder, { from: 'last-state' }, target.size, {
    layers: [],
    outputSize: source.size,
  })
  return assemble(single(source), target, decoder, targetVocabulary(sizes), options.decoder.tiedEmbedding)
}

/** The one input as if it were the last state of an encoder without layers. */
function single(source: BuiltRepresentation): Front {
  return {
    parameters: { source: source.parameters },
    noise: () => ({}),
    encode: (params, sequence) => {
      const outputs = source.embed(subtree(params, 'source'), sequence)
      const [batch, , size] = outputs.shape
      const last: Tensor2D = tf.reshape(tf.slice(outputs, [0, 0, 0], [batch, 1, size]), [batch, size])
      return { outputs, mask: sequence.mask, last, layers: [] }
    },
  }
}

function refuseLongSources({ longestSource }: ModelSizes): void {
  if (longestSource <= 1) return
  const message = `here a source is one symbol or one vector, and the longest has ${longestSource} steps`
  throw new SeqlabError('data', message, {
    problems: [{ path: 'data', message }],
    hint: 'Use the task transduce for sources of several steps.',
  })
}
