import type { Problem } from '../../core/errors.js'
import { judge } from '../../core/judge.js'
import { renamed, units } from '../axes.js'
import { isRecurrent } from '../cells/index.js'
import { characterProblems } from '../characters/problems.js'
import { type ContextChoice, formers } from '../context/index.js'
import { buildEncoder } from '../encoder/index.js'
import { encoderProblems } from '../encoder/problems.js'
import { factorProblems } from '../factors/problems.js'
import { featureProblems, featureScorerProblems } from '../features/problems.js'
import { besideByOptions, isUnknownSize, numbersText } from '../features/read.js'
import { type HeadChoice, headGives, headProblems } from '../heads/index.js'
import { layerProblems } from '../layers.js'
import type { DecoderOptions, ModelOptions } from '../options.js'
import { type RepresentationChoice, representationProblems } from '../representation/index.js'
import { scorers } from '../scorers/index.js'
import type { ScorerPart } from '../scorers/types.js'
import { hiddenAt, topAxis } from '../widths.js'
import { disagreement } from './bridge.js'
import { contextAxis, initialContextAxis, readoutAxis, readsContext, startsFromContext } from './entry.js'
import type { EncoderSizes } from './types.js'

/** The sections that an encoder-decoder needs, and a decoder alone. */
export const transducerSections = ['source', 'target', 'encoder', 'context', 'decoder'] as const
export const generatorSections = ['source', 'target', 'decoder'] as const

/** The sections as they are combined: what the rules look at. */
interface Combination {
  readonly encoder: EncoderSizes
  /** False for an encoder whose cells keep no state. */
  readonly hasLast: boolean
  readonly decoder: DecoderOptions
  readonly context: ContextChoice
  readonly target: RepresentationChoice
  readonly head: HeadChoice | undefined
}

/** The sizes that the rules look at do not depend on what an encoder reads. */
const embeddedAxis = units('E', 1)

type Rule = (combination: Combination) => readonly Problem[]

/** Every reason why an encoder-decoder of these sections cannot be built; none: it can. Pure; needs no data. */
export function transducerProblems(model: ModelOptions): Problem[] {
  const needs = { kind: 'ids', stepByStep: false } as const
  return judge(
    () => missing(model, transducerSections),
    () => of(model.source, (source) => representationProblems(source.representation, sourceSymbols, needs)),
    () => characterProblems(model, needs),
    () => factorProblems(model, needs),
    () => of(model.encoder, encoderProblems),
    () => (hasSections(model, transducerSections) ? unseenProblems(model) : []),
    () => featureProblems(model),
    () => copiedFeatures(model),
    () => (hasSections(model, transducerSections) ? decoderProblems(combinationOf(model)) : []),
  )
}

type TransducerSections = ModelOptions & Required<Pick<ModelOptions, (typeof transducerSections)[number]>>

/** Each section is read where a rule looks at it: what is wrong with one keeps no rule of others from being judged. */
function combinationOf(model: TransducerSections): Combination {
  return {
    get encoder() {
      return { ...buildEncoder(model.encoder, embeddedAxis), features: besideByOptions(model) }
    },
    get hasLast() {
      return isRecurrent(model.encoder.cell)
    },
    get decoder() {
      return model.decoder
    },
    get context() {
      return model.context
    },
    get target() {
      return model.target.representation
    },
    get head() {
      return model.head
    },
  }
}

const sourceSymbols = 'model.source.representation'

/** What a rule finds in a section; nothing where that is missing. */
function of<Section>(section: Section | undefined, rule: (section: Section) => readonly Problem[]): readonly Problem[] {
  return section === undefined ? [] : rule(section)
}

function copiedFeatures({ head, features }: ModelOptions): Problem[] {
  if (!headGives(head).copies || features?.join.type !== 'source') return []
  const message = "this head copies the source's symbols, and features would be among them"
  return [{ path: 'model.features.join', message, expected: 'context or attention' }]
}

/**
 * The same for a decoder whose C is its one input. `inputSize` is C's size, where it is known: that of an embedding is,
 * others follow from the data.
 */
export function generatorProblems(model: ModelOptions, inputSize?: number): Problem[] {
  const needs = { kind: 'ids', stepByStep: true } as const
  return judge(
    () => missing(model, generatorSections),
    () => of(model.source, ({ representation }) => representationRefusal(representation)),
    () => characterProblems(model, needs),
    () => factorProblems(model, needs),
    () => (hasSections(model, generatorSections) ? decoderProblems(aloneOf(model, inputSize)) : []),
  )
}

type GeneratorSections = ModelOptions & Required<Pick<ModelOptions, (typeof generatorSections)[number]>>

function aloneOf(model: GeneratorSections, inputSize: number | undefined): Combination {
  return {
    get encoder() {
      return { layers: [], output: units('E', inputSize ?? sourceSize(model)) }
    },
    hasLast: true,
    get decoder() {
      return model.decoder
    },
    context: { from: 'last-state' },
    get target() {
      return model.target.representation
    },
    get head() {
      return model.head
    },
  }
}

