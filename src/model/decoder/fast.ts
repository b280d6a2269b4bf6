import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { cellOf } from '../cells/index.js'
import type { AttentionChoice, ContextChoice } from '../context/index.js'
import type { Attending } from '../gradients/attending.js'
import { runAttentionLoop } from '../gradients/attention-loop.js'
import { type FastLayer, runSeries } from '../gradients/layer.js'
import { runLuongLoop } from '../gradients/luong-loop.js'
import { repeated, timeMajor } from '../gradients/series.js'
import { stackParams } from '../gradients/stack.js'
import type { Named } from '../gradients/types.js'
import { finishLayer } from '../layers.js'
import type { DecoderOptions } from '../options.js'
import type { Params } from '../types.js'
import { scorerOf } from './attention.js'
import { dropSeries, layerNames } from './stack.js'
import type { FastDecoder } from './types.js'

/** The fast path of a decoder, where each of its parts has one; else undefined, and the plain loop is used. */
export function fastDecoder(options: DecoderOptions, context: ContextChoice, readsContext: boolean) {
  const { fast } = cellOf(options.cell)
  if (fast === undefined) return undefined
  const layer: FastLayer = { fast, options: options.cell }
  if (context.from !== 'attention') return fixedSeries(options, layer, readsContext)
  const scorer = scorerOf(context)
  const plain = context.normaliser.type === 'softmax' && context.coverage === undefined
  const bare = !options.layerNorm && !options.residual
  if (scorer.fast === undefined || !plain || !bare) return undefined
  const attending = { fast: scorer.fast, options: context.scorer, temperature: context.temperature }
  return attendingSeries(options, context, { layer, attending, seen: readsContext })
}

/** With one fixed C, no step waits for another layer: each layer runs over the whole target. */
function fixedSeries(options: DecoderOptions, layer: FastLayer, seen: boolean): FastDecoder {
  const names = layerNames(options)
  return (params, { inputs, memory, first, noise }) => {
    const steps = inputs.shape[1]
    const beside = contextSeries(options, memory.context as Tensor2D | undefined, first.beside as Tensor2D, steps)
    const order = Array.from({ length: steps }, (_, t) => t)
    let xs = beside === undefined ? timeMajor(inputs) : (tf.concat([timeMajor(inputs), beside], 1) as Tensor2D)
    for (const [index, name] of names.entries()) {
      const own = subtree(subtree(params, 'stack'), name)
      const drop = dropSeries(noise, name, steps)
      const input: Tensor2D = drop === undefined ? xs : tf.mul(xs, drop)
      const { h } = runSeries(layer, own, input, subtree(subtree(first, 'layers'), name) as Named, { order })
      xs = finishLayer(options, index, own, h as Tensor2D, xs)
    }
    return seen ? { outputs: xs, contexts: repeated(memory.context as Tensor2D, steps) } : { outputs: xs }
  }
}

/** C beside each step's input [T*B,C]: at all of them, at the first alone, or nowhere. */
function contextSeries(
  { receives }: DecoderOptions,
  fixed: Tensor2D | undefined,
  once: Tensor2D | undefined,
  steps: number,
): Tensor2D | undefined {
  if (receives === 'initial-state') return undefined
  if (receives !== 'first-step') return repeated(fixed as Tensor2D, steps)
  const [batch, size] = (once as Tensor2D).shape
  return steps === 1 ? once : (tf.concat([once as Tensor2D, tf.zeros([(steps - 1) * batch, size])], 0) as Tensor2D)
}

/** Attention between the steps: before the cells or after them. */
function attendingSeries(
  options: DecoderOptions,
  context: AttentionChoice,
  { layer, attending, seen }: { layer: FastLayer; attending: Attending; seen: boolean },
): FastDecoder {
  const names = layerNames(options)
  const layers = names.map(() => layer)
  const before = { attending, layers, beside: options.receives !== 'initial-state' }
  const after = { attending, layers, feeds: context.inputFeeding, seen }
  return (params, { inputs, memory, first, noise }) => {
    const steps = inputs.shape[1]
    const values = tensor<Tensor3D>(memory, 'values')
    const stack = subtree(params, 'stack')
    const given = {
      xs: timeMajor(inputs),
      attended: { keys: (memory.keys ?? values) as Tensor3D, values },
      starts: names.map((name) => subtree(subtree(first, 'layers'), name) as Named),
      scorer: pick(subtree(params, 'attention'), attending.fast.scoring(attending.options)),
      layers: stackParams(
        layers,
        names.map((name) => subtree(stack, name)),
      ),
    }
    const constants = {
      bias: tensor<Tensor2D>(memory, 'bias'),
      dropped: names.map((name, index) => (index === 0 ? undefined : dropSeries(noise, name, steps))),
    }
    const series =
      context.position === 'before'
        ? runAttentionLoop(before, { ...given, query: tensor<Tensor2D>(first, 'query') }, constants)
        : runLuongLoop(after, { ...given, joint: pick(subtree(params, 'joint'), ['kernel', 'bias']) }, constants)
    const rest = series.shape[1] - options.hidden
    if (rest === 0) return { outputs: series }
    const [outputs, contexts] = tf.split(series, [options.hidden, rest], 1) as [Tensor2D, Tensor2D]
    return { outputs, contexts }
  }
}

function pick(params: Params, names: readonly string[]): Named {
  return Object.fromEntries(names.map((name) => [name, tensor<Tensor2D>(params, name)]))
}
