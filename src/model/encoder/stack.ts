import type { Tree } from '../../core/tree.js'
import { cellOf } from '../cells/index.js'
import { withInitialiser } from '../initialisers.js'
import { normParameters } from '../layers.js'
import type { EncoderOptions } from '../options.js'
import { startParameters } from '../start.js'
import type { CarrySize, NoiseSpec, ParameterSpec } from '../types.js'
import type { Direction, SizedCell } from './types.js'
import { unrolled } from './unroll.js'

/** One layer as built: its name in the parameter tree, and the cell that each direction has. */
export interface Layer {
  readonly name: string
  readonly sized: SizedCell
}

export interface EncoderStack {
  readonly directions: readonly Direction[]
  /** D. */
  readonly outputSize: number
  readonly layers: readonly Layer[]
}

export function encoderStack(options: EncoderOptions, inputSize: number): EncoderStack {
  const directions: readonly Direction[] = options.bidirectional ? ['forward', 'backward'] : ['forward']
  const outputSize = options.combine === 'concat' ? directions.length * options.hidden : options.hidden
  const layerAt = (_: unknown, index: number): Layer => {
    const sizes = { input: index === 0 ? inputSize : outputSize, hidden: options.hidden }
    const untied = options.unroll.type === 'untied'
    return { name: `layer${index + 1}`, sized: { cell: cellOf(options.cell), options: options.cell, sizes, untied } }
  }
  return { directions, outputSize, layers: Array.from({ length: options.layers }, layerAt) }
}

/** By layer: `forward` and `backward` (the cells), `start` (learned initial states), `norm` (gain and bias). */
export function stackParameters(options: EncoderOptions, stack: EncoderStack): Tree<ParameterSpec> {
  const each = (of: (direction: Direction) => Tree<ParameterSpec>) =>
    Object.fromEntries(stack.directions.map((direction) => [direction, of(direction)]))
  return Object.fromEntries(
    stack.layers.map(({ name, sized }) => {
      const cell = withInitialiser(sized.cell.parameters(sized.options, sized.sizes), options.initialiser)
      const start = options.initialState === 'learned' ? { start: each(() => startParameters(sized)) } : {}
      const norm = normParameters(options, stack.outputSize)
      return [name, { ...each(() => unrolled(cell, options.unroll)), ...start, ...norm }]
    }),
  )
}

/** What is carried from chunk to chunk; nothing where a direction reads backwards or nothing is remembered. */
export function carrySizes({ directions, layers }: EncoderStack): Tree<CarrySize> {
  if (directions.length > 1) return {}
  const sizesOf = ({ sized: { cell, options, sizes } }: Layer): Tree<CarrySize> =>
    Object.fromEntries(
      Object.entries(cell.stateSizes(options, sizes)).map(([name, size]) => [
        name,
        { shape: [size], initial: cell.initialState?.[name] ?? 0 },
      ]),
    )
  return Object.fromEntries(layers.map((layer) => [layer.name, sizesOf(layer)]))
}

/**
 * Dropout on what goes into each layer after the first [B,S,D], and on what the last gives: its outputs [B,S,D] and its
 * last output [B,D]. Variational: one mask [B,1,D] for all steps.
 */
export function noiseSpecs(
  { dropout, variational }: EncoderOptions,
  { layers, outputSize }: EncoderStack,
  shape: { readonly batch: number; readonly steps: number },
): Tree<NoiseSpec> {
  if (dropout === 0) return {}
  const spec = (of: readonly number[]): NoiseSpec => ({ kind: 'dropout', shape: of, rate: dropout })
  const perStep = [shape.batch, variational ? 1 : shape.steps, outputSize]
  const between = layers.slice(1).map(({ name }) => [name, spec(perStep)])
  return { ...Object.fromEntries(between), outputs: spec(perStep), last: spec([shape.batch, outputSize]) }
}
