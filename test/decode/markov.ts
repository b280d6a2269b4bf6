import fc from 'fast-check'
import { floats, type HostTensor, ints } from '../../src/core/tensors.js'
import { type Tensor2D, tf } from '../../src/core/tf.js'
import type { Tree } from '../../src/core/tree.js'
import { leaf } from '../../src/core/tree.js'
import { encode } from '../../src/decode/encode.js'
import type { RunPure, Search, SearchSettings } from '../../src/decode/types.js'
import type { Transducer } from '../../src/model/decoder/types.js'
import { download, upload } from '../support/tensors.js'

export const specials = { pad: 0, bos: 1, eos: 2 }

/** Runs a pure function at once on TF.js. */
const run: RunPure = async (_, pure, inputs) => download(pure({}, upload(inputs)))

/**
 * A first-order chain: log p(next | previous) is a row of `table` [V,V], shifted by the source: every example's first
 * source number is added to its row's index (so that examples differ). The state counts steps, the alignment shows them.
 */
export function markov(table: Tensor2D): Transducer {
  const size = table.shape[0]
  return {
    parameters: {},
    noise: () => ({}),
    start: (_, source) => {
      const ids = 'ids' in source ? source.ids : source.mask
      const shift = tf.cast(tf.slice(ids, [0, 0], [-1, 1]), 'float32')
      return { memory: { shift, mask: source.mask }, state: { steps: tf.zerosLike(source.mask) } }
    },
    step: (_, previous, memory, state) => {
      const rows = tf.mod(tf.add(previous, tf.cast(tf.squeeze(leaf(memory, 'shift'), [1]), 'int32')), size)
      const steps = tf.add(leaf(state, 'steps'), 1)
      const alignment = tf.mul(steps, leaf(memory, 'mask')) as Tensor2D
      return { logProbs: tf.gather(table, tf.cast(rows, 'int32')) as Tensor2D, alignment, state: { steps } }
    },
    loss: () => {
      throw new Error('not trained')
    },
    lossFrom: () => {
      throw new Error('not trained')
    },
    outline: { nodes: [], arrows: [] },
    copies: false,
    hasAlignment: true,
  }
}

/**
 * A second-order chain: the row of `table` [V,V] is the previous symbol + twice the one before it + the source's first number.
 * The state is that symbol (of each hypothesis its own), at first the source's first number.
 */
export function secondOrder(table: Tensor2D): Transducer {
  const size = table.shape[0]
  return {
    ...markov(table),
    start: (_, source) => {
      const shift = tf.cast(tf.slice('ids' in source ? source.ids : source.mask, [0, 0], [-1, 1]), 'float32')
      return { memory: { shift }, state: { before: shift } }
    },
    step: (_, previous, memory, state) => {
      const last = tf.expandDims(tf.cast(previous, 'float32'), 1)
      const sum = tf.add(tf.add(last, tf.mul(leaf(state, 'before'), 2)), leaf(memory, 'shift'))
      const rows = tf.cast(tf.squeeze(tf.mod(sum, size), [1]), 'int32')
      return { logProbs: tf.gather(table, rows) as Tensor2D, state: { before: last } }
    },
    hasAlignment: false,
  }
}

/** Log probabilities of a chain out of any scores. */
export function tableOf(scores: readonly (readonly number[])[]): Tensor2D {
  return tf.logSoftmax(tf.tensor2d(scores as number[][])) as Tensor2D
}

/** Random scores of a chain over padding, the beginning, the end and two symbols. */
export const scores = fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 5, maxLength: 5 }), {
  minLength: 5,
  maxLength: 5,
})

/** The chain of such scores; its numbers are no sums of each other, so that no two outputs tie. */
export function uneven(scores: readonly (readonly number[])[]): Tensor2D {
  return tableOf(scores.map((row, i) => row.map((x, j) => x + 0.317 * Math.sin(7 * i + j))))
}

/** Sources whose first numbers are `shifts`, two steps each, and one row of padding at the end. */
export function sourceOf(shifts: readonly number[]): Tree<HostTensor> {
  const rows = shifts.length + 1
  return {
    ids: ints([...shifts.flatMap((shift) => [shift, 3]), 0, 0], [rows, 2]),
    mask: floats([...shifts.flatMap(() => [1, 1]), 0, 0], [rows, 2]),
  }
}

/** What a search finds for `source`, whose first rows are `examples`. `onRun` is told the name of each function that runs. */
export async function decoded(
  search: Search,
  transducer: Transducer,
  source: Tree<HostTensor>,
  examples: readonly number[],
  settings: SearchSettings,
  onRun: (name: string) => void = () => {},
) {
  const told: RunPure = (name, pure, inputs) => {
    onRun(name)
    return run(name, pure, inputs)
  }
  const encoded = await encode(told, transducer, source)
  return search([{ run: told, transducer, encoded }], examples, settings)
}
