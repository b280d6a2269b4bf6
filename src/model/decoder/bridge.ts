import { at } from '../../core/lists.js'
import { matrix, tanh, vector } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { subtree } from '../../core/tree.js'
import type { Axis } from '../axes.js'
import type { Cell } from '../cells/types.js'
import type { ContextChoice } from '../context/index.js'
import { lastOf } from '../context/last-state.js'
import type { Encoded } from '../encoder/types.js'
import type { Matrices } from '../gradients/types.js'
import { dense, denseParameters } from '../maps/dense.js'
import type { DecoderOptions } from '../options.js'
import type { ParameterTree, Params } from '../parameters.js'
import { freeStates, stateFrom } from '../start.js'
import { hiddenAt, hiddenAxis } from '../widths.js'
import { layerNames } from './stack.js'
import type { EncoderSizes, StackState } from './types.js'

/**
 * How one decoder layer starts: with a copy of its encoder layer's final state, with C itself as its first state (a
 * declared map of the last state, a pooling), or with learned tanh maps of C.
 */
type Start = 'copy' | 'context' | 'dense'

/** One layer of the decoder: how it starts, and which of its states come of a learned map. */
export interface BridgedLayer {
  readonly start: Start
  readonly learned: readonly string[]
}

export interface Bridge {
  readonly parameters: ParameterTree
  /** From the bottom. */
  readonly layers: readonly BridgedLayer[]
  /** C [B,C] and what was encoded -> each layer's state, and the top layer's output [B,H] as of this state. */
  start(
    params: Params,
    context: Tensor2D,
    encoded: Pick<Encoded, 'layers' | 'last'>,
  ): { readonly state: StackState; readonly output: Tensor2D }
}

/**
 * The first state of each decoder layer out of C. Automatic: a copy of the encoder layer's final state where number of
 * layers, cells and sizes agree (C itself where it was transformed or pooled and its size agrees), else tanh(C W + b), with a
 * separate map for each state that the cell bridges (lstm: h and c). Dense: always the maps. None: copies only,
 * and zeros for what C has nothing for (lstm's c where C is a transformed vector); a mismatch is refused by the rules.
 */
export function buildBridge(
  options: DecoderOptions,
  from: ContextChoice['from'],
  context: Axis,
  encoder: Pick<EncoderSizes, 'layers' | 'features'>,
  cells: readonly Cell[],
): Bridge {
  const layers = layerNames(options).map((name, index) => {
    const start = chooseStart(options, from, context, encoder, index)
    const cell = at(cells, index)
    const map = denseParameters(context, hiddenAxis(options, index))
    return { name, cell, start, learned: learnedStates(start, options, cell), map }
  })
  return {
    parameters: Object.fromEntries(
      layers
        .filter(({ learned }) => learned.length > 0)
        .map(({ name, learned, map }) => [name, Object.fromEntries(learned.map((state) => [state, map]))]),
    ),
    layers,
    start: (params, vector, encoded) => {
      const started = layers.map(({ name, cell, start, learned }, index) =>
        start === 'copy'
          ? { state: copiedState(encoded, index), output: lastOf(encoded) }
          : mappedState(cell, learned, learned.length === 0 ? {} : subtree(params, name), vector),
      )
      const state = Object.fromEntries(layers.map(({ name }, index) => [name, at(started, index).state]))
      return { state, output: at(started, layers.length - 1).output }
    },
  }
}

/** Which states a layer gets by a learned map. */
function learnedStates(start: Start, { bridge }: DecoderOptions, cell: Cell): readonly string[] {
  const free = freeStates(cell)
  if (start === 'dense') return free
  return start === 'context' && bridge === 'automatic' ? free.slice(1) : []
}

/** A state out of C: the learned maps' results, and for the rest what the cell makes of the first one, or of C itself. */
function mappedState(cell: Cell, learned: readonly string[], params: Params, context: Tensor2D) {
  const mapped: Matrices = Object.fromEntries(
    learned.map((name) => {
      const mapParams = subtree(params, name)
      return [name, tanh(dense({ kernel: matrix(mapParams, 'kernel'), bias: vector(mapParams, 'bias') }, context))]
    }),
  )
  const [first = ''] = Object.keys(cell.state)
  const output = mapped[first] ?? context
  return { state: { ...stateFrom(cell, output), ...mapped }, output }
}

function chooseStart(
  options: DecoderOptions,
  from: ContextChoice['from'],
  context: Axis,
  encoder: Pick<EncoderSizes, 'layers' | 'features'>,
  index: number,
): Start {
  if (options.bridge === 'dense') return 'dense'
  // Without an encoder (a single input is C) there is nothing to copy.
  if (encoder.layers.length > 0 && (from === 'last-state' || from === 'attention')) {
    return disagreement(options, encoder, index) === undefined ? 'copy' : 'dense'
  }
  return context.size === hiddenAt(options.hidden, index) ? 'context' : 'dense'
}

/** Why a decoder layer cannot take its encoder layer's final state as it is, or nothing. */
export function disagreement(
  { cell, hidden, layers }: DecoderOptions,
  encoder: Pick<EncoderSizes, 'layers' | 'features'>,
  index: number,
): string | undefined {
  if (encoder.features?.join === 'context') return 'a copy would leave out the summary of the features next to C'
  if (encoder.layers.length !== layers) return `the encoder has ${encoder.layers.length} layers, the decoder ${layers}`
  const [layer, backward] = encoder.layers[index] ?? []
  if (layer === undefined) return 'the encoder has no such layer'
  if (backward !== undefined) return 'a bidirectional encoder leaves two final states a layer, the decoder takes one'
  if (layer.cell !== cell.type) return `the encoder's cell is ${layer.cell}, the decoder's ${cell.type}`
  const own = hiddenAt(hidden, index)
  if (layer.hidden !== own) return `the encoder's hidden size is ${layer.hidden}, the decoder's ${own}`
  return undefined
}

function copiedState(encoded: Pick<Encoded, 'layers'>, index: number): Matrices {
  const state = encoded.layers[index]?.[0]?.state
  if (state === undefined) throw new RangeError(`the encoder left no state for layer ${index + 1}`)
  return state
}
