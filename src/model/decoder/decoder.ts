import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import type { ContextChoice, FormerChoice } from '../context/index.js'
import { formers } from '../context/index.js'
import type { DecoderOptions } from '../options.js'
import type {
  Attention,
  ContextFormer,
  Decoded,
  DecoderMemory,
  DecoderState,
  Encoded,
  Encoder,
  Memory,
  NoiseSpec,
  ParameterSpec,
  Params,
} from '../types.js'
import { buildAttention } from './attention.js'
import { type Bridge, buildBridge } from './bridge.js'
import { buildStack, type Stack, type StepDropout } from './stack.js'

/** How C is formed and enters, the stack of cells, and what the output layer sees. */
export interface Decoder {
  readonly parameters: Tree<ParameterSpec>
  /** The layers that have dropout before them; see `dropoutBySteps`. */
  readonly stack: Stack
  readonly attention?: Attention
  /** Size of `readout`'s result. */
  readonly readoutSize: number
  noise(shape: { readonly batch: number; readonly steps: number }): Tree<NoiseSpec>
  start(params: Params, encoded: Encoded): { memory: DecoderMemory; state: DecoderState }
  /** input [B,E], the embedded previous symbol. */
  step(
    params: Params,
    input: Tensor2D,
    memory: DecoderMemory,
    state: DecoderState,
    dropout: StepDropout,
  ): { decoded: Decoded; state: DecoderState }
  /** What the output layer sees of steps: outputs [N,H] (dropped by `dropout` [N,H]), contexts [N,C] -> [N,readoutSize]. */
  readout(outputs: Tensor2D, contexts: Tensor2D | undefined, dropout: Tensor2D | undefined): Tensor2D
}

/** What the options come to, once. */
interface Plan {
  readonly options: DecoderOptions
  readonly stack: Stack
  readonly contextSize: number
  readonly attention?: Attention
  readonly former?: {
    readonly part: ContextFormer
    readonly choice: FormerChoice
    readonly parameters: Tree<ParameterSpec>
  }
  readonly bridge?: Bridge
  /** C beside the input at every step. */
  readonly beside: boolean
  readonly readsContext: boolean
}

export function buildDecoder(
  options: DecoderOptions,
  context: ContextChoice,
  embedded: number,
  encoder: Encoder,
): Decoder {
  const plan = planDecoder(options, context, embedded, encoder)
  const { stack, attention, contextSize, readsContext } = plan
  return {
    parameters: {
      ...(attention === undefined ? {} : { attention: attention.parameters }),
      ...(plan.former === undefined ? {} : { context: plan.former.parameters }),
      ...(plan.bridge === undefined ? {} : { bridge: plan.bridge.parameters }),
      stack: stack.parameters,
    },
    stack,
    ...(attention === undefined ? {} : { attention }),
    readoutSize: options.hidden + (readsContext ? contextSize : 0),
    noise: ({ batch, steps }) => ({ ...stack.noise({ batch, steps }), ...outputNoise(options, [batch, steps]) }),
    start: (params, encoded) => startDecoder(plan, params, encoded),
    step: (params, input, memory, state, dropout) =>
      attention === undefined
        ? stepFixed(plan, params, input, memory, state, dropout)
        : stepAttending(plan, attention, params, input, memory, state, dropout),
    readout: (outputs, contexts, dropout) => {
      const dropped: Tensor2D = dropout === undefined ? outputs : tf.mul(outputs, dropout)
      return readsContext && contexts !== undefined ? tf.concat([dropped, contexts], 1) : dropped
    },
  }
}

