import type { Static, TObject } from 'typebox'
import type { Problem } from '../core/errors.js'
import type { Part } from '../core/part.js'
import type { HostTensor, TensorSpec } from '../core/tensors.js'
import type { Scalar, Tensor } from '../core/tf.js'
import type { Tree } from '../core/tree.js'
import type { PlannedBatch } from '../data/batching.js'
import type { Sides, Split } from '../data/types.js'
import type { Aligned } from '../decode/aligned.js'
import type { Chain } from '../decode/chain/types.js'
import type { ForcedOutput } from '../decode/forced.js'
import type { DecodeOptions } from '../decode/index.js'
import type { Candidate, RunPure, SearchMember } from '../decode/types.js'
import type { ScoredExample } from '../metrics/types.js'
import type { LossSettings } from '../model/decoder/types.js'
import type { BatchShape, Noise, NoiseSpec } from '../model/noise.js'
import type { ModelOptions } from '../model/options.js'
import type { Outline } from '../model/outline.js'
import type { ParameterTree, Params } from '../model/parameters.js'
import type { ModelSizes } from '../model/sizes.js'
import type { Sources } from './models/source-inputs.js'

export type Use = 'required' | 'optional' | 'refused'

export type ModelSection = 'source' | 'features' | 'target' | 'encoder' | 'context' | 'decoder' | 'head'

/** What a reported loss is measured in. */
export interface LossMeasure {
  readonly unit: 'nats' | 'number'
  /** As an axis is labelled: the unit, and what the loss is averaged over. */
  readonly label: string
  /** What it is averaged over, in the singular. */
  readonly over: 'token' | 'example' | 'scaled value'
}

export const natsPerToken: LossMeasure = { unit: 'nats', label: 'nats per token', over: 'token' }

/** A shape of problem. */
export interface TaskPart<Options extends TObject = TObject> extends Part<Options> {
  /** Which sections of `model` it uses; a section that is refused is an error when written. */
  readonly sections: Readonly<Record<ModelSection, Use>>
  /** Whether the data's sides are ids with specials, labels, or numbers. */
  readonly sides: Sides
  /** Whether its outputs are searched for step by step. */
  readonly decodes: boolean
  /** Options of `train` that only some tasks can honour, and this one does. */
  readonly trainOptions: readonly ('labelSmoothing' | 'teacherForcing')[]
  readonly defaultMetrics: readonly string[]
  build(options: Static<Options>): Task
}

export function defineTask<Options extends TObject>(part: TaskPart<Options>): TaskPart<Options> {
  return part
}

/** A task whose options are bound. */
export interface Task {
  readonly lossMeasure: LossMeasure
  /** Steps that the encoder takes for a source of a given length, where they differ (a language model reads chunks). */
  stepsOf?(source: number): number
  /** Cross-field rules of the model under this task (equal sizes, bridges, a context that fits, ...). Pure. */
  problems(model: ModelOptions): readonly Problem[]
  build(model: ModelOptions, sizes: ModelSizes): TaskModel
}

/** A model under a task, as pure functions. Names of inputs are the task's own. */
export interface TaskModel {
  readonly parameters: ParameterTree
  readonly outline: Outline
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
  /** Sums over the batch: what is minimised, the plain loss, and how many tokens or numbers they are over. */
  loss(
    params: Params,
    batch: Tree<Tensor>,
    noise: Noise,
    settings: LossSettings,
    carry?: Tree<Tensor>,
  ): { objective: Scalar; crossEntropy: Scalar; count: Scalar; carry?: Tree<Tensor> }
  /** Carry from one chunk to the next (a language model): shapes for a batch size; empty for the others. */
  carry(batch: number): Tree<TensorSpec & { readonly initial?: number }>
  readonly predictor: Predictor
}

export type { RunPure }

/** Some examples of a split, and the shape of the batch that they are padded to. */
export interface Examples<S extends Pick<Split, 'source'> = Split> {
  readonly split: S
  readonly indices: readonly number[]
  readonly shape: BatchShape
}

/** How outputs are searched for, where they are. */
export interface SearchRequest {
  readonly decode: DecodeOptions
  /** Symbols at most. */
  readonly maxLength: number
  readonly alignments: Aligned
  readonly seed: number
  /** Steps of a search have as many rows as they need, up to a multiple of this; where absent, as many as they may need. */
  readonly rowsStep?: number
  /** Of heads that find the best labels exactly: how many of the best. */
  readonly nBest?: number
  /** Of searches that draw: what names the stream of each example, by its index; by default the index. */
  readonly streams?: readonly number[]
}

/** How a model is used: pure functions and the plain code that drives them. One result an example, in order. */
export interface Predictor {
  /** Outputs, for sources alone. */
  predict(run: RunPure, examples: Examples<Sources>, search: SearchRequest): Promise<readonly Prediction[]>
  /** Outputs, and what the references cost. */
  evaluate(run: RunPure, examples: Examples, search: SearchRequest): Promise<readonly ScoredPrediction[]>
  /** The same by the functions that `predict` runs alone: those that a model's exported form has. */
  evaluateExported(run: RunPure, examples: Examples, search: SearchRequest): Promise<readonly ScoredPrediction[]>
  /**
   * What the (first) references cost symbol by symbol, by the functions that `predict` runs alone; absent where outputs have
   * no probability.
   */
  readonly score?: (run: RunPure, examples: Examples, alignments: boolean) => Promise<readonly ForcedOutput[]>
  /**
   * Reads the sources and is then ready to be searched, alone or with others: tasks that search. A language model reads what a
   * text begins with, and the search writes on.
   */
  readonly begin?: (run: RunPure, examples: Examples<Sources>) => Promise<SearchMember>
  /** Of each example the log potentials of its labels: heads that choose an example's labels together. */
  readonly chains?: (run: RunPure, examples: Examples<Sources>) => Promise<readonly Chain[]>
  /** Of each row that is labelled, the log probability of every label: tasks that label, by heads that have it. */
  readonly distributions?: (
    run: RunPure,
    examples: Examples<Sources>,
  ) => Promise<readonly (readonly (readonly number[])[])[]>
}

export interface Prediction {
  /** Token ids without specials; labels' ids; absent for forecasts. */
  readonly ids?: readonly number[]
  readonly values?: readonly number[]
  /** Log probability of the prediction in nats; 0 for a forecast, which has none. */
  readonly score: number
  /**
   * The log probability of each label; they add up to the score, but for labels that are chosen together: there each is the
   * label's log marginal probability.
   */
  readonly tokenScores?: readonly number[]
  /** Of a language model: the log probability of each symbol of the source itself, and of its end. */
  readonly sourceScores?: readonly number[]
  /** The log probability of every label at each row, where asked for. */
  readonly distributions?: readonly (readonly number[])[]
  /** The n best, this one first, where the search was asked for more than one. */
  readonly candidates?: readonly Candidate[]
  /** One row a predicted token (and eos), one column a source token. */
  readonly alignment?: readonly (readonly number[])[]
}

/** What the (first) reference costs under teacher forcing, in the task's loss measure, and how many tokens that is over. */
export interface ReferenceCost {
  readonly crossEntropyNats: number
  readonly crossEntropyTokens: number
}

/** A forecast's score is minus its error. */
export type ScoredPrediction = Prediction & ReferenceCost & Pick<ScoredExample, 'attended'>
