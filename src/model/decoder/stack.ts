import { type Tensor, type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import { cellOf } from '../cells/index.js'
import type { DecoderOptions } from '../options.js'
import type { Cell, Noise, NoiseSpec, ParameterSpec, Params, State } from '../types.js'

/** What is dropped at one step: a factor [B,H] for what goes into each layer after the first, by layer name. */
export type StepDropout = Readonly<Record<string, Tensor2D>>

/** The decoder's cells, one above the other. */
export interface Stack {
  /** `layer1`, `layer2`, ... from the bottom. */
  readonly names: readonly string[]
  readonly parameters: Tree<ParameterSpec>
  /** The cells' own first states for B examples. */
  zeros(batch: number): Tree<Tensor>
  noise(shape: { readonly batch: number; readonly steps: number }): Tree<NoiseSpec>
  /** input [B,I], state by layer -> the top layer's output [B,H] and the next state. */
  step(params: Params, input: Tensor2D, state: State, dropout: StepDropout): { output: Tensor2D; state: State }
}

export function decoderCell(options: DecoderOptions): Cell {
  return cellOf(options.cell)
}

export function layerNames({ layers }: DecoderOptions): readonly string[] {
  return Array.from({ length: layers }, (_, index) => `layer${index + 1}`)
}

export function buildStack(options: DecoderOptions, inputSize: number): Stack {
  const cell = decoderCell(options)
  const { hidden, dropout: rate } = options
  const names = layerNames(options)
  const sizes = (index: number) => ({ input: index === 0 ? inputSize : hidden, hidden })
  return {
    names,
    parameters: Object.fromEntries(names.map((name, index) => [name, cell.parameters(options.cell, sizes(index))])),
    zeros: (batch) =>
      Object.fromEntries(names.map((name, index) => [name, firstState(cell, options, sizes(index), batch)])),
    noise: ({ batch, steps }) =>
      rate === 0
        ? {}
        : Object.fromEntries(
            names.slice(1).map((name) => [name, { kind: 'dropout', shape: [batch, steps, hidden], rate }]),
          ),
    step: (params, input, state, dropout) => {
      const next: Record<string, State> = {}
      let x = input
      for (const name of names) {
        const drop = dropout[name]
        if (drop !== undefined) x = tf.mul(x, drop)
        const stepped = cell.step(options.cell, subtree(params, name), x, subtree(state, name))
        next[name] = stepped.state
        x = stepped.output
      }
      return { output: x, state: next }
    },
  }
}

function firstState(cell: Cell, options: DecoderOptions, sizes: { input: number; hidden: number }, batch: number) {
  const entries = Object.entries(cell.stateSizes(options.cell, sizes))
  return Object.fromEntries(
    entries.map(([name, size]) => [name, tf.fill([batch, size], cell.initialState?.[name] ?? 0)]),
  )
}

/** The factors of every step out of the noise of a whole sequence, [B,T,H] each. */
export function dropoutBySteps(noise: Noise, names: readonly string[], steps: number): readonly StepDropout[] {
  const dropped = names.filter((name) => noise !== undefined && name in noise)
  const series = dropped.map((name) => tf.unstack(tensor<Tensor3D>(noise ?? {}, name), 1) as Tensor2D[])
  return Array.from({ length: steps }, (_, t) =>
    Object.fromEntries(dropped.map((name, index) => [name, series[index]?.[t] as Tensor2D])),
  )
}
