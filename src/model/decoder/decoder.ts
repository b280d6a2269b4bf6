import { concat } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { type Axis, joined, renamed } from '../axes.js'
import { type ContextChoice, formers } from '../context/index.js'
import { lastOf } from '../context/last-state.js'
import type { Context } from '../context/types.js'
import type { Encoded } from '../encoder/types.js'
import type { FeaturesBeside } from '../features/read.js'
import type { DecoderOptions } from '../options.js'
import type { Params } from '../parameters.js'
import { topAxis } from '../widths.js'
import { type Attention, buildAttention } from './attention.js'
import { type Bridge, buildBridge } from './bridge.js'
import type { Decoder, DecoderDescription } from './built-decoder.js'
import { contextAxis, initialContextAxis, readoutAxis, readsContext, startsFromContext } from './entry.js'
import { handwritten } from './handwritten.js'
import { projectedInput } from './loop.js'
import { attentionAfter, attentionBefore, fixedContext } from './placements.js'
import { attentionReader, type ContextReader, featureReader, fixedReader, sideBySide, summaryOf } from './readers.js'
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
  const former = choice.from === 'attention' ? undefined : formers.build(choice, { outputs: encoder.output })
  const fixed = former && withSummary(former, encoder.features)
  const context = contextAxis(options, choice, encoder)
  const initial = initialContextAxis(choice, encoder)
  const attention = attentionOf(options, choice, encoder)
  const beside = featureAttentionOf(options, encoder)
  const reader = readerOf(options, { fixed, attention, beside }, encoder)
  const placement = place(options, choice, context, reader)
  const input = placement.joined === undefined ? embedded : joined(embedded, placement.joined)
  const stack = buildStack(options, input)
  const cells = stack.layers.map(({ cell }) => cell)
  const bridge = startsFromContext(options) ? buildBridge(options, choice.from, initial, encoder, cells) : undefined
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
      initial,
      stack,
      placement,
      fixed: former,
      attention,
      beside,
      bridge,
    }),
    noise: (shape) => ({
      ...stack.noise(shape),
      ...Object.fromEntries(dropoutSpec('output', topAxis(options), options, shape)),
    }),
    start: (params, encoded) => {
      const started = begin(params, encoded, { fixed, bridge, stack }, encoder.features)
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
  return buildAttention(choice, { query: renamed(topAxis(options), 'Q'), key: renamed(output, 'D') })
}

function place(
  options: DecoderOptions,
  choice: ContextChoice,
  context: Axis,
  reader: ContextReader | undefined,
): AttentionPlacement {
  if (reader === undefined) return fixedContext(context, options.receives, readsContext(options, choice))
  // Features that are attended to enter at every step, however C does.
  if (choice.from !== 'attention') return attentionBefore(reader, true)
  return choice.position === 'before'
    ? attentionBefore(reader, options.receives !== 'initial-state')
    : attentionAfter(reader, topAxis(options), choice.inputFeeding)
}

// ---- features next to C ------------------------------------------------------------------------------------------

/** C' = [C; f] of a fixed C and a summary of features. */
function withSummary(former: Context, features: FeaturesBeside | undefined): Context {
  if (features?.join !== 'context') return former
  return {
    ...former,
    output: joined(former.output, features.output),
    form: (params, encoded) => concat([former.form(params, encoded), summaryOf(encoded)], 1),
  }
}

function featureAttentionOf(options: DecoderOptions, { features }: EncoderSizes): Attention | undefined {
  if (features?.join !== 'attention') return undefined
  return buildAttention(features.choice, { query: renamed(topAxis(options), 'Q'), key: features.output })
}

/** What gives a C at each step; undefined where one fixed C is all. */
function readerOf(
  { receives }: DecoderOptions,
  parts: { fixed: Context | undefined; attention: Attention | undefined; beside: Attention | undefined },
  { features }: EncoderSizes,
): ContextReader | undefined {
  const { fixed, attention } = parts
  const beside =
    parts.beside === undefined
      ? features?.join === 'context' && attention !== undefined
        ? fixedReader(features.output, ({ encoded }) => summaryOf(encoded))
        : undefined
      : featureReader(parts.beside)
  const own =
    attention !== undefined
      ? attentionReader(attention)
      : fixed !== undefined && beside !== undefined && receives !== 'initial-state'
        ? fixedReader(fixed.output, fixedOf)
        : undefined
  if (beside === undefined) return own
  return own === undefined ? beside : sideBySide(own, beside)
}

function fixedOf({ fixed }: Pick<DecoderStart, 'fixed'>): Tensor2D {
  if (fixed === undefined) throw new RangeError('A fixed context is formed before the first step')
  return fixed
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
  features: FeaturesBeside | undefined,
): DecoderStart {
  const fixed = parts.fixed?.form(subtree(params, 'context'), encoded)
  const known = { encoded, ...(fixed === undefined ? {} : { fixed }) }
  const first =
    parts.bridge === undefined
      ? parts.stack.first(subtree(params, 'stack'), encoded.mask.shape[0])
      : parts.bridge.start(subtree(params, 'bridge'), fixed ?? lastWith(encoded, features), encoded)
  return { ...known, layers: first.state, output: first.output }
}

/** The last state, next to a summary of features where there is one. */
function lastWith(encoded: Encoded, features: FeaturesBeside | undefined): Tensor2D {
  const last = lastOf(encoded)
  return features?.join === 'context' ? concat([last, summaryOf(encoded)], 1) : last
}

function describe(parts: {
  readonly options: DecoderOptions
  readonly choice: ContextChoice
  readonly embedded: Axis
  readonly encoder: EncoderSizes
  readonly input: Axis
  readonly context: Axis
  readonly initial: Axis
  readonly stack: Stack
  readonly placement: AttentionPlacement
  readonly fixed: Context | undefined
  readonly attention: Attention | undefined
  readonly beside: Attention | undefined
  readonly bridge: Bridge | undefined
}): DecoderDescription {
  const { options, choice, embedded, encoder, input, context, initial, stack, placement } = parts
  const { fixed, attention, beside, bridge } = parts
  const { attention: _, ...joining } = placement.parameters
  return {
    options,
    choice,
    embedded,
    outputs: encoder.output,
    context,
    initial,
    input,
    readout: readoutAxis(options, choice, context),
    cells: stack.layers.map(({ cell }) => cell),
    ...(fixed === undefined ? {} : { fixed }),
    ...(attention === undefined ? {} : { scorer: attention.parameters, joining }),
    ...(encoder.features && { features: { ...encoder.features, ...(beside && { scorer: beside.parameters }) } }),
    ...(bridge === undefined ? {} : { bridge }),
  }
}
