import { type Tensor2D, tf } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import type { ContextChoice } from '../context/index.js'
import type { DecoderOptions } from '../options.js'
import type { Encoded, Params } from '../types.js'
import { buildAttention } from './attention.js'
import { type Bridge, buildBridge } from './bridge.js'
import { besideSize, buildFormer, type Former, readoutSize, readsContext, startsFromContext } from './entry.js'
import { fastDecoder } from './fast.js'
import { buildStack, dropoutSpec } from './stack.js'
import { attentionAfter, attentionBefore, type Beginning, fixedContext, type Meeting } from './steps.js'
import type { Decoder, EncoderSizes, Stack } from './types.js'

/** How C is formed and enters, the stack of cells, and what the output layer sees; `embedded` is E. */
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

function meet(options: DecoderOptions, context: ContextChoice, stack: Stack, encoder: EncoderSizes): Meeting {
  if (context.from !== 'attention') return fixedContext(stack, options.receives, readsContext(options, context))
  const attention = buildAttention(context, { query: options.hidden, key: encoder.outputSize })
  return context.position === 'before'
    ? attentionBefore(stack, attention, options.receives !== 'initial-state')
    : attentionAfter(stack, attention, options.hidden, context.inputFeeding)
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
