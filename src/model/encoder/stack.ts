import { at } from '../../core/lists.js'
import type { Tree } from '../../core/tree.js'
import { type Axis, times } from '../axes.js'
import { cells } from '../cells/index.js'
import type { Cell } from '../cells/types.js'
import { withInitialiser } from '../initialisers.js'
import { normParameters } from '../layers.js'
import type { NoiseSpec } from '../noise.js'
import type { EncoderOptions } from '../options.js'
import type { ParameterTree } from '../parameters.js'
import { startParameters } from '../start.js'
import { hiddenAxis } from '../widths.js'
import type { CarrySize, Direction } from './types.js'
import { unrolled } from './unroll.js'

/** One layer: its name in the parameter tree, and the cell that each direction has. */
export interface Layer {
  readonly name: string
  readonly cell: Cell
  readonly hidden: number
  /** What the layer gives: D of the top layer. */
  readonly output: Axis
}

export interface EncoderStack {
  /** E. */
  readonly input: Axis
  readonly directions: readonly Direction[]
  /** D. */
  readonly output: Axis
  readonly layers: readonly Layer[]
}

export function encoderStack(options: EncoderOptions, input: Axis): EncoderStack {
  const directions: readonly Direction[] = options.bidirectional ? ['forward', 'backward'] : ['forward']
  const outputAt = (index: number) =>
    options.combine === 'concat' ? times(directions.length, hiddenAxis(options, index)) : hiddenAxis(options, index)
  const layers = Array.from({ length: options.layers }, (_, index): Layer => {
    const hidden = hiddenAxis(options, index)
    const cell = cells.build(options.cell, { input: index === 0 ? input : outputAt(index - 1), hidden })
    return { name: `layer${index + 1}`, cell, hidden: hidden.size, output: outputAt(index) }
  })
  return { input, directions, output: outputAt(options.layers - 1), layers }
}

/** By layer: `forward` and `backward` (the cells), `start` (learned initial states), `norm` (gain and bias). */
export function stackParameters(options: EncoderOptions, { directions, layers }: EncoderStack): ParameterTree {
  const each = (of: () => ParameterTree) => Object.fromEntries(directions.map((direction) => [direction, of()]))
  return Object.fromEntries(
    layers.map(({ name, cell, output }) => {
      const weights = withInitialiser(cell.parameters, options.initialiser)
      const start = options.initialState === 'learned' ? { start: each(() => startParameters(cell)) } : {}
      const norm = normParameters(options, output)
      return [name, { ...each(() => unrolled(weights, options.unroll)), ...start, ...norm }]
    }),
  )
}

/** What is carried from chunk to chunk; nothing where a direction reads backwards or nothing is remembered. */
export function carrySizes({ directions, layers }: EncoderStack): Tree<CarrySize> {
  if (directions.length > 1) return {}
  const sizesOf = ({ cell }: Layer): Tree<CarrySize> =>
    Object.fromEntries(
      Object.entries(cell.state).map(([name, { size }]) => [
        name,
        { shape: [size], initial: cell.initialState?.[name] ?? 0 },
      ]),
    )
  return Object.fromEntries(layers.map((layer) => [layer.name, sizesOf(layer)]))
}

/**
 * Dropout on what goes into the first layer [B,S,E] and into each other one [B,S,D], and on what the last gives: its
 * outputs [B,S,D] and its last output [B,D]. Variational: one mask [B,1,D] for all steps.
 */
export function noiseSpecs(
  { dropout, inputDropout = 0, variational }: EncoderOptions,
  { input, layers, output }: EncoderStack,
  { batch, steps }: { readonly batch: number; readonly steps: number },
): Tree<NoiseSpec> {
  const perStep = ({ size }: Axis, rate: number): NoiseSpec => {
    return { kind: 'dropout', shape: [batch, variational ? 1 : steps, size], rate }
  }
  const first = inputDropout === 0 ? {} : { [at(layers, 0).name]: perStep(input, inputDropout) }
  if (dropout === 0) return first
  const between = layers.slice(1).map(({ name }, below) => [name, perStep(at(layers, below).output, dropout)])
  const last: NoiseSpec = { kind: 'dropout', shape: [batch, output.size], rate: dropout }
  return { ...first, ...Object.fromEntries(between), outputs: perStep(output, dropout), last }
}
