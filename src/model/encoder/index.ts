import { type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import { cellOf } from '../cells/index.js'
import type { EncoderOptions } from '../options.js'
import type { Encoded, Encoder, LayerState, Noise, NoiseSpec, ParameterSpec, Params, State } from '../types.js'
import { type Direction, type LayerRun, runLayer, type SizedCell } from './layer.js'

/** One layer as built: its name in the parameter tree, and the same cell for each direction that it has. */
interface Layer {
  readonly name: string
  readonly sized: SizedCell
}

/**
 * A stack of recurrent layers, in one direction or both (Schuster & Paliwal 1997: outputs of the two side by side).
 * Parameters: `layer1/forward/...`, `layer1/backward/...`, `layer2/...`. `inputSize` is E.
 */
export function buildEncoder(options: EncoderOptions, inputSize: number): Encoder {
  const directions: readonly Direction[] = options.bidirectional ? ['forward', 'backward'] : ['forward']
  const outputSize = directions.length * options.hidden
  const layers = Array.from({ length: options.layers }, (_, i) => layerOf(options, i, i === 0 ? inputSize : outputSize))
  const described = { cell: options.cell.type, hidden: options.hidden }
  return {
    parameters: stackParameters(layers, directions),
    outputSize,
    layers: layers.map(() => directions.map((direction) => ({ ...described, direction }))),
    carrySizes: options.bidirectional ? {} : carrySizes(layers),
    noise: ({ batch, steps }) => noiseSpecs(options, layers, [batch, steps, outputSize]),
    run: (params, embedded, mask, noise, carry) => {
      let xs = embedded
      let runs: LayerRun[] = []
      const states: LayerState[][] = []
      for (const { name, sized } of layers) {
        const dropped = dropout(xs, noise, name)
        runs = directions.map((direction) =>
          runLayer(sized, under(params, name, direction), dropped, mask, carryOf(carry, name), direction),
        )
        xs = tf.concat(
          runs.map((run) => run.outputs),
          2,
        )
        states.push(runs.map((run, i) => ({ ...described, direction: directions[i] ?? 'forward', state: run.state })))
      }
      return encoded(layers, xs, runs, states, mask, noise)
    },
  }
}

function layerOf(options: EncoderOptions, index: number, input: number): Layer {
  const sized = { cell: cellOf(options.cell), options: options.cell, sizes: { input, hidden: options.hidden } }
  return { name: `layer${index + 1}`, sized }
}

function stackParameters(layers: readonly Layer[], directions: readonly Direction[]): Tree<ParameterSpec> {
  return Object.fromEntries(
    layers.map(({ name, sized: { cell, options, sizes } }) => [
      name,
      Object.fromEntries(directions.map((direction) => [direction, cell.parameters(options, sizes)])),
    ]),
  )
}

function carrySizes(layers: readonly Layer[]): Tree<{ readonly shape: readonly number[] }> {
  return Object.fromEntries(
    layers.map(({ name, sized: { cell, options, sizes } }) => [
      name,
      Object.fromEntries(
        Object.entries(cell.stateSizes(options, sizes)).map(([state, size]) => [state, { shape: [size] }]),
      ),
    ]),
  )
}

/** Dropout between layers [B,S,D], and on what the last one gives: its outputs [B,S,D] and its last output [B,D]. */
function noiseSpecs(options: EncoderOptions, layers: readonly Layer[], shape: readonly number[]): Tree<NoiseSpec> {
  if (options.dropout === 0) return {}
  const spec = (of: readonly number[]): NoiseSpec => ({ kind: 'dropout', shape: of, rate: options.dropout })
  const between = layers.slice(1).map(({ name }) => [name, spec(shape)])
  const [batch, , size] = shape as [number, number, number]
  return { ...Object.fromEntries(between), outputs: spec(shape), last: spec([batch, size]) }
}

function dropout<T extends Tensor2D | Tensor3D>(x: T, noise: Noise, name: string): T {
  return noise?.[name] === undefined ? x : (tf.mul(x, tensor(noise, name)) as T)
}

function under(params: Params, name: string, direction: Direction): Params {
  return subtree(subtree(params, name), direction)
}

function carryOf(carry: State | undefined, name: string): State | undefined {
  return carry === undefined ? undefined : subtree(carry, name)
}

function encoded(
  layers: readonly Layer[],
  outputs: Tensor3D,
  runs: readonly LayerRun[],
  states: readonly (readonly LayerState[])[],
  mask: Tensor2D,
  noise: Noise,
): Encoded {
  const last = tf.concat(
    runs.map((run) => run.last),
    1,
  )
  const whole = {
    outputs: dropout(outputs, noise, 'outputs'),
    mask,
    last: dropout(last, noise, 'last'),
    layers: states,
  }
  const oneWay = runs.length === 1
  return oneWay ? { ...whole, carry: carriedStates(layers, states) } : whole
}

function carriedStates(layers: readonly Layer[], states: readonly (readonly LayerState[])[]): State {
  return Object.fromEntries(layers.map(({ name }, i) => [name, states[i]?.[0]?.state ?? {}]))
}
