import { type Tensor2D, type Tensor3D, tensor, tf, unstack } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import { cellOf } from '../cells/index.js'
import { repeated, timeMajor } from '../gradients/series.js'
import { withInitialiser } from '../initialisers.js'
import { finishLayer, normParameters } from '../layers.js'
import type { DecoderOptions } from '../options.js'
import { learnedState, startParameters, startState } from '../start.js'
import type { Cell, CellSizes, Noise, NoiseSpec, ParameterSpec, Params, State } from '../types.js'
import type { Stack, StepDropout } from './types.js'

export function decoderCell(options: DecoderOptions): Cell {
  return cellOf(options.cell)
}

export function layerNames({ layers }: DecoderOptions): readonly string[] {
  return Array.from({ length: layers }, (_, index) => `layer${index + 1}`)
}

export function buildStack(options: DecoderOptions, inputSize: number): Stack {
  const cell = decoderCell(options)
  const { hidden } = options
  const names = layerNames(options)
  const sizes = (index: number) => ({ input: index === 0 ? inputSize : hidden, hidden })
  return {
    names,
    parameters: Object.fromEntries(names.map((name, index) => [name, layerParameters(options, sizes(index))])),
    first: (params, batch) => {
      const states = names.map((name, index) => firstState(options, sizes(index), subtree(params, name), batch))
      const top = Object.values(states.at(-1) ?? {})[0] ?? tf.zeros([batch, hidden])
      return { state: Object.fromEntries(names.map((name, i) => [name, states[i] ?? {}])), output: top as Tensor2D }
    },
    noise: (shape) => Object.fromEntries(names.slice(1).flatMap((name) => dropoutSpec(name, options, shape))),
    step: (params, input, state, dropout) => {
      const next: Record<string, State> = {}
      let x = input
      for (const [index, name] of names.entries()) {
        const own = subtree(params, name)
        const drop = dropout[name]
        const stepped = cell.step(options.cell, own, drop === undefined ? x : tf.mul(x, drop), subtree(state, name))
        next[name] = stepped.state
        x = finishLayer(options, index, own, stepped.output, x)
      }
      return { output: x, state: next }
    },
  }
}

function layerParameters(options: DecoderOptions, sizes: CellSizes): Tree<ParameterSpec> {
  const cell = decoderCell(options)
  const start =
    options.initialState === 'learned' ? { start: startParameters({ cell, options: options.cell, sizes }) } : {}
  const own = withInitialiser(cell.parameters(options.cell, sizes), options.initialiser)
  return { ...own, ...start, ...normParameters(options, options.hidden) }
}

function firstState(options: DecoderOptions, sizes: CellSizes, params: Params, batch: number): State {
  const sized = { cell: decoderCell(options), options: options.cell, sizes }
  return params.start === undefined ? startState(sized, batch) : learnedState(sized, subtree(params, 'start'), batch)
}

/** One dropout mask by name, [B,T,H], or [B,1,H] for all steps (variational); none where nothing is dropped. */
export function dropoutSpec(
  name: string,
  { dropout: rate, variational, hidden }: DecoderOptions,
  { batch, steps }: { readonly batch: number; readonly steps: number },
): [name: string, spec: NoiseSpec][] {
  return rate === 0 ? [] : [[name, { kind: 'dropout', shape: [batch, variational ? 1 : steps, hidden], rate }]]
}

/** The factors of every step out of the noise of a whole sequence, [B,T,H] each, or [B,1,H] for all steps alike. */
export function dropoutBySteps(noise: Noise, names: readonly string[], steps: number): readonly StepDropout[] {
  const dropped = names.filter((name) => noise !== undefined && name in noise)
  const series = dropped.map((name) => unstack<Tensor2D>(tensor(noise ?? {}, name), 1))
  return Array.from({ length: steps }, (_, t) =>
    Object.fromEntries(dropped.map((name, index) => [name, (series[index]?.[t] ?? series[index]?.[0]) as Tensor2D])),
  )
}

/** The same as a series [T*B,H]; undefined where nothing is dropped. */
export function dropSeries(noise: Noise, name: string, steps: number): Tensor2D | undefined {
  if (noise?.[name] === undefined) return undefined
  const drop = tensor<Tensor3D>(noise, name)
  return drop.shape[1] === steps ? timeMajor(drop) : repeated(tf.squeeze(drop, [1]), steps)
}
