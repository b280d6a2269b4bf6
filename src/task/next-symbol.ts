import type { TensorSpec } from '../core/tensors.js'
import { type Tensor, type Tensor1D, type Tensor2D, tensor, tf } from '../core/tf.js'
import { leaf, leaves, mapTree, subtree, type Tree } from '../core/tree.js'
import { softmaxLayer } from '../model/heads/output.js'
import { denseParameters } from '../model/maps/dense.js'
import type { LossSettings, ModelSizes, Noise, Params, State } from '../model/types.js'
import { labelLoss, labelPredictions } from './labels.js'
import { type Reader, sourceOf, sourceSpecs } from './reader.js'
import { labelCount } from './sizes.js'
import type { TaskModel } from './types.js'

/** A language model's network. Batches: {source: {ids, mask}, target: {labels, mask}, continues}, [B,T] each but the last. */
export interface NextSymbol {
  readonly parameters: TaskModel['parameters']
  /** The state that goes from one batch to the next; empty where none does. */
  carry(batch: number): ReturnType<TaskModel['carry']>
  inputs(batch: number, steps: number): Tree<TensorSpec>
  noise(batch: number, steps: number): ReturnType<TaskModel['noise']>
  loss(
    params: Params,
    batch: Tree<Tensor>,
    noise: Noise,
    settings: LossSettings,
    before: State,
  ): ReturnType<TaskModel['loss']>
  /** {found: {ids, logProbs, nats} [B,T], after}. */
  predict(params: Params, batch: Tree<Tensor>, before: State): { found: Tree<Tensor>; after: State }
}

export function buildNextSymbol(reader: Reader, sizes: ModelSizes, carries: boolean): NextSymbol {
  const { encoder } = reader
  const sizesOfState = carries ? encoder.carrySizes : {}
  const initial = new Map(leaves(sizesOfState).map(([path, size]) => [path, size.initial]))
  const carry = (batch: number) =>
    mapTree(sizesOfState, ({ shape, initial }) => ({ dtype: 'float32' as const, shape: [batch, ...shape], initial }))
  const read = (params: Params, batch: Tree<Tensor>, noise: Noise, before: State) => {
    const start = carries ? startOf(before, leaf(batch, 'continues'), initial) : undefined
    const encoded = reader.read(params, sourceOf(batch), noise, start)
    const flat: Tensor2D = tf.reshape(encoded.outputs, [-1, encoded.outputs.shape[2]])
    return {
      scored: { layer: softmaxLayer(subtree(params, 'head')), x: flat },
      after: carries ? (encoded.carry ?? {}) : {},
    }
  }
  return {
    parameters: { ...reader.parameters, head: denseParameters(encoder.outputSize, labelCount(sizes)) },
    carry,
    inputs: (batch, steps) => ({
      source: sourceSpecs(sizes, { batch, source: steps, target: steps }),
      target: { labels: { dtype: 'int32', shape: [batch, steps] }, mask: { dtype: 'float32', shape: [batch, steps] } },
      continues: { dtype: 'float32', shape: [] },
    }),
    noise: (batch, steps) => ({ encoder: encoder.noise({ batch, steps }) }),
    loss: (params, batch, noise, settings, before) => {
      const { scored, after } = read(params, batch, noise, before)
      const target = subtree(batch, 'target')
      const flat = (name: string) => tf.reshape(tensor(target, name), [-1]) as Tensor1D
      return { ...labelLoss(scored, flat('labels'), flat('mask'), settings), carry: after }
    },
    predict: (params, batch, before) => {
      const { scored, after } = read(params, batch, undefined, before)
      const labels = tensor<Tensor2D>(subtree(batch, 'target'), 'labels')
      return { found: labelPredictions(scored, labels, labels.shape), after }
    },
  }
}

/** The state that a batch starts from: what came before it where it continues (1), else (0) the encoder's own start. */
function startOf(before: State, continues: Tensor, initial: ReadonlyMap<string, number>): State {
  return mapTree(before, (state, path) =>
    tf.add(tf.mul(state, continues), tf.mul(tf.sub(1, continues), initial.get(path) ?? 0)),
  )
}
