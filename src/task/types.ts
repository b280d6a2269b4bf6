import type { TObject } from 'typebox'
import type { Problem } from '../core/errors.js'
import type { Part } from '../core/part.js'
import type { HostTensor, TensorSpec } from '../core/tensors.js'
import type { Scalar, Tensor } from '../core/tf.js'
import type { Tree } from '../core/tree.js'
import type { PlannedBatch } from '../data/batching.js'
import type { Dataset, Sides, Split } from '../data/types.js'
import type { DecodeOptions } from '../decode/index.js'
import type { RunPure } from '../decode/types.js'
import type { ModelOptions } from '../model/options.js'
import type { BatchShape, LossSettings, ModelSizes, Noise, NoiseSpec, ParameterSpec, Params } from '../model/types.js'

export type Use = 'required' | 'optional' | 'refused'

/** What a reported loss is measured in. */
export interface LossMeasure {
  readonly unit: 'nats' | 'number'
  /** As an axis is labelled: the unit, and what the loss is averaged over. */
  readonly label: string
}

/** A shape of problem. */
export interface Task<Options extends TObject = TObject, O = any> extends Part<Options> {
  /** Which sections of `model` it uses; a section that is refused is an error when written. */
  readonly sections: Readonly<Record<'source' | 'target' | 'encoder' | 'context' | 'decoder', Use>>
  /** Whether the data's sides are ids with specials, labels, or numbers. */
  readonly sides: Sides
  readonly decodes: boolean
  /** Options of `train` that only some tasks can honour, and this one does. */
  readonly trainOptions: readonly ('labelSmoothing' | 'teacherForcing')[]
  readonly defaultMetrics: readonly string[]
  /** Where the loss is no cross-entropy per token. */
  lossMeasure?(options: O): LossMeasure
  /** Steps that the encoder takes for a source of so many, where they differ (a language model reads chunks). */
  stepsOf?(options: O, source: number): number
  /** Cross-field rules of the model under this task (equal sizes, bridges, a context that fits, ...). Pure. */
  problems(options: O, model: ModelOptions): readonly Problem[]
  build(options: O, model: ModelOptions, sizes: ModelSizes): TaskModel
}

/** A model under a task, as pure functions. Names of inputs are the task's own. */
export interface TaskModel {
  readonly parameters: Tree<ParameterSpec>
  /** Shapes of one padded batch. */
  inputs(shape: BatchShape): Tree<TensorSpec>
  /** Pads the examples `indices` of a split into one batch of `shape`; rows beyond them are padding with mask 0. */
  collate(split: Split, indices: readonly number[], shape: BatchShape): Tree<HostTensor>
  noise(shape: BatchShape, settings?: Pick<LossSettings, 'teacherForcing'>): Tree<NoiseSpec>
  /** How a split is cut into batches, in order, where examples are not read one by one (a language model's streams). */
  readonly chunks?: {
    training(split: Split, batchSize: number): readonly PlannedBatch[]
    evaluation(split: Split, batchSize: number): readonly PlannedBatch[]
  }
  /** Sums over the batch: what is minimised, plain cross-entropy (or plain error) and how many tokens they are over. */
  loss(
    params: Params,
    batch: Tree<Tensor>,
    noise: Noise,
    settings: LossSettings,
    carry?: Tree<Tensor>,
  ): { objective: Scalar; crossEntropy: Scalar; count: Scalar; carry?: Tree<Tensor> }
  /** Carry from one chunk to the next (a language model): shapes for a batch size; empty for the others. */
  carry(batch: number): Tree<TensorSpec & { readonly initial?: number }>
  /** How predictions are made: pure functions and the plain code that drives them. */
  readonly predictor: Predictor
}

export type { RunPure }

export interface Prediction {
  /** Token ids without specials; labels' ids; absent for forecasts. */
  readonly ids?: readonly number[]
  readonly values?: readonly number[]
  /** Log probability of the prediction in nats, or minus the error for forecasts. */
  readonly score: number
  /** The n best, this one first, where the search was asked for more than one. */
  readonly candidates?: readonly { readonly ids: readonly number[]; readonly score: number }[]
  /** Of the (first) reference under teacher forcing, and the tokens that it is over; the plain error for forecasts. */
  readonly crossEntropyNats: number
  readonly crossEntropyTokens: number
  /** One row a predicted token (and eos), one column a source token. */
  readonly alignment?: readonly (readonly number[])[]
}

export interface Predictor {
  predict(
    run: RunPure,
    split: Split,
    indices: readonly number[],
    shape: BatchShape,
    decode: DecodeOptions,
    settings: { readonly maxLength: number; readonly alignments: number; readonly seed: number },
  ): Promise<readonly Prediction[]>
}

/** Makes the sizes that a model is built from out of a dataset. */
export type SizesOf = (dataset: Dataset) => ModelSizes
