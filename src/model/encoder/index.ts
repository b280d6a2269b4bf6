import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import { isRecurrent } from '../cells/index.js'
import { finishLayer } from '../layers.js'
import type { EncoderOptions } from '../options.js'
import { learnedState } from '../start.js'
import type { Encoded, Encoder, LayerState, Noise, Params, State } from '../types.js'
import { runLayer } from './layer.js'
import { firstStep, lastReal, select } from './positions.js'
import { carrySizes, type EncoderStack, encoderStack, type Layer, noiseSpecs, stackParameters } from './stack.js'
import type { Direction, LayerRun, SizedCell } from './types.js'

/**
 * A stack of layers in one direction or both (Schuster & Paliwal 1997, Bidirectional Recurrent Neural Networks).
 * `inputSize` is E. Parameters: `layer1/forward/...`, `layer1/backward/...`, `layer2/...`.
 */
export function buildEncoder(options: EncoderOptions, inputSize: number): Encoder {
  const stack = encoderStack(options, inputSize)
  const described = { cell: options.cell.type, hidden: options.hidden }
  return {
    parameters: stackParameters(options, stack),
    outputSize: stack.outputSize,
    layers: stack.layers.map(() => stack.directions.map((direction) => ({ ...described, direction }))),
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
  for (const [index, layer] of stack.layers.entries()) {
    const own = subtree(params, layer.name)
    const runs = runDirections(stack, layer, own, dropout(xs, noise, layer.name), mask, carry)
    if (index === stack.layers.length - 1) last = lastOutput(options, index, own, runs, xs, mask)
    xs = layerOutputs(options, index, own, runs, xs, mask)
    layers.push(runs.map(({ state }, i) => layerState(options, stack.directions[i] ?? 'forward', state)))
  }
  return {
    outputs: dropout(xs, noise, 'outputs'),
    mask,
    layers,
    ...(last !== undefined && isRecurrent(options.cell) ? { last: dropout(last, noise, 'last') } : {}),
    ...(stack.directions.length === 1 ? { carry: carried(stack, layers) } : {}),
  }
}

function runDirections(
  { directions }: EncoderStack,
  { name, sized }: Layer,
  params: Params,
  xs: Tensor3D,
  mask: Tensor2D,
  carry: State | undefined,
): LayerRun[] {
  return directions.map((direction) => {
    const initial = carry === undefined ? learnedStart(sized, params, direction, xs.shape[0]) : subtree(carry, name)
    return runLayer(sized, subtree(params, direction), xs, mask, initial, direction)
  })
}

/** Nothing where the first state is not learned. */
function learnedStart(sized: SizedCell, params: Params, direction: Direction, batch: number): State | undefined {
  return params.start === undefined
    ? undefined
    : learnedState(sized, subtree(subtree(params, 'start'), direction), batch)
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
  return options.layerNorm ? tf.mul(finished, tf.expandDims(mask, 2)) : finished
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
 * side by side, the last one's first half beside the first one's second half; with two added, the mean of the two steps.
 */
function inputAtEnds({ combine, hidden }: EncoderOptions, directions: number, xs: Tensor3D, mask: Tensor2D): Tensor2D {
  const [batch] = xs.shape
  const last = select(lastReal(mask), xs)
  if (directions === 1) return last
  const first = firstStep(xs)
  if (combine === 'sum') return tf.mul(tf.add(last, first), 0.5)
  return tf.concat([tf.slice(last, [0, 0], [batch, hidden]), tf.slice(first, [0, hidden], [batch, hidden])], 1)
}

/** Directions side by side or added; [..., H] each. */
function combine<T extends Tensor2D | Tensor3D>(options: EncoderOptions, parts: readonly T[]): T {
  const [first, second] = parts
  if (first === undefined) throw new RangeError('an encoder layer has at least one direction')
  if (second === undefined) return first
  return options.combine === 'sum' ? tf.add(first, second) : (tf.concat([first, second] as Tensor3D[], -1) as T)
}

function dropout<T extends Tensor2D | Tensor3D>(x: T, noise: Noise, name: string): T {
  return noise?.[name] === undefined ? x : (tf.mul(x, tensor(noise, name)) as T)
}

function layerState({ cell, hidden }: EncoderOptions, direction: Direction, state: State): LayerState {
  return { cell: cell.type, hidden, direction, state }
}

function carried({ layers }: EncoderStack, states: readonly (readonly LayerState[])[]): State {
  return Object.fromEntries(layers.map(({ name }, index) => [name, states[index]?.[0]?.state ?? {}]))
}
