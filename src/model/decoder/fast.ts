import { type Tensor, type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { cellOf } from '../cells/index.js'
import type { ContextChoice } from '../context/index.js'
import { runAttentionLoop } from '../fast/attention-loop.js'
import { type FastLayer, runSeries } from '../fast/layer.js'
import { batchMajor, seriesOf, timeMajor } from '../fast/series.js'
import type { FastScorer, Named } from '../fast/types.js'
import { finishLayer } from '../layers.js'
import type { DecoderOptions } from '../options.js'
import type { Noise } from '../types.js'
import { scorerOf } from './attention.js'
import { layerNames } from './stack.js'
import type { FastDecoder } from './types.js'

/** The fast path of a decoder, where each of its parts has one; else undefined, and the plain loop is used. */
export function fastDecoder(options: DecoderOptions, context: ContextChoice, readsContext: boolean) {
  const { fast } = cellOf(options.cell)
  if (fast === undefined) return undefined
  const layer: FastLayer = { fast, options: options.cell }
  if (context.from !== 'attention') return fixedSeries(options, layer, readsContext)
  const scorer = scorerOf(context)
  const plain = context.normaliser.type === 'softmax' && context.temperature === 1 && context.coverage === undefined
  const bare = !options.layerNorm && !options.residual
  if (scorer.fast === undefined || context.position !== 'before' || !plain || !bare) return undefined
  return attendingSeries(options, layer, { fast: scorer.fast, options: context.scorer })
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
    const outputs = batchMajor(xs, steps)
    if (!seen) return { outputs }
    return { outputs, contexts: batchMajor(repeated(memory.context as Tensor2D, steps), steps) }
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

function repeated(context: Tensor2D, steps: number): Tensor2D {
  return seriesOf(Array.from({ length: steps }, () => context))
}

/** Dropout [B,T,H], or [B,1,H] for all steps, as a series. */
function dropSeries(noise: Noise, name: string, steps: number): Tensor2D | undefined {
  if (noise?.[name] === undefined) return undefined
  const drop = tensor<Tensor3D>(noise, name)
  return drop.shape[1] === steps ? timeMajor(drop) : repeated(tf.squeeze(drop, [1]), steps)
}

function attendingSeries(
  options: DecoderOptions,
  layer: FastLayer,
  scorer: { readonly fast: FastScorer; readonly options: unknown },
): FastDecoder {
  const names = layerNames(options)
  const beside = options.receives !== 'initial-state'
  return (params, { inputs, memory, first, noise }) => {
    const steps = inputs.shape[1]
    const values = tensor<Tensor3D>(memory, 'values')
    const stack = subtree(params, 'stack')
    const joined = runAttentionLoop(
      { scorer, layers: names.map(() => layer), beside },
      { scorer: subtree(params, 'attention'), layers: names.map((name) => subtree(stack, name)) },
      {
        xs: timeMajor(inputs),
        keys: (memory.keys ?? values) as Tensor3D,
        values,
        bias: tensor<Tensor2D>(memory, 'bias'),
        query: tensor<Tensor2D>(first, 'query'),
        starts: names.map((name) => subtree(subtree(first, 'layers'), name) as Named),
        dropped: names.map((name, index) => (index === 0 ? undefined : dropSeries(noise, name, steps))),
      },
    )
    const hidden = options.hidden
    const series = batchMajor(joined, steps)
    const [outputs, contexts] = tf.split(series as Tensor, [hidden, series.shape[2] - hidden], 2) as Tensor3D[]
    return { outputs: outputs as Tensor3D, contexts: contexts as Tensor3D }
  }
}
