import { add, concat, expandDims, mul, slice } from '../../core/ops.js'
import type { Tensor2D, Tensor3D } from '../../core/tf.js'
import { leaf, subtree } from '../../core/tree.js'
import type { Axis } from '../axes.js'
import { hasState } from '../cells/index.js'
import type { Cell } from '../cells/types.js'
import type { Matrices } from '../gradients/types.js'
import { finishLayer } from '../layers.js'
import type { Noise } from '../noise.js'
import type { EncoderOptions } from '../options.js'
import type { Params } from '../parameters.js'
import { learnedState, stateIn } from '../start.js'
import { runLayer } from './layer.js'
import { firstStep, lastReal, select } from './positions.js'
import { carrySizes, type EncoderStack, encoderStack, type Layer, noiseSpecs, stackParameters } from './stack.js'
import type { Direction, Encoded, Encoder, LayerRun, LayerState, State } from './types.js'

/**
 * A stack of layers in one direction or both (Schuster & Paliwal 1997, Bidirectional Recurrent Neural Networks).
 * `input` is E. Parameters: `layer1/forward/...`, `layer1/backward/...`, `layer2/...`.
 */
export function buildEncoder(options: EncoderOptions, input: Axis): Encoder {
  const stack = encoderStack(options, input)
  return {
    parameters: stackParameters(options, stack),
    output: stack.output,
    layers: stack.layers.map(({ cell, hidden, output }) =>
      stack.directions.map((direction) => ({ cell: options.cell.type, hidden, output, built: cell, direction })),
    ),
    carrySizes: carrySizes(stack),
    noise: (shape) => noiseSpecs(options, stack, shape),
    run: (params, embedded, mask, noise, carry) => runStack(options, stack, params, embedded, mask, noise, carry),
  }
}

function runStack(
  options: EncoderOptions,
  stack: EncoderStack,
  params: Params,
  embedded: Tensor3D,
  mask: Tensor2D,
  noise: Noise,
  carry: State | undefined,
): Encoded {
  let xs = embedded
  let last: Tensor2D | undefined
  const layers: LayerState[][] = []
  const top = stack.layers.at(-1)
  for (const [index, layer] of stack.layers.entries()) {
    const layerParams = subtree(params, layer.name)
    const runs = runDirections(options, stack, layer, layerParams, dropout(xs, noise, layer.name), mask, carry)
    if (layer === top) last = lastOutput(options, index, layerParams, runs, xs, mask)
    xs = layerOutputs(options, index, layerParams, runs, xs, mask)
    layers.push(runs.map(({ state }, i) => layerState(options, layer, stack.directions[i] ?? 'forward', state)))
  }
  return {
    outputs: dropout(xs, noise, 'outputs'),
    mask,
    layers,
    ...(last !== undefined && top !== undefined && hasState(top.cell) ? { last: dropout(last, noise, 'last') } : {}),
    ...(stack.directions.length === 1 ? { carry: carried(stack, layers) } : {}),
  }
}

function runDirections(
  { unroll }: EncoderOptions,
  { directions }: EncoderStack,
  { name, cell }: Layer,
  params: Params,
  xs: Tensor3D,
  mask: Tensor2D,
  carry: State | undefined,
): LayerRun[] {
  const untied = unroll.type === 'untied'
  return directions.map((direction) => {
    const initial =
      carry === undefined ? learnedStart(cell, params, direction, xs.shape[0]) : stateIn(cell, subtree(carry, name))
    return runLayer({ cell, params: subtree(params, direction), untied, xs, mask, direction, initial })
  })
}

/** Undefined where the first state is not learned. */
function learnedStart(cell: Cell, params: Params, direction: Direction, batch: number): Matrices | undefined {
  if (params.start === undefined) return undefined
  return learnedState(cell, subtree(subtree(params, 'start'), direction), batch)
}

/** [B,S,D], zero on padding. */
function layerOutputs(
  options: EncoderOptions,
  index: number,
  params: Params,
  runs: readonly LayerRun[],
  xs: Tensor3D,
  mask: Tensor2D,
): Tensor3D {
  const outputs = combine(
    options,
    runs.map((run) => run.outputs),
  )
  const finished = finishLayer(options, index, params, outputs, xs)
  return options.layerNorm ? mul(finished, expandDims(mask, 2)) : finished
}

/** [B,D]: the last output forwards and the first backwards, finished as the outputs are. */
function lastOutput(
  options: EncoderOptions,
  index: number,
  params: Params,
  runs: readonly LayerRun[],
  xs: Tensor3D,
  mask: Tensor2D,
): Tensor2D {
  const last = combine(
    options,
    runs.map((run) => run.last),
  )
  const input = options.residual && index > 0 ? inputAtEnds(options, runs.length, xs, mask) : last
  return finishLayer(options, index, params, last, input)
}

/**
 * A layer's input where its last outputs were read, for the residual connection: the last real step; with two directions
 * concatenated, the first half of the last one and the second half of the first one; with two added, the mean of both.
 */
function inputAtEnds({ combine }: EncoderOptions, directions: number, xs: Tensor3D, mask: Tensor2D): Tensor2D {
  const last = select(lastReal(mask), xs)
  if (directions === 1) return last
  const first = firstStep(xs)
  if (combine === 'sum') return mul(add(last, first), 0.5)
  const [batch, , width] = xs.shape
  const hidden = width / 2
  return concat([slice(last, [0, 0], [batch, hidden]), slice(first, [0, hidden], [batch, hidden])], 1)
}

/** Directions side by side or added; [..., H] each. */
function combine<T extends Tensor2D | Tensor3D>(options: EncoderOptions, parts: readonly T[]): T {
  const [first, second] = parts
  if (first === undefined) throw new RangeError('an encoder layer has at least one direction')
  if (second === undefined) return first
  return options.combine === 'sum' ? add(first, second) : concat([first, second], -1)
}

function dropout<T extends Tensor2D | Tensor3D>(x: T, noise: Noise, name: string): T {
  return noise?.[name] === undefined ? x : mul(x, leaf(noise, name))
}

function layerState({ cell }: EncoderOptions, { hidden }: Layer, direction: Direction, state: Matrices): LayerState {
  return { cell: cell.type, hidden, direction, state }
}

function carried({ layers }: EncoderStack, states: readonly (readonly LayerState[])[]) {
  return Object.fromEntries(layers.map(({ name }, index) => [name, states[index]?.[0]?.state ?? {}]))
}
