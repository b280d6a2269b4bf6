import { concat } from '../../core/ops.js'
import { subtree } from '../../core/tree.js'
import { type Axis, joined, renamed, units } from '../axes.js'
import { type ContextChoice, formers } from '../context/index.js'
import { lastOf } from '../context/last-state.js'
import type { Context } from '../context/types.js'
import type { Encoded } from '../encoder/types.js'
import type { DecoderOptions } from '../options.js'
import type { Params } from '../parameters.js'
import { type Attention, buildAttention } from './attention.js'
import { type Bridge, buildBridge } from './bridge.js'
import type { Decoder, DecoderDescription } from './built-decoder.js'
import { readoutAxis, readsContext, startsFromContext } from './entry.js'
import { handwritten } from './handwritten.js'
import { projectedInput } from './loop.js'
import { attentionAfter, attentionBefore, fixedContext } from './placements.js'
import { layerByLayer } from './series.js'
import { buildStack, dropoutSpec } from './stack.js'
import { type Loop, takeStep } from './step.js'
import type { AttentionPlacement, DecoderStart, DecodeSeries, EncoderSizes, Stack } from './types.js'

/** How C is formed and enters, the stack of cells, and what the output layer reads; `embedded` is E. */
export function buildDecoder(
  options: DecoderOptions,
  choice: ContextChoice,
  embedded: Axis,
  encoder: EncoderSizes,
): Decoder {
  const fixed = choice.from === 'attention' ? undefined : formers.build(choice, { outputs: encoder.output })
  const context = fixed?.output ?? encoder.output
  const attention = attentionOf(options, choice, encoder)
  const placement = place(options, choice, context, attention)
  const input = placement.joined === undefined ? embedded : joined(embedded, placement.joined)
  const stack = buildStack(options, input)
  const cells = stack.layers.map(({ cell }) => cell)
  const bridge = startsFromContext(options) ? buildBridge(options, choice.from, context, encoder, cells) : undefined
  const loop = { stack, placement }
  const seen = readsContext(options, choice)
  const series = seriesOf(options, choice, loop, seen)
  return {
    parameters: {
      ...placement.parameters,
      ...(fixed === undefined ? {} : { context: fixed.parameters }),
      ...(bridge === undefined ? {} : { bridge: bridge.parameters }),
      stack: stack.parameters,
    },
    ...loop,
    hasAlignment: attention !== undefined,
    context,
    output: readoutAxis(options, choice, context),
    description: describe({
      options,
      choice,
      embedded,
      encoder,
      input,
      context,
      stack,
      placement,
      fixed,
      attention,
      bridge,
    }),
    noise: (shape) => ({ ...stack.noise(shape), ...Object.fromEntries(dropoutSpec('output', options, shape)) }),
    start: (params, encoded) => {
      const started = begin(params, encoded, { fixed, bridge, stack })
      const { memory, state } = placement.start(params, started)
      return { memory, state: { layers: started.layers, ...state } }
    },
    step: (params, x, memory, state, dropout) =>
      takeStep(loop, params, projectedInput(loop, params, x), memory, state, dropout),
    ...(series === undefined ? {} : { series }),
    readout: (outputs, contexts) => (seen && contexts !== undefined ? concat([outputs, contexts], 1) : outputs),
  }
}

function attentionOf(options: DecoderOptions, choice: ContextChoice, { output }: EncoderSizes): Attention | undefined {
  if (choice.from !== 'attention') return undefined
  return buildAttention(choice, { query: renamed(units('H', options.hidden), 'Q'), key: renamed(output, 'D') })
}

function place(
  options: DecoderOptions,
  choice: ContextChoice,
  context: Axis,
  attention: Attention | undefined,
): AttentionPlacement {
  if (choice.from !== 'attention' || attention === undefined) {
    return fixedContext(context, options.receives, readsContext(options, choice))
  }
  return choice.position === 'before'
    ? attentionBefore(attention, options.receives !== 'initial-state')
    : attentionAfter(attention, units('H', options.hidden), choice.inputFeeding)
}

/** How all steps are taken at once, where they can be (`Decoder.series`). */
function seriesOf(options: DecoderOptions, choice: ContextChoice, loop: Loop, seen: boolean): DecodeSeries | undefined {
  const { series, backward } = loop.placement
  if (series !== undefined) return layerByLayer(options, loop.stack, series)
  if (backward === undefined || options.layerNorm || options.residual) return undefined
  return handwritten(loop, backward, seen || (choice.from === 'attention' && choice.position === 'before'))
}

/** C and the first states; under attention the last state takes the place of C there. */
function begin(
  params: Params,
  encoded: Encoded,
  parts: { fixed: Context | undefined; bridge: Bridge | undefined; stack: Stack },
): DecoderStart {
  const fixed = parts.fixed?.form(subtree(params, 'context'), encoded)
  const known = { encoded, ...(fixed === undefined ? {} : { fixed }) }
  const first =
    parts.bridge === undefined
      ? parts.stack.first(subtree(params, 'stack'), encoded.mask.shape[0])
      : parts.bridge.start(subtree(params, 'bridge'), fixed ?? lastOf(encoded), encoded)
  return { ...known, layers: first.state, output: first.output }
}

function describe(parts: {
  readonly options: DecoderOptions
  readonly choice: ContextChoice
  readonly embedded: Axis
  readonly encoder: EncoderSizes
  readonly input: Axis
  readonly context: Axis
  readonly stack: Stack
  readonly placement: AttentionPlacement
  readonly fixed: Context | undefined
  readonly attention: Attention | undefined
  readonly bridge: Bridge | undefined
}): DecoderDescription {
  const { options, choice, embedded, encoder, input, context, stack, placement, fixed, attention, bridge } = parts
  const { attention: _, ...joining } = placement.parameters
  return {
    options,
    choice,
    embedded,
    outputs: encoder.output,
    context,
    input,
    readout: readoutAxis(options, choice, context),
    cells: stack.layers.map(({ cell }) => cell),
    ...(fixed === undefined ? {} : { fixed }),
    ...(attention === undefined ? {} : { scorer: attention.parameters, joining }),
    ...(bridge === undefined ? {} : { bridge }),
  }
}
