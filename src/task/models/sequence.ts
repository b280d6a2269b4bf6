import { matrix, sumAll } from '../../core/ops.js'
import type { HostTensor, TensorSpec } from '../../core/tensors.js'
import type { Tensor } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import { BOS, EOS, type Split } from '../../data/types.js'
import type { LossSettings, Transducer } from '../../model/decoder/types.js'
import type { BatchShape, Noise } from '../../model/noise.js'
import type { ModelOptions } from '../../model/options.js'
import type { OutlineNode } from '../../model/outline.js'
import type { Params } from '../../model/parameters.js'
import type { ModelSizes } from '../../model/sizes.js'
import { maskOf, padIds } from '../batches/collate.js'
import { type CopyIds, copyIdsOf } from '../batches/copies.js'
import { sequencePredictor } from '../predict.js'
import type { TaskModel } from '../types.js'
import { sourceOf } from './source-encoder.js'
import { type SourceInputs, sourceInputs } from './source-inputs.js'

/** Batches, loss and predictions of a model that gives a sequence of symbols. `own`: the task's own node. */
export function sequenceModel(
  transducer: Transducer,
  model: ModelOptions,
  sizes: ModelSizes,
  taskNode: OutlineNode,
): TaskModel {
  const { nodes, arrows } = transducer.outline
  const copyIds = transducer.copies ? copyIdsOf(sizes) : undefined
  const sources = sourcesOf(sourceInputs(model, sizes), copyIds)
  const targets = targetsOf(copyIds)
  const loss = (params: Params, batch: Tree<Tensor>, noise: Noise, settings: LossSettings) => {
    const target = subtree(batch, 'target')
    const mask = matrix(target, 'mask')
    const labels = { input: matrix(target, 'input'), output: matrix(target, 'output'), mask }
    return { ...transducer.loss(params, sourceOf(batch), labels, noise, settings), count: sumAll(mask) }
  }
  return {
    parameters: transducer.parameters,
    outline: { nodes: [...nodes, taskNode], arrows },
    inputs: (shape) => ({ source: sources.specs(shape), target: targetSpecs(shape) }),
    collate: (split, rows, shape) => ({
      source: sources.batch(split, rows, shape),
      target: targets(split, rows, shape),
    }),
    noise: (shape, settings) => transducer.noise({ ...shape, target: shape.target + 1 }, settings),
    loss,
    carry: () => ({}),
    predictor: sequencePredictor(transducer, sources.batch, targets),
  }
}

/** Batches of sources, with what a head that copies needs. */
function sourcesOf(inputs: SourceInputs, copyIds: CopyIds | undefined): SourceInputs {
  return {
    specs: (shape) => {
      const ids: TensorSpec = { dtype: 'int32', shape: [shape.batch, shape.source] }
      return { ...inputs.specs(shape), ...(copyIds === undefined ? {} : { copies: ids }) }
    },
    batch: (split, rows, shape) => {
      const copies = copyIds?.sources(split, rows, [shape.batch, shape.source])
      return { ...inputs.batch(split, rows, shape), ...(copies && { copies }) }
    },
  }
}

/** Targets have one step more than their longest row: input is bos + y, output is y + eos. */
function targetSpecs(shape: BatchShape): Tree<TensorSpec> {
  const steps = [shape.batch, shape.target + 1] as const
  return {
    input: { dtype: 'int32', shape: steps },
    output: { dtype: 'int32', shape: steps },
    mask: { dtype: 'float32', shape: steps },
  }
}

/** Of a head that copies, with ids of the source's symbols in the place of unk. */
function targetsOf(copyIds: CopyIds | undefined) {
  return (split: Split, rows: readonly number[], shape: BatchShape): Tree<HostTensor> => {
    const steps = [shape.batch, shape.target + 1] as const
    const input = padIds(split.target, rows, steps, { before: BOS })
    const output = padIds(split.target, rows, steps, { after: EOS })
    return {
      input: copyIds?.targets(input, split, rows, 1) ?? input,
      output: copyIds?.targets(output, split, rows, 0) ?? output,
      mask: maskOf(split.target, rows, steps, 1),
    }
  }
}