function planDecoder(options: DecoderOptions, context: ContextChoice, embedded: number, encoder: Encoder): Plan {
  const former = context.from === 'attention' ? undefined : planFormer(context, encoder)
  const sizes = { query: options.hidden, key: encoder.outputSize }
  const attention = context.from === 'attention' ? buildAttention(context, sizes) : undefined
  const contextSize = former?.size ?? encoder.outputSize
  const beside = options.receives !== 'initial-state'
  const bridged = options.receives !== 'every-step'
  return {
    options,
    contextSize,
    beside,
    readsContext: readsContext(options, context.from),
    stack: buildStack(options, embedded + (beside ? contextSize : 0)),
    ...(attention === undefined ? {} : { attention }),
    ...(former === undefined ? {} : { former }),
    ...(bridged ? { bridge: buildBridge(options, context.from, contextSize, encoder) } : {}),
  }
}

function planFormer(choice: FormerChoice, encoder: Encoder) {
  const part: ContextFormer = formers.parts[choice.from]
  const sizes = { outputs: encoder.outputSize }
  return { part, choice, size: part.size(choice, sizes), parameters: part.parameters(choice, sizes) }
}

/** Whether the output layer sees C beside the top output. */
export function readsContext({ readout }: DecoderOptions, from: ContextChoice['from']): boolean {
  return readout === 'output-and-context' || (readout === 'automatic' && from === 'attention')
}

function outputNoise({ dropout: rate, hidden }: DecoderOptions, [batch, steps]: [number, number]): Tree<NoiseSpec> {
  return rate === 0 ? {} : { output: { kind: 'dropout', shape: [batch, steps, hidden], rate } }
}

/** Memory (what attention looks back at, or the fixed C where steps need it) and the first state. */
function startDecoder(plan: Plan, params: Params, encoded: Encoded): { memory: DecoderMemory; state: DecoderState } {
  const { attention, former, bridge, stack, options } = plan
  const fixed = former?.part.form(former.choice, subtree(params, 'context'), encoded).vector
  const batch = encoded.mask.shape[0]
  const first = bridge?.start(subtree(params, 'bridge'), (fixed ?? encoded.last) as Tensor2D, encoded)
  const layers = first?.state ?? stack.zeros(batch)
  if (attention === undefined) {
    return { memory: plan.beside || plan.readsContext ? { context: fixed as Tensor2D } : {}, state: { layers } }
  }
  const memory = attention.memory(subtree(params, 'attention'), encoded)
  const query = first?.output ?? tf.zeros([batch, options.hidden])
  return { memory, state: { layers, query, attention: attention.initialState(memory) } }
}

function stepFixed(
  { stack, beside, readsContext: reads }: Plan,
  params: Params,
  input: Tensor2D,
  memory: DecoderMemory,
  state: DecoderState,
  dropout: StepDropout,
) {
  const x = beside ? tf.concat([input, tensor<Tensor2D>(memory, 'context')], 1) : input
  const stepped = stack.step(subtree(params, 'stack'), x, subtree(state, 'layers'), dropout)
  const decoded = reads ? { output: stepped.output, context: tensor<Tensor2D>(memory, 'context') } : stepped
  return { decoded: decoded as Decoded, state: { layers: stepped.state } }
}

/** Bahdanau et al. 2015: the query is the previous top output, and C_t enters the cell beside the input. */
function stepAttending(
  { stack, beside }: Plan,
  attention: Attention,
  params: Params,
  input: Tensor2D,
  memory: DecoderMemory,
  state: DecoderState,
  dropout: StepDropout,
) {
  const query = tensor<Tensor2D>(state, 'query')
  const attended = attention.step(subtree(params, 'attention'), query, asMemory(memory), subtree(state, 'attention'))
  const x = beside ? tf.concat([input, attended.context], 1) : input
  const stepped = stack.step(subtree(params, 'stack'), x, subtree(state, 'layers'), dropout)
  const { state: attentionState, ...seen } = attended
  return {
    decoded: { output: stepped.output, ...seen },
    state: { layers: stepped.state, query: stepped.output, attention: attentionState },
  }
}

function asMemory(memory: DecoderMemory): Memory {
  const keys = memory.keys === undefined ? {} : { keys: tensor<Tensor3D>(memory, 'keys') }
  return { ...keys, values: tensor<Tensor3D>(memory, 'values'), bias: tensor<Tensor2D>(memory, 'bias') }
}