function sourceSize({ source: { representation }, decoder }: GeneratorSections): number {
  return representation.type === 'embedding' ? representation.size : topAxis(decoder).size
}

/** Whether a model has all of these sections. */
export function hasSections<Name extends keyof ModelOptions>(
  model: ModelOptions,
  sections: readonly Name[],
): model is ModelOptions & Required<Pick<ModelOptions, Name>> {
  return sections.every((name) => model[name] !== undefined)
}

function missing(model: ModelOptions, sections: readonly (keyof ModelOptions)[]): Problem[] {
  return sections
    .filter((name) => model[name] === undefined)
    .map((name) => ({
      path: `model.${name}`,
      message: 'a model of this task needs this section',
      expected: `a section ${name}`,
    }))
}

/** One input may be a symbol or a vector: whichever the representation takes. */
function representationRefusal(choice: RepresentationChoice): Problem[] {
  const kinds = ['ids', 'values'] as const
  const attempts = kinds.map((kind) =>
    representationProblems(choice, 'model.source.representation', { kind, stepByStep: false }),
  )
  return attempts.some((problems) => problems.length === 0) ? [] : (attempts[0] ?? [])
}

function decoderProblems(combination: Combination): Problem[] {
  return judge(
    () => representationProblems(combination.target, 'model.target.representation', { kind: 'ids', stepByStep: true }),
    () => layerProblems(combination.decoder, 'model.decoder'),
    () => headProblems(combination.head, headPlace(combination)),
    ...rules.map((rule) => () => rule(combination)),
  )
}

function headPlace({ context, encoder }: Combination) {
  return { decoder: true, alignment: context.from === 'attention', series: true, source: encoder.layers.length > 0 }
}

/**
 * Where the decoder uses only copies of the encoder's final states, operations around the top layer (dropout,
 * normalisation, a residual connection) change only its outputs, which are not used.
 */
function unseenProblems(model: TransducerSections): Problem[] {
  const { encoder, decoder, context } = model
  const features = besideByOptions(model)
  const copies = decoder.receives === 'initial-state' && decoder.bridge !== 'dense' && !readsContext(decoder, context)
  if (
    context.from !== 'last-state' ||
    !copies ||
    disagreement(decoder, { ...buildEncoder(encoder, embeddedAxis), features }, 0) !== undefined
  )
    return []
  const { layerNorm, dropout, residual, layers } = encoder
  const unseen = { layerNorm, dropout: dropout > 0 && layers === 1, residual: residual && layers === 2 }
  const message = 'the decoder copies the final states, so this has no effect: it changes only the outputs'
  return Object.entries(unseen)
    .filter(([, written]) => written)
    .map(([name]) => ({
      path: `model.encoder.${name}`,
      message,
      hint: 'Use bridge: dense, which uses the outputs.',
    }))
}

const lastStateExists: Rule = ({ hasLast, context, decoder }) => {
  const former = context.from === 'attention' ? undefined : formers.get(context.from)
  if (hasLast) return []
  if (former?.needsLast) {
    const message = `${context.from} needs a last state, but a feed-forward encoder has none`
    return [{ path: 'model.context.from', message, hint: 'Use attention or all-states, or a recurrent encoder.' }]
  }
  if (former !== undefined || !startsFromContext(decoder)) return []
  const message = 'under attention the initial state comes from the last state, but a feed-forward encoder has none'
  return [{ path: 'model.decoder.receives', message, expected: 'every-step', received: decoder.receives }]
}

const decoderHasState: Rule = ({ decoder }) => {
  if (isRecurrent(decoder.cell) || !startsFromContext(decoder)) return []
  const message = `a ${decoder.cell.type} decoder has no state that C could initialise`
  return [{ path: 'model.decoder.receives', message, expected: 'every-step', received: decoder.receives }]
}

const learnedStateIsUsed: Rule = ({ decoder }) => {
  if (decoder.initialState === 'zero') return []
  const path = 'model.decoder.initialState'
  if (startsFromContext(decoder)) {
    const message = `with receives: ${decoder.receives} C is the initial state, so it cannot be learned`
    return [{ path, message, expected: 'zero, or receives: first-step or every-step' }]
  }
  if (isRecurrent(decoder.cell)) return []
  const message = `a ${decoder.cell.type} decoder has no state, so none can be learned`
  return [{ path, message, expected: 'zero, or a recurrent cell' }]
}

const scorerFits: Rule = ({ context, decoder, encoder }) => {
  if (context.from !== 'attention') return []
  const sizes = { query: renamed(topAxis(decoder), 'Q'), key: encoder.output, coverage: context.coverage !== undefined }
  const part: ScorerPart = scorers.get(context.scorer.type)
  const reason = part.refuse?.(context.scorer, sizes)
  if (reason === undefined) return []
  const hint = 'Make the sizes fit, or use general, which takes any.'
  return [{ path: 'model.context.scorer', message: reason, hint }]
}

