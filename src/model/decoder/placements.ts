import { at } from '../../core/lists.js'
import { concat, mul, splitSizes, tanh, zeros, zerosLike } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../axes.js'
import { joined as joinedAxes } from '../axes.js'
import {
  addAll,
  backpropInput,
  concatColumns,
  productOverRows,
  repeated,
  seriesOf,
  sumRows,
  tanhSlope,
} from '../gradients/series.js'
import { type DenseParameters, dense, denseParameters } from '../maps/dense.js'
import type { DecoderOptions } from '../options.js'
import type { ParameterTree, Params, ParamsOf } from '../parameters.js'
import type { ContextReader, ReaderBackward, ReaderStep } from './readers.js'
import type {
  AttentionPlacement,
  DecoderMemory,
  DecoderStart,
  DecoderState,
  Entering,
  Leaving,
  PlacementPass,
  PlacementSeries,
} from './types.js'

/** A placement; its functions receive what it declares. M: memory, S: state next to that of the cells. */
function placement<
  P extends ParameterTree,
  M extends DecoderMemory,
  S extends DecoderState,
  E extends Entering,
  R extends object,
  I extends object,
>(built: {
  readonly parameters: P
  readonly joined: Axis | undefined
  readonly zeroFirst?: boolean
  series?(memory: M, state: S, steps: number): PlacementSeries
  start(params: ParamsOf<P>, start: DecoderStart): { readonly memory: M; readonly state: S }
  enter(params: ParamsOf<P>, memory: M, state: S): E
  leave(params: ParamsOf<P>, memory: M, state: S, entering: E, output: Tensor2D): Leaving<R> & { readonly state: S }
  readonly backward?: {
    inputs(params: ParamsOf<P>, memory: M, state: S): I
    begin(inputs: I, steps: readonly R[]): PlacementPass<I>
  }
}): AttentionPlacement {
  return built
}

// ---- one fixed C -------------------------------------------------------------------------------------------------

/** C joins the input at every step, at the first alone, or never; `seen`: the output layer reads it too. */
export function fixedContext(context: Axis, receives: DecoderOptions['receives'], seen: boolean): AttentionPlacement {
  const always = receives === 'every-step' || receives === 'both'
  const once = receives === 'first-step'
  type Memory = { readonly context?: Tensor2D }
  type State = { readonly joined?: Tensor2D }
  return placement({
    parameters: {},
    joined: always || once ? context : undefined,
    start: (_, { fixed }): { memory: Memory; state: State } => {
      if (fixed === undefined) throw new RangeError('A fixed context is formed before the first step')
      return { memory: always || seen ? { context: fixed } : {}, state: once ? { joined: fixed } : {} }
    },
    enter: (_, memory, state) => ({ joined: always ? memory.context : state.joined }),
    leave: (_, memory, { joined }, __, output) => ({
      decoded: seen && memory.context !== undefined ? { output, context: memory.context } : { output },
      state: joined === undefined ? {} : { joined: zerosLike(joined) },
      residuals: {},
    }),
    series: ({ context }, state, steps) => ({
      ...(always && context !== undefined ? { joined: repeated(context, steps) } : {}),
      ...(state.joined === undefined ? {} : { joined: firstOnly(state.joined, steps) }),
      ...(seen && context !== undefined ? { contexts: repeated(context, steps) } : {}),
    }),
  })
}

/** [B,C] at the first step, zeros after it: [T*B,C]. */
function firstOnly(context: Tensor2D, steps: number): Tensor2D {
  const [batch, size] = context.shape
  return steps === 1 ? context : concat([context, zeros([(steps - 1) * batch, size])], 0)
}

// ---- a C at each step, before the cells ----------------------------------------------------------------------------

/** Bahdanau et al. 2015: the query is the previous top output; C_t joins the input of the cells, where it `joins`. */
export function attentionBefore(attention: ContextReader, joins: boolean): AttentionPlacement {
  const { backward } = attention
  return placement({
    parameters: { attention: attention.parameters },
    joined: joins ? attention.output : undefined,
    start: (p, { output, ...start }) => {
      const memory = attention.memory(p.attention, start)
      return { memory, state: { query: output, attention: attention.initialState(memory) } }
    },
    enter: (p, memory, { query, attention: state }: { query: Tensor2D; attention: DecoderState }) => {
      const attended = attention.step(p.attention, query, memory, state)
      return { joined: joins ? attended.context : undefined, attended }
    },
    leave: (_, __, ___, { attended }, output) => ({
      decoded: { output, ...seenOf(attended) },
      state: { query: output, attention: attended.state },
      residuals: { attended: attended.residuals, context: attended.context },
    }),
    ...(backward === undefined ? {} : { backward: beforeBackward(backward, joins) }),
  })
}

interface BeforeInputs {
  readonly attention: object
  /** The first query [B,H]. */
  readonly query: Tensor2D
}

interface BeforeResiduals {
  readonly attended: object
  readonly context: Tensor2D
}

