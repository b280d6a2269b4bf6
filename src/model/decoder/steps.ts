import { type Tensor, type Tensor2D, type Tensor3D, tensor, tf } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import { dense, denseParameters } from '../maps/dense.js'
import type { DecoderOptions } from '../options.js'
import type { Attention, DecoderMemory, DecoderState, Encoded, Memory, ParameterSpec, Params } from '../types.js'
import type { Stack, Step } from './types.js'

/** What a decoder starts from: the cells' states, the top output as of them, and C where it is fixed. */
export interface Beginning {
  readonly layers: Tree<Tensor>
  /** [B,H]. */
  readonly output: Tensor2D
  /** [B,C]. */
  readonly fixed?: Tensor2D
  readonly encoded: Encoded
}

/** A way for C to meet the cells step by step. */
export interface Meeting {
  readonly parameters: Tree<ParameterSpec>
  start(params: Params, beginning: Beginning): { memory: DecoderMemory; state: DecoderState }
  readonly step: Step
}

/** One fixed C: beside the input at every step, at the first alone, or not at all; `seen`: by the output layer too. */
export function fixedContext(stack: Stack, receives: DecoderOptions['receives'], seen: boolean): Meeting {
  const always = receives === 'every-step' || receives === 'both'
  const once = receives === 'first-step'
  return {
    parameters: {},
    start: (_, { layers, fixed }) => {
      const context = fixed as Tensor2D
      return { memory: always || seen ? { context } : {}, state: { layers, ...(once ? { beside: context } : {}) } }
    },
    step: (params, input, memory, state, dropout) => {
      const beside = always ? memory.context : state.beside
      const x = beside === undefined ? input : tf.concat([input, beside as Tensor2D], 1)
      const { output, state: layers } = stack.step(subtree(params, 'stack'), x, subtree(state, 'layers'), dropout)
      const next = once ? { layers, beside: tf.zerosLike(tensor(state, 'beside')) } : { layers }
      return { decoded: seen ? { output, context: tensor<Tensor2D>(memory, 'context') } : { output }, state: next }
    },
  }
}

/** Bahdanau et al. 2015: the query is the previous top output; C_t enters the cell beside the input, where `beside`. */
export function attentionBefore(stack: Stack, attention: Attention, beside: boolean): Meeting {
  return {
    parameters: { attention: attention.parameters },
    start: (params, { layers, output, encoded }) => {
      const memory = attention.memory(subtree(params, 'attention'), encoded)
      return { memory, state: { layers, query: output, attention: attention.initialState(memory) } }
    },
    step: (params, input, memory, state, dropout) => {
      const attended = attend(attention, params, tensor<Tensor2D>(state, 'query'), memory, state)
      const x = beside ? tf.concat([input, attended.seen.context], 1) : input
      const { output, state: layers } = stack.step(subtree(params, 'stack'), x, subtree(state, 'layers'), dropout)
      return { decoded: { output, ...attended.seen }, state: { layers, query: output, attention: attended.state } }
    },
  }
}

/**
 * Luong et al. 2015: the query is the new top output, and h̃_t = tanh(W_c [C_t; h_t] + b) is what the decoder gives
 * (their (5), with a bias). Where it `feeds`, it stands beside the next input, zeros beside the first (their section 3.3).
 */
export function attentionAfter(stack: Stack, attention: Attention, hidden: number, feeds: boolean): Meeting {
  return {
    parameters: { attention: attention.parameters, joint: denseParameters(attention.size + hidden, hidden) },
    start: (params, { layers, output, encoded }) => {
      const memory = attention.memory(subtree(params, 'attention'), encoded)
      const fed = feeds ? { fed: tf.zerosLike(output) } : {}
      return { memory, state: { layers, ...fed, attention: attention.initialState(memory) } }
    },
    step: (params, input, memory, state, dropout) => {
      const x = feeds ? tf.concat([input, tensor<Tensor2D>(state, 'fed')], 1) : input
      const { output: query, state: layers } = stack.step(
        subtree(params, 'stack'),
        x,
        subtree(state, 'layers'),
        dropout,
      )
      const attended = attend(attention, params, query, memory, state)
      const output = tf.tanh(dense(subtree(params, 'joint'), tf.concat([attended.seen.context, query], 1)))
      const next = { layers, ...(feeds ? { fed: output } : {}), attention: attended.state }
      return { decoded: { output, ...attended.seen }, state: next }
    },
  }
}

function attend(attention: Attention, params: Params, query: Tensor2D, memory: DecoderMemory, state: DecoderState) {
  const own = subtree(params, 'attention')
  const { state: next, ...seen } = attention.step(own, query, asMemory(memory), subtree(state, 'attention'))
  return { seen, state: next }
}

function asMemory(memory: DecoderMemory): Memory {
  const keys = memory.keys === undefined ? {} : { keys: tensor<Tensor3D>(memory, 'keys') }
  return { ...keys, values: tensor<Tensor3D>(memory, 'values'), bias: tensor<Tensor2D>(memory, 'bias') }
}
