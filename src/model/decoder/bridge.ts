import { type Tensor2D, tf } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import type { ContextChoice } from '../context/index.js'
import { dense, denseParameters } from '../maps/dense.js'
import type { DecoderOptions } from '../options.js'
import { freeStates } from '../start.js'
import type { Encoded, Encoder, ParameterSpec, Params, State } from '../types.js'
import { decoderCell, layerNames } from './stack.js'

/**
 * How one decoder layer starts: with a copy of its encoder layer's final state, with C itself as its first state (a
 * declared map of the last state, a pooling), or with learned tanh maps of C.
 */
type Start = 'copy' | 'context' | 'dense'

export interface Bridge {
  readonly parameters: Tree<ParameterSpec>
  /** C [B,C] and what was encoded -> each layer's state, and the top layer's output [B,H] as of this state. */
  start(params: Params, context: Tensor2D, encoded: Encoded): { state: State; output: Tensor2D }
}

/**
 * The first state of each decoder layer out of C. Automatic: a copy of the encoder layer's final state where number of
 * layers, cells and sizes agree (C itself where it was transformed or pooled and its size agrees), else tanh(C W + b), with a
 * map of its own for each state that the cell says is bridged (lstm: h and c). Dense: always the maps. None: copies only,
 * and zeros for what C has nothing for (lstm's c where C is a transformed vector); a mismatch is refused by the rules.
 */
export function buildBridge(
  options: DecoderOptions,
  from: ContextChoice['from'],
  contextSize: number,
  encoder: Pick<Encoder, 'layers'>,
): Bridge {
  const layers = layerNames(options).map((name, index) => {
    const start = chooseStart(options, from, contextSize, encoder, index)
    return { name, index, start, learned: learnedStates(start, options) }
  })
  const specs = (states: readonly string[]) =>
    Object.fromEntries(states.map((state) => [state, denseParameters(contextSize, options.hidden)]))
  return {
    parameters: Object.fromEntries(
      layers.filter(({ learned }) => learned.length > 0).map(({ name, learned }) => [name, specs(learned)]),
    ),
    start: (params, context, encoded) => {
      const started = layers.map(({ name, index, start, learned }) =>
        start === 'copy'
          ? { state: copiedState(encoded, index), output: encoded.last as Tensor2D }
          : mappedState(options, learned, (params[name] ?? {}) as Params, context),
      )
      const state = Object.fromEntries(layers.map(({ name }, i) => [name, started[i]?.state ?? {}]))
      return { state, output: started.at(-1)?.output as Tensor2D }
    },
  }
}

/** Which states a layer gets by a learned map. */
function learnedStates(start: Start, options: DecoderOptions): readonly string[] {
  const sizes = { input: 1, hidden: options.hidden }
  const [first, ...others] = freeStates({ cell: decoderCell(options), options: options.cell, sizes })
  if (start === 'dense' && first !== undefined) return [first, ...others]
  return start === 'context' && options.bridge === 'automatic' ? others : []
}

/** A state out of C: the learned maps' results, and for the rest what the cell makes of the first one, or of C itself. */
function mappedState(options: DecoderOptions, learned: readonly string[], params: Params, context: Tensor2D) {
  const cell = decoderCell(options)
  const mapped = Object.fromEntries(learned.map((name) => [name, tf.tanh(dense(subtree(params, name), context))]))
  const [first = ''] = Object.keys(cell.stateSizes(options.cell, { input: 1, hidden: options.hidden }))
  const output = mapped[first] ?? context
  return { state: { ...cell.stateFrom(options.cell, output), ...mapped }, output }
}

function chooseStart(
  options: DecoderOptions,
  from: ContextChoice['from'],
  contextSize: number,
  encoder: Pick<Encoder, 'layers'>,
  index: number,
): Start {
  if (options.bridge === 'dense') return 'dense'
  // Without an encoder (a single input is C) there is nothing to copy.
  if (encoder.layers.length > 0 && (from === 'last-state' || from === 'attention')) {
    return disagreement(options, encoder, index) === undefined ? 'copy' : 'dense'
  }
  return contextSize === options.hidden ? 'context' : 'dense'
}

/** Why a decoder layer cannot take its encoder layer's final state as it is, or nothing. */
export function disagreement(
  { cell, hidden, layers }: DecoderOptions,
  encoder: Pick<Encoder, 'layers'>,
  index: number,
): string | undefined {
  if (encoder.layers.length !== layers) return `the encoder has ${encoder.layers.length} layers, the decoder ${layers}`
  const [layer, backward] = encoder.layers[index] ?? []
  if (layer === undefined) return 'the encoder has no such layer'
  if (backward !== undefined) return 'a bidirectional encoder leaves two final states a layer, the decoder takes one'
  if (layer.cell !== cell.type) return `the encoder's cell is ${layer.cell}, the decoder's ${cell.type}`
  if (layer.hidden !== hidden) return `the encoder's hidden size is ${layer.hidden}, the decoder's ${hidden}`
  return undefined
}

function copiedState(encoded: Encoded, index: number): State {
  const state = encoded.layers[index]?.[0]?.state
  if (state === undefined) throw new RangeError(`the encoder left no state for layer ${index + 1}`)
  return state
}