/** Attention has a C for every step; after the cell it enters there at every step, whatever the initial state is. */
const attentionEnters: Rule = ({ context, decoder }) => {
  if (context.from !== 'attention' || decoder.receives === 'every-step' || decoder.receives === 'both') return []
  const once = decoder.receives === 'first-step'
  if (once || context.position === 'after') {
    const message = once
      ? 'attention forms a new C at every step, not only at the first'
      : 'attention after the cell enters at every step, not as the initial state alone'
    return [{ path: 'model.decoder.receives', message, expected: 'every-step or both', received: decoder.receives }]
  }
  if (readsContext(decoder, context)) return []
  const message = 'attention forms a new C at every step, but neither the cell nor the output layer uses it'
  const expected = 'output-and-context, or receives: every-step or both'
  return [{ path: 'model.decoder.readout', message, expected, received: decoder.readout }]
}

const feedingHasAVector: Rule = ({ context }) => {
  if (context.from !== 'attention' || !context.inputFeeding || context.position === 'after') return []
  const message =
    'input feeding passes the attentional vector h̃ to the next step, and only attention after the cell has one'
  const hint = 'Set position: after, or remove inputFeeding: before the cell, C itself is concatenated to the input.'
  return [{ path: 'model.context.inputFeeding', message, expected: 'false', received: 'true', hint }]
}

const bridgeIsUsed: Rule = ({ decoder }) => {
  if (decoder.bridge === 'automatic' || startsFromContext(decoder)) return []
  const message = `the bridge sets how C becomes the initial state, but with receives: ${decoder.receives} it does not become one`
  return [{ path: 'model.decoder.bridge', message, expected: 'automatic', received: decoder.bridge }]
}

const bridgeFits: Rule = ({ context, decoder, encoder, hasLast }) => {
  if (!startsFromContext(decoder) || decoder.bridge !== 'none' || (!hasLast && context.from !== 'all-states')) return []
  const copies = context.from === 'last-state' || context.from === 'attention'
  if (copies && encoder.layers.length > 0) return layersAgree(decoder, encoder)
  const axis = initialContextAxis(context, encoder)
  const others = Array.from({ length: decoder.layers }, (_, index) => hiddenAt(decoder.hidden, index)).filter(
    (hidden) => hidden !== axis.size,
  )
  return [...new Set(others)].map((hidden) => mismatch(`C has ${numbersText(axis)}, the decoder's state ${hidden}`))
}

function layersAgree(decoder: DecoderOptions, encoder: EncoderSizes): readonly Problem[] {
  const reasons = Array.from({ length: decoder.layers }, (_, index) => disagreement(decoder, encoder, index))
  return [...new Set(reasons)].flatMap((reason) => (reason === undefined ? [] : [mismatch(reason)]))
}

function mismatch(reason: string): Problem {
  const message = `without a bridge the encoder's state must fit the decoder's: ${reason}`
  return { path: 'model.decoder.bridge', message, expected: 'automatic or dense', received: 'none' }
}

const tiedFits: Rule = ({ decoder, context, encoder, target }) => {
  if (!decoder.tiedEmbedding) return []
  const path = 'model.decoder.tiedEmbedding'
  if (target.type !== 'embedding') {
    return [{ path, message: `the output layer can share an embedding's table, and the target has ${target.type}` }]
  }
  const sees = readoutAxis(decoder, context, contextAxis(decoder, context, encoder))
  if (sees.size === target.size) return []
  if (isUnknownSize(sees)) {
    const message = `the output layer reads ${numbersText(sees)}, but the target embedding has size ${target.size}: they cannot be tied`
    return [{ path, message, hint: 'Represent the features by an embedding, or do not tie them.' }]
  }
  const message = `the output layer has inputs of size ${sees.size}, but the target embedding has size ${target.size}: they cannot be tied`
  return [{ path, message, hint: `Make the target embedding's size ${sees.size}, or do not tie them.` }]
}

/** Features that are attended to have a C for every step, and a fixed C is next to it there, or is not there at all. */
const featuresEnter: Rule = ({ context, decoder, encoder: { features } }) => {
  if (features?.join !== 'attention' || context.from === 'attention') return []
  const path = 'model.features.join'
  if (decoder.receives === 'first-step') {
    const message = 'features that are attended to enter at every step, and C only at the first'
    return [{ path, message, hint: 'Set receives: initial-state, every-step or both; or join: context.' }]
  }
  if (decoder.receives !== 'initial-state' || !readsContext(decoder, context)) return []
  const message = 'with receives: initial-state C is not there at each step for the output layer to read'
  return [{ path: 'model.decoder.readout', message, expected: 'automatic, or receives: every-step or both' }]
}

const featureScorerFits: Rule = ({ decoder, encoder: { features } }) => {
  if (features?.join !== 'attention') return []
  return featureScorerProblems(features, renamed(topAxis(decoder), 'Q'))
}

const rules: readonly Rule[] = [
  featuresEnter,
  featureScorerFits,
  lastStateExists,
  decoderHasState,
  learnedStateIsUsed,
  scorerFits,
  attentionEnters,
  feedingHasAVector,
  bridgeIsUsed,
  bridgeFits,
  tiedFits,
]
