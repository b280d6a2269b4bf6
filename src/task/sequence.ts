import type { HostTensor, TensorSpec } from '../core/tensors.js'
import { type Scalar, type Tensor, type Tensor2D, tensor, tf } from '../core/tf.js'
import { subtree, type Tree } from '../core/tree.js'
import { BOS, EOS, type Split } from '../data/types.js'
import type { BatchShape, LossSettings, ModelSizes, Noise, Params, Transducer } from '../model/types.js'
import { maskOf, padIds } from './collate.js'
import { sequencePredictor } from './predict.js'
import { sourceBatch, sourceOf, sourceSpecs } from './reader.js'
import type { TaskModel } from './types.js'

/** Batches, loss and predictions of a model that gives a sequence of symbols. */
export function sequenceModel(transducer: Transducer, sizes: ModelSizes): TaskModel {
  const loss = (params: Params, batch: Tree<Tensor>, noise: Noise, settings: LossSettings) => {
    const target = subtree(batch, 'target')
    const mask = tensor<Tensor2D>(target, 'mask')
    const labels = { input: tensor<Tensor2D>(target, 'input'), output: tensor<Tensor2D>(target, 'output'), mask }
    return { ...transducer.loss(params, sourceOf(batch), labels, noise, settings), count: tf.sum<Scalar>(mask) }
  }
  return {
    parameters: transducer.parameters,
    inputs: (shape) => inputs(sizes, shape),
    collate,
    noise: (shape, settings) => transducer.noise({ ...shape, target: shape.target + 1 }, settings),
    loss,
    carry: () => ({}),
    predictor: sequencePredictor(transducer, collate),
  }
}

/** Targets have one step more than their longest row: input is bos + y, output is y + eos. */
function inputs(sizes: ModelSizes, shape: BatchShape): Tree<TensorSpec> {
  const steps = [shape.batch, shape.target + 1] as const
  return {
    source: sourceSpecs(sizes, shape),
    target: {
      input: { dtype: 'int32', shape: steps },
      output: { dtype: 'int32', shape: steps },
      mask: { dtype: 'float32', shape: steps },
    },
  }
}

function collate(split: Split, rows: readonly number[], shape: BatchShape): Tree<HostTensor> {
  const steps = [shape.batch, shape.target + 1] as const
  return {
    source: sourceBatch(split, rows, shape),
    target: {
      input: padIds(split.target, rows, steps, { before: BOS }),
      output: padIds(split.target, rows, steps, { after: EOS }),
      mask: maskOf(split.target, rows, steps, 1),
    },
  }
}
