import type { Problem } from '../../core/errors.js'
import { isRecurrent } from '../cells/index.js'
import type { ContextChoice } from '../context/index.js'
import { formers } from '../context/index.js'
import { buildEncoder } from '../encoder/index.js'
import { encoderProblems } from '../encoder/problems.js'
import type { DecoderOptions, EncoderOptions, ModelOptions } from '../options.js'
import { representationProblems } from '../representation/index.js'
import { scorers } from '../scorers/index.js'
import type { ContextFormer, Encoder, Scorer } from '../types.js'
import { disagreement } from './bridge.js'
import { readsContext } from './decoder.js'

/** A model with every section that an encoder-decoder needs. */
export type TransducerOptions = Required<ModelOptions>

/** The sections as they are combined: what the rules look at. */
interface Combination {
  readonly encoder: Pick<Encoder, 'layers' | 'outputSize'>
  /** False for an encoder whose cells keep no state. */
  readonly hasLast: boolean
  readonly decoder: DecoderOptions
  readonly context: ContextChoice
}

type Rule = (combination: Combination) => readonly Problem[]

const sections = ['source', 'target', 'encoder', 'context', 'decoder'] as const

/** Every reason why an encoder-decoder of these sections cannot be built; none: it can. Pure; needs no data. */
export function transducerProblems(model: ModelOptions): Problem[] {
  const missing = sections.filter((name) => model[name] === undefined)
  if (missing.length > 0) return missing.map((name) => absent(name))
  const { source, target, encoder, decoder, context } = model as TransducerOptions
  const combination = { encoder: describe(encoder), hasLast: isRecurrent(encoder.cell), decoder, context }
  return [
    ...representationProblems(source.representation, 'model.source.representation', { kind: 'ids', stepByStep: false }),
    ...representationProblems(target.representation, 'model.target.representation', { kind: 'ids', stepByStep: true }),
    ...encoderProblems(encoder),
    ...rules.flatMap((rule) => rule(combination)),
  ]
}

function absent(name: string): Problem {
  return { path: `model.${name}`, message: 'an encoder-decoder needs this section', expected: `a section ${name}` }
}

function describe(encoder: EncoderOptions): Combination['encoder'] {
  return buildEncoder(encoder, 1)
}

const startsFromC = ({ receives }: DecoderOptions) => receives !== 'every-step'

const lastStateExists: Rule = ({ hasLast, context, decoder }) => {
  const former: ContextFormer | undefined = context.from === 'attention' ? undefined : formers.parts[context.from]
  if (hasLast) return []
  if (former?.needsLast) {
    return [
      {
        path: 'model.context.from',
        message: `${context.from} needs a last state, and a feed-forward encoder has none`,
        hint: 'Use attention, or a recurrent encoder.',
      },
    ]
  }
  if (former !== undefined || !startsFromC(decoder)) return []
  return [
    {
      path: 'model.decoder.receives',
      message: 'under attention the initial state comes from the last state, and a feed-forward encoder has none',
      expected: 'every-step',
      received: decoder.receives,
    },
  ]
}

const decoderHasState: Rule = ({ decoder }) =>
  isRecurrent(decoder.cell) || !startsFromC(decoder)
    ? []
    : [
        {
          path: 'model.decoder.receives',
          message: `a ${decoder.cell.type} decoder keeps no state that C could start`,
          expected: 'every-step',
          received: decoder.receives,
        },
      ]

const scorerFits: Rule = ({ context, decoder, encoder }) => {
  if (context.from !== 'attention') return []
  const scorer: Scorer = scorers.parts[context.scorer.type]
  const reason = scorer.refuse?.(context.scorer, { query: decoder.hidden, key: encoder.outputSize })
  if (reason === undefined) return []
  const hint = 'Make the sizes equal, or use general, which maps one to the other.'
  return [{ path: 'model.context.scorer', message: reason, hint }]
}

const contextIsSeen: Rule = ({ context, decoder }) => {
  if (context.from !== 'attention' || decoder.receives !== 'initial-state') return []
  if (readsContext(decoder, context.from)) return []
  return [
    {
      path: 'model.decoder.readout',
      message: 'attention forms a new C at every step, and nothing would see it: neither the cell nor the output layer',
      expected: 'output-and-context, or receives: every-step or both',
      received: decoder.readout,
    },
  ]
}

const bridgeFits: Rule = ({ context, decoder, encoder, hasLast }) => {
  if (!startsFromC(decoder) || decoder.bridge !== 'none' || !hasLast) return []
  if (context.from === 'last-state' || context.from === 'attention') return layersAgree(decoder, encoder)
  const former: ContextFormer = formers.parts[context.from]
  const size = former.size(context, { outputs: encoder.outputSize })
  if (size === decoder.hidden) return []
  return [mismatch(`C has ${size} numbers, the decoder's state ${decoder.hidden}`)]
}

function layersAgree(decoder: DecoderOptions, encoder: Combination['encoder']): readonly Problem[] {
  const reasons = Array.from({ length: decoder.layers }, (_, index) => disagreement(decoder, encoder, index))
  return [...new Set(reasons)].flatMap((reason) => (reason === undefined ? [] : [mismatch(reason)]))
}

function mismatch(reason: string): Problem {
  return {
    path: 'model.decoder.bridge',
    message: `without a bridge the encoder's state must fit the decoder's: ${reason}`,
    expected: 'automatic or dense',
    received: 'none',
  }
}

const rules: readonly Rule[] = [lastStateExists, decoderHasState, scorerFits, contextIsSeen, bridgeFits]
