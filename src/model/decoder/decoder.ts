import { type Tensor2D, tf } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import type { ContextChoice, FormerChoice } from '../context/index.js'
import { formers } from '../context/index.js'
import type { DecoderOptions } from '../options.js'
import type {
  ContextFormer,
  DecoderMemory,
  DecoderState,
  Encoded,
  Encoder,
  NoiseSpec,
  ParameterSpec,
  Params,
} from '../types.js'
import { buildAttention } from './attention.js'
import { type Bridge, buildBridge } from './bridge.js'
import { type FastDecoder, fastDecoder } from './fast.js'
import { buildStack, dropoutSpec, type Stack } from './stack.js'
import { attentionAfter, attentionBefore, type Beginning, fixedContext, type Meeting, type Step } from './steps.js'

/** What a decoder must know of an encoder before there is a tensor. */
export type EncoderSizes = Pick<Encoder, 'layers' | 'outputSize'>

/** How C is formed and enters, the stack of cells, and what the output layer sees. */
export interface Decoder {
  readonly parameters: Tree<ParameterSpec>
  readonly stack: Stack
  readonly hasAlignment: boolean
  /** Size of `readout`'s result. */
  readonly readoutSize: number
  /** Dropout between layers, by layer name, and on the top `output` [B,T,H]. */
  noise(shape: { readonly batch: number; readonly steps: number }): Tree<NoiseSpec>
  start(params: Params, encoded: Encoded): { memory: DecoderMemory; state: DecoderState }
  readonly step: Step
  /** All steps under teacher forcing at once, where the parts have gradients derived by hand. */
  readonly fast?: FastDecoder | undefined
  /** What the output layer sees of steps: outputs [N,H], contexts [N,C] -> [N,readoutSize]. */
  readout(outputs: Tensor2D, contexts: Tensor2D | undefined): Tensor2D
}

interface Former {
  readonly size: number
  readonly parameters: Tree<ParameterSpec>
  form(params: Params, encoded: Encoded): Tensor2D
}

export function buildDecoder(
  options: DecoderOptions,
  context: ContextChoice,
  embedded: number,
  encoder: EncoderSizes,
): Decoder {
  const former = context.from === 'attention' ? undefined : buildFormer(context, encoder)
  const contextSize = former?.size ?? encoder.outputSize
  const stack = buildStack(options, embedded + besideSize(options, context, contextSize))
  const bridge = startsFromContext(options) ? buildBridge(options, context.from, contextSize, encoder) : undefined
  const meeting = meet(options, context, stack, encoder)
  return {
    parameters: {
      ...meeting.parameters,
      ...(former === undefined ? {} : { context: former.parameters }),
      ...(bridge === undefined ? {} : { bridge: bridge.parameters }),
      stack: stack.parameters,
    },
    stack,
    hasAlignment: context.from === 'attention',
    readoutSize: readoutSize(options, context, contextSize),
    noise: (shape) => ({ ...stack.noise(shape), ...Object.fromEntries(dropoutSpec('output', options, shape)) }),
    start: (params, encoded) => meeting.start(params, begin(params, encoded, { former, bridge, stack })),
    step: meeting.step,
    fast: fastDecoder(options, context, readsContext(options, context)),
    readout: (outputs, contexts) =>
      readsContext(options, context) && contexts !== undefined ? tf.concat([outputs, contexts], 1) : outputs,
  }
}

/** Whether C makes the initial state. */
export function startsFromContext({ receives }: DecoderOptions): boolean {
  return receives === 'initial-state' || receives === 'both'
}

/** Whether the output layer sees C beside the top output. */
export function readsContext({ readout }: DecoderOptions, context: ContextChoice): boolean {
  if (readout !== 'automatic') return readout === 'output-and-context'
  return context.from === 'attention' && context.position === 'before'
}

/** How many numbers the output layer sees. */
export function readoutSize(options: DecoderOptions, context: ContextChoice, contextSize: number): number {
  return options.hidden + (readsContext(options, context) ? contextSize : 0)
}

/** Size of C. */
export function sizeOfContext(context: ContextChoice, encoder: EncoderSizes): number {
  return context.from === 'attention' ? encoder.outputSize : buildFormer(context, encoder).size
}

/** Numbers beside the embedded input: C, or the joined vector under input feeding. */
function besideSize({ receives, hidden }: DecoderOptions, context: ContextChoice, contextSize: number): number {
  if (receives === 'initial-state') return 0
  return context.from === 'attention' && context.position === 'after' ? hidden : contextSize
}

function buildFormer(choice: FormerChoice, { outputSize }: EncoderSizes): Former {
  const part: ContextFormer = formers.parts[choice.from]
  return {
    size: part.size(choice, { outputs: outputSize }),
    parameters: part.parameters(choice, { outputs: outputSize }),
    form: (params, encoded) => part.form(choice, params, encoded).vector,
  }
}

function meet(options: DecoderOptions, context: ContextChoice, stack: Stack, encoder: EncoderSizes): Meeting {
  const beside = options.receives !== 'initial-state'
  if (context.from !== 'attention') return fixedContext(stack, options.receives, readsContext(options, context))
  const attention = buildAttention(context, { query: options.hidden, key: encoder.outputSize })
  return context.position === 'before'
    ? attentionBefore(stack, attention, beside)
    : attentionAfter(stack, attention, options.hidden, beside)
}

/** C and the first states; under attention the last state stands in for C there. */
function begin(
  params: Params,
  encoded: Encoded,
  parts: { former: Former | undefined; bridge: Bridge | undefined; stack: Stack },
): Beginning {
  const { former, bridge, stack } = parts
  const fixed = former?.form(subtree(params, 'context'), encoded)
  const known = { encoded, ...(fixed === undefined ? {} : { fixed }) }
  const first =
    bridge === undefined
      ? stack.first(subtree(params, 'stack'), encoded.mask.shape[0])
      : bridge.start(subtree(params, 'bridge'), (fixed ?? encoded.last) as Tensor2D, encoded)
  return { ...known, layers: first.state, output: first.output }
}