/** C_t has a gradient through the projected input, and the query of step t + 1 gives one to the output of step t. */
function beforeBackward(backward: ReaderBackward, joins: boolean) {
  return {
    inputs: (p: { attention: Params }, memory: DecoderMemory, { query }: { query: Tensor2D }): BeforeInputs => ({
      attention: backward.inputs(p.attention, memory),
      query,
    }),
    begin: (inputs: BeforeInputs, steps: readonly BeforeResiduals[]): PlacementPass<BeforeInputs> => {
      const gradients = new Array<ReturnType<ReaderBackward['step']>>(steps.length)
      let query: Tensor2D | undefined
      return {
        leave: (_, { output }) => addAll(output, query),
        enter: (t, { context, alignment }, joined) => {
          const { attended } = at(steps, t)
          const stepped = backward.step(inputs.attention, attended, addAll(joined(), context), alignment)
          gradients[t] = stepped
          query = stepped.query
        },
        joined: () => (joins ? steps.map(({ context }) => context) : undefined),
        gradients: () => {
          const attended = steps.map((step) => step.attended)
          return {
            attention: backward.parameters(inputs.attention, attended, gradients),
            query: query ?? zerosLike(inputs.query),
          }
        },
      }
    },
  }
}

// ---- attention after the cells -----------------------------------------------------------------------------------

/**
 * Luong et al. 2015: the query is the new top output, and h̃_t = tanh(W_c [C_t; h_t] + b) is what the decoder gives
 * (their (5), with a bias). Where it `feeds`, it joins the next input, zeros the first (their section 3.3).
 */
export function attentionAfter(attention: ContextReader, hidden: Axis, feeds: boolean): AttentionPlacement {
  const { backward } = attention
  return placement({
    parameters: {
      attention: attention.parameters,
      joint: denseParameters(joinedAxes(attention.output, hidden), hidden),
    },
    joined: feeds ? hidden : undefined,
    zeroFirst: true,
    start: (p, { output, ...start }) => {
      const memory = attention.memory(p.attention, start)
      const fed = feeds ? { fed: zerosLike(output) } : {}
      return { memory, state: { ...fed, attention: attention.initialState(memory) } }
    },
    enter: (_, __, { fed }: AfterState) => ({ joined: fed }),
    leave: (p, memory, state, _, query) => {
      const attended = attention.step(p.attention, query, memory, state.attention)
      const pair = concatColumns(attended.context, query)
      const output = tanh(dense(p.joint, pair))
      return {
        decoded: { output, ...seenOf(attended) },
        state: { ...(feeds ? { fed: output } : {}), attention: attended.state },
        residuals: { attended: attended.residuals, pair, output },
      }
    },
    ...(backward === undefined ? {} : { backward: afterBackward(backward, attention.output, feeds) }),
  })
}

type AfterState = { readonly fed?: Tensor2D; readonly attention: DecoderState }

interface AfterInputs {
  readonly attention: object
  readonly joint: ParamsOf<DenseParameters>
}

/** `pair`: [C_t; h_t] [B,C+H]; `output`: h̃_t [B,H]. */
interface AfterResiduals {
  readonly attended: object
  readonly pair: Tensor2D
  readonly output: Tensor2D
}

/** Of h̃_t before its tanh come C_t's gradient and that of h_t; with input feeding h̃_t has one through step t + 1. */
function afterBackward(backward: ReaderBackward, context: Axis, feeds: boolean) {
  return {
    inputs: (
      p: { readonly attention: Params; readonly joint: ParamsOf<DenseParameters> },
      memory: DecoderMemory,
    ): AfterInputs => ({ attention: backward.inputs(p.attention, memory), joint: p.joint }),
    begin: (inputs: AfterInputs, steps: readonly AfterResiduals[]): PlacementPass<AfterInputs> => {
      const [gradients, sums] = [
        new Array<ReturnType<ReaderBackward['step']>>(steps.length),
        new Array<Tensor2D>(steps.length),
      ]
      const hidden = inputs.joint.bias.shape[0]
      let fed: Tensor2D | undefined
      return {
        leave: (t, gradient) => {
          const sum = mul(addAll(gradient.output, fed), tanhSlope(at(steps, t).output))
          const [ofContext, ofOutput] = splitSizes(backpropInput(sum, inputs.joint.kernel), [context.size, hidden], 1)
          const whole = addAll(ofContext, gradient.context)
          const stepped = backward.step(inputs.attention, at(steps, t).attended, whole, gradient.alignment)
          gradients[t] = stepped
          sums[t] = sum
          return addAll(ofOutput, stepped.query)
        },
        enter: (t, _, joined) => {
          fed = t === 0 ? undefined : joined()
        },
        joined: () => {
          const outputs = steps.map(({ output }) => output)
          return feeds ? [zerosLike(at(outputs, 0)), ...outputs.slice(0, -1)] : undefined
        },
        gradients: () => {
          const ofSums = seriesOf(sums)
          const pairs = seriesOf(steps.map(({ pair }) => pair))
          const attended = steps.map((step) => step.attended)
          return {
            joint: { kernel: productOverRows(pairs, ofSums), bias: sumRows(ofSums) },
            attention: backward.parameters(inputs.attention, attended, gradients),
          }
        },
      }
    },
  }
}

function seenOf({ context, alignment, penalty }: ReaderStep) {
  return { context, ...(alignment && { alignment }), ...(penalty && { penalty }) }
}
