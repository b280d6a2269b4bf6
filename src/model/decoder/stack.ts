import { loopingBackend } from '../../core/loop.js'
import { cube, mul, squeeze, zeros } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import type { Axis } from '../axes.js'
import { cells } from '../cells/index.js'
import { type Cell, shownOf } from '../cells/types.js'
import { repeated, stepsOf, timeMajor } from '../gradients/series.js'
import type { SavedLayer } from '../gradients/stack.js'
import type { Matrices } from '../gradients/types.js'
import { withInitialiser } from '../initialisers.js'
import { finishLayer, normParameters } from '../layers.js'
import type { Noise, NoiseSpec } from '../noise.js'
import type { DecoderOptions } from '../options.js'
import type { ParameterTree, Params } from '../parameters.js'
import { learnedState, startParameters, startState, stateIn } from '../start.js'
import { hiddenAxis, topAxis } from '../widths.js'
import type { Stack, StepDropout } from './types.js'

export function layerNames({ layers }: Pick<DecoderOptions, 'layers'>): readonly string[] {
  return Array.from({ length: layers }, (_, index) => `layer${index + 1}`)
}

export function decoderCells(options: DecoderOptions, input: Axis): readonly Cell[] {
  return layerNames(options).map((_, index) => {
    const below = index === 0 ? input : hiddenAxis(options, index - 1)
    return cells.build(options.cell, { input: below, hidden: hiddenAxis(options, index) })
  })
}

/** `input`: what the lowest layer reads, the embedded symbol and what joins it. */
export function buildStack(options: DecoderOptions, input: Axis): Stack {
  const built = decoderCells(options, input)
  const names = layerNames(options)
  const layers = built.map((cell, index) => ({ name: names[index] ?? '', cell }))
  return {
    layers,
    parameters: Object.fromEntries(
      layers.map(({ name, cell }, index) => [name, layerParameters(options, cell, index)]),
    ),
    first: (params, batch) => {
      const states = layers.map(({ name, cell }) => [name, firstState(cell, subtree(params, name), batch)] as const)
      const [top] = Object.values(states.at(-1)?.[1] ?? {})
      return { state: Object.fromEntries(states), output: top ?? zeros([batch, topAxis(options).size]) }
    },
    noise: (shape) =>
      Object.fromEntries(
        names.slice(1).flatMap((name, below) => dropoutSpec(name, hiddenAxis(options, below), options, shape)),
      ),
    step: (params, projected, state, dropout) => {
      const next: Record<string, Matrices> = {}
      const saved: SavedLayer[] = []
      let below: Tensor2D | undefined
      for (const [index, { name, cell }] of layers.entries()) {
        const layerParams = subtree(params, name)
        const input = below === undefined ? undefined : dropped(below, dropout[name])
        const before = stateIn(cell, subtree(state, name))
        const stepped = cell.step(
          layerParams,
          input === undefined ? projected : cell.project(layerParams, input),
          before,
        )
        loopingBackend()?.name(layerParams, shownOf(cell, stepped))
        saved.push({ before, residuals: stepped.residuals, ...(input === undefined ? {} : { input }) })
        next[name] = stepped.state
        below = finishLayer(options, index, layerParams, stepped.output, below ?? stepped.output)
      }
      if (below === undefined) throw new RangeError('A decoder has at least one layer')
      return { output: below, state: next, saved }
    },
  }
}

function layerParameters(options: DecoderOptions, cell: Cell, index: number): ParameterTree {
  const start = options.initialState === 'learned' ? { start: startParameters(cell) } : {}
  const norm = normParameters(options, hiddenAxis(options, index))
  return { ...withInitialiser(cell.parameters, options.initialiser), ...start, ...norm }
}

function firstState(cell: Cell, params: Params, batch: number): Matrices {
  return params.start === undefined ? startState(cell, batch) : learnedState(cell, subtree(params, 'start'), batch)
}

/** x with some numbers dropped; as it is where there is no factor. */
export function dropped(x: Tensor2D, factor: Tensor2D | undefined): Tensor2D {
  return factor === undefined ? x : mul(x, factor)
}

/** One dropout mask of `size` numbers by name, [B,T,H], or [B,1,H] for all steps (variational); none where nothing is dropped. */
export function dropoutSpec(
  name: string,
  { size }: Axis,
  { dropout: rate, variational }: DecoderOptions,
  { batch, steps }: { readonly batch: number; readonly steps: number },
): [name: string, spec: NoiseSpec][] {
  return rate === 0 ? [] : [[name, { kind: 'dropout', shape: [batch, variational ? 1 : steps, size], rate }]]
}

/** The factors of a whole sequence, [B,T,H] or [B,1,H] for all steps alike, as a series [T*B,H]; undefined: none. */
export function dropSeries(noise: Noise, name: string, steps: number): Tensor2D | undefined {
  if (noise?.[name] === undefined) return undefined
  const drop = cube(noise, name)
  return drop.shape[1] === steps ? timeMajor(drop) : repeated(squeeze(drop, 1), steps)
}

/** What is dropped between the layers, a series [T*B,H] by layer name; nothing at prediction. */
export function stackDropout({ layers }: Pick<Stack, 'layers'>, noise: Noise, steps: number): Matrices {
  const series = layers.slice(1).map(({ name }) => [name, dropSeries(noise, name, steps)] as const)
  return Object.fromEntries(series.flatMap(([name, drop]) => (drop === undefined ? [] : [[name, drop]])))
}

/** Series [T*B,H] by layer name -> for each step, its factors. */
export function dropoutBySteps(series: Matrices, steps: number): readonly StepDropout[] {
  const bySteps = Object.entries(series).map(([name, whole]) => [name, stepsOf(whole, steps)] as const)
  return Array.from({ length: steps }, (_, t) =>
    Object.fromEntries(bySteps.flatMap(([name, parts]) => (parts[t] === undefined ? [] : [[name, parts[t]]]))),
  )
}
