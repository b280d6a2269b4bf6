import type { Static } from 'typebox'
import { noOptions } from '../core/part.js'
import type { HostTensor, TensorSpec } from '../core/tensors.js'
import { type Scalar, type Tensor, type Tensor2D, tensor, tf } from '../core/tf.js'
import { subtree, type Tree } from '../core/tree.js'
import { BOS, EOS, type Split } from '../data/types.js'
import { buildTransducer, transducerProblems } from '../model/transducer.js'
import type { BatchShape, Sequence, Transducer } from '../model/types.js'
import { maskOf, padIds } from './collate.js'
import { sequencePredictor, sourceBatch } from './predict.js'
import type { Task, TaskModel } from './types.js'

/** N-M: one sequence of symbols into another of its own length. */
export const transduce: Task<typeof noOptions, Static<typeof noOptions>> = {
  name: 'transduce',
  summary: 'One sequence of symbols into another of its own length (N-M): translation, spelling out loud.',
  equations: ['L = −Σ_t ln p(y_t | y_<t, x)', 'y_0 = <bos>, y_{T+1} = <eos>'],
  source: {
    paper: 'Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks',
    url: 'https://arxiv.org/abs/1409.3215',
  },
  options: noOptions,
  sections: { source: 'required', target: 'required', encoder: 'required', context: 'required', decoder: 'required' },
  sides: { source: 'tokens', target: 'tokens' },
  decodes: true,
  defaultMetrics: ['ser', 'exact-match'],
  problems: (_, model) => transducerProblems(model),
  build: (_, model, sizes) => transduceModel(buildTransducer(model, sizes)),
}

function transduceModel(transducer: Transducer): TaskModel {
  return {
    parameters: transducer.parameters,
    inputs,
    collate,
    noise: (shape) => transducer.noise({ ...shape, target: shape.target + 1 }),
    loss: (params, batch, noise, settings) => {
      const target = subtree(batch, 'target')
      const mask = tensor<Tensor2D>(target, 'mask')
      const sides = { input: tensor<Tensor2D>(target, 'input'), output: tensor<Tensor2D>(target, 'output'), mask }
      const sums = transducer.loss(params, sourceOf(batch), sides, noise, settings)
      return { ...sums, count: tf.sum<Scalar>(mask) }
    },
    carry: () => ({}),
    predictor: sequencePredictor(transducer),
  }
}

export function sourceOf(batch: Tree<Tensor>): Sequence {
  const source = subtree(batch, 'source')
  return { ids: tensor<Tensor2D>(source, 'ids'), mask: tensor<Tensor2D>(source, 'mask') }
}

/** Targets have one step more than their longest row: input is bos + y, output is y + eos. */
function inputs({ batch, source, target }: BatchShape): Tree<TensorSpec> {
  const steps = target + 1
  return {
    source: { ids: { dtype: 'int32', shape: [batch, source] }, mask: { dtype: 'float32', shape: [batch, source] } },
    target: {
      input: { dtype: 'int32', shape: [batch, steps] },
      output: { dtype: 'int32', shape: [batch, steps] },
      mask: { dtype: 'float32', shape: [batch, steps] },
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
