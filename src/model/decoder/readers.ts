import { add, splitSizes } from '../../core/ops.js'
import type { Tensor1D, Tensor2D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { type Axis, joined } from '../axes.js'
import type { AttentionResiduals } from '../gradients/attention.js'
import { addAll, concatColumns } from '../gradients/series.js'
import type { ParameterTree, Params } from '../parameters.js'
import type { Attention, AttentionMemory, AttentionState } from './attention.js'
import type { DecoderMemory, DecoderStart, DecoderState } from './types.js'

// What gives a C at each step: attention to the source, attention to features, a vector that stays the same; or two of
// them, whose vectors are put side by side.

/** What a step gives. */
export interface ReaderStep<S extends DecoderState = DecoderState, R extends object = object> {
  /** C [B,C]. */
  readonly context: Tensor2D
  /** [B,S], of the source alone. */
  readonly alignment?: Tensor2D
  /** [B]. */
  readonly penalty?: Tensor1D
  readonly state: S
  /** What the backward pass needs. */
  readonly residuals: R
}

/** The results of a step's backward pass: the gradient of the query [B,Q], where it was read. */
interface ReaderGradient {
  readonly query?: Tensor2D | undefined
}

/** The handwritten gradient. */
export interface ReaderBackward<
  I extends object = object,
  R extends object = object,
  G extends ReaderGradient = ReaderGradient,
> {
  /** What has a gradient: parameters and memory. */
  inputs(params: Params, memory: DecoderMemory): I
  /** Gradients of C [B,C], and of the alignment [B,S] where something else reads it. */
  step(inputs: I, residuals: R, context: Tensor2D, alignment: Tensor2D | undefined): G
  /** Gradients of the inputs out of all steps. */
  parameters(inputs: I, steps: readonly R[], gradients: readonly G[]): I
}

export interface ContextReader {
  readonly parameters: ParameterTree
  /** C. */
  readonly output: Axis
  memory(params: Params, start: Pick<DecoderStart, 'encoded' | 'fixed'>): DecoderMemory
  initialState(memory: DecoderMemory): DecoderState
  /** `query` [B,Q] is an output of the decoder. */
  step(params: Params, query: Tensor2D, memory: DecoderMemory, state: DecoderState): ReaderStep
  readonly backward?: ReaderBackward
}

/** A reader; its functions receive what it declares. M: memory, S: state. */
function reader<
  M extends DecoderMemory,
  S extends DecoderState,
  R extends object,
  I extends object,
  G extends ReaderGradient,
>(built: {
  readonly parameters: ParameterTree
  readonly output: Axis
  memory(params: Params, start: Pick<DecoderStart, 'encoded' | 'fixed'>): M
  initialState(memory: M): S
  step(params: Params, query: Tensor2D, memory: M, state: S): ReaderStep<S, R>
  readonly backward?: {
    inputs(params: Params, memory: M): I
    step(inputs: I, residuals: R, context: Tensor2D, alignment: Tensor2D | undefined): G
    parameters(inputs: I, steps: readonly R[], gradients: readonly G[]): I
  }
}): ContextReader {
  return built
}

/** Attention to the source. */
export function attentionReader(attention: Attention): ContextReader {
  const { parameters, output, backward } = attention
  return reader({
    parameters,
    output,
    memory: (params, { encoded }) => attention.memory(params, encoded),
    initialState: attention.initialState,
    step: (params, query, memory: AttentionMemory, before: AttentionState) => {
      const { context, alignment, state, penalty, scored } = attention.step(params, query, memory, before)
      const residuals: AttentionResiduals = { query, alignment, scored }
      return { context, alignment, state, residuals, ...(penalty && { penalty }) }
    },
    ...(backward && { backward }),
  })
}

/** Attention to features: its weights are no alignment with the source. */
export function featureReader(attention: Attention): ContextReader {
  const own = attentionReader(attention)
  return {
    ...own,
    memory: (params, { encoded: { features } }) => {
      if (features === undefined || !('outputs' in features)) throw new RangeError('There are no features to attend to')
      return attention.memory(params, features)
    },
    step: (...of) => {
      const { context, state, residuals } = own.step(...of)
      return { context, state, residuals }
    },
  }
}

type Fixed = { readonly fixed: Tensor2D }
type FixedGradient = ReaderGradient & { readonly context: Tensor2D }

/** A vector [B,C] that is the same at each step. */
export function fixedReader(output: Axis, from: (start: Pick<DecoderStart, 'encoded' | 'fixed'>) => Tensor2D) {
  return reader({
    parameters: {},
    output,
    memory: (_, start): Fixed => ({ fixed: from(start) }),
    initialState: () => ({}),
    step: (_, __, { fixed }, state) => ({ context: fixed, state, residuals: {} }),
    backward: {
      inputs: (_, { fixed }: Fixed): Fixed => ({ fixed }),
      step: (_, __, context): FixedGradient => ({ context, query: undefined }),
      parameters: (_, __, gradients: readonly FixedGradient[]) => ({
        fixed: addAll(...gradients.map(({ context }) => context)),
      }),
    },
  })
}

/** The summary of features, where there is one. Throws RangeError where there is none. */
export function summaryOf({ features }: Pick<DecoderStart['encoded'], 'features'>): Tensor2D {
  if (features === undefined || !('summary' in features)) throw new RangeError('There is no summary of features')
  return features.summary
}

interface Pair<T> {
  readonly own: T
  readonly features: T
}

/** C' = [C; f]: a reader with one of features next to it, whose parameters, memory and state are under `features`. */
export function sideBySide(own: ContextReader, features: ContextReader): ContextReader {
  const backward = pairBackward(own, features)
  return reader({
    parameters: { ...own.parameters, ...(isEmpty(features.parameters) ? {} : { features: features.parameters }) },
    output: joined(own.output, features.output),
    memory: (params, start) => ({
      ...own.memory(params, start),
      features: features.memory(featureParams(params), start),
    }),
    initialState: (memory: DecoderMemory) => {
      const state = features.initialState(subtree(memory, 'features'))
      return { ...own.initialState(memory), ...(isEmpty(state) ? {} : { features: state }) }
    },
    step: (params, query, memory: DecoderMemory, state: DecoderState) => {
      const first = own.step(params, query, memory, state)
      const before = 'features' in state ? subtree(state, 'features') : {}
      const second = features.step(featureParams(params), query, subtree(memory, 'features'), before)
      const { alignment, penalty } = first
      return {
        context: concatColumns(first.context, second.context),
        state: { ...first.state, ...(isEmpty(second.state) ? {} : { features: second.state }) },
        residuals: { own: first.residuals, features: second.residuals },
        ...(alignment && { alignment }),
        ...(penalty && { penalty }),
      }
    },
    ...(backward && { backward }),
  })
}

function isEmpty(tree: object): boolean {
  return Object.keys(tree).length === 0
}

function featureParams(params: Params): Params {
  return 'features' in params ? subtree(params, 'features') : {}
}

/** The gradient of C' is cut in two. */
function pairBackward(own: ContextReader, features: ContextReader): ReaderBackward | undefined {
  const [first, second] = [own.backward, features.backward]
  if (first === undefined || second === undefined) return undefined
  const sizes = [own.output.size, features.output.size]
  const backward: ReaderBackward<Pair<object>, Pair<object>, Pair<ReaderGradient> & ReaderGradient> = {
    inputs: (params, memory) => ({
      own: first.inputs(params, memory),
      features: second.inputs(featureParams(params), subtree(memory, 'features')),
    }),
    step: (inputs, residuals, context, alignment) => {
      const [ofOwn, ofFeatures] = splitSizes(context, sizes, 1)
      const pair = {
        own: first.step(inputs.own, residuals.own, ofOwn ?? context, alignment),
        features: second.step(inputs.features, residuals.features, ofFeatures ?? context, undefined),
      }
      const { query } = pair.own
      return {
        ...pair,
        query: query && pair.features.query ? add(query, pair.features.query) : (query ?? pair.features.query),
      }
    },
    parameters: (inputs, steps, gradients) => ({
      own: first.parameters(
        inputs.own,
        steps.map((step) => step.own),
        gradients.map((gradient) => gradient.own),
      ),
      features: second.parameters(
        inputs.features,
        steps.map((step) => step.features),
        gradients.map((gradient) => gradient.features),
      ),
    }),
  }
  return backward
}
