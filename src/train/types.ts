import type { PlainError } from '../core/errors.js'
import type { Measured } from '../core/measured.js'
import type { HostTensor } from '../core/tensors.js'
import type { Tree } from '../core/tree.js'
import type { DataDescription, TokenOptions } from '../data/description.js'
import type { DecodeOptions } from '../decode/index.js'
import type { MetricSpec } from '../metrics/index.js'
import type { MetricResult } from '../metrics/score.js'
import type { ModelOptions } from '../model/options.js'
import type { ModelSizes } from '../model/sizes.js'
import type { Baseline } from '../task/baseline.js'
import type { EvaluatedExample, Sampled } from '../task/evaluate.js'
import type { WrittenTexts } from '../task/written-texts.js'
import type { SelectChoice, TrainOptions } from './options.js'
import type { Costs } from './selection.js'

/** The state of training, exactly as a checkpoint holds it. */
export interface TrainState {
  /** Steps done. */
  readonly step: number
  readonly params: Tree<HostTensor>
  readonly optimizer: Tree<HostTensor>
  /** A language model's state between chunks. */
  readonly carry: Tree<HostTensor>
  /** Streams are functions of seed, purpose and step: the seed is all there is to keep. */
  readonly seed: number
  readonly cursor: { readonly epoch: number; readonly batch: number }
  /** What schedules remember: costs under the first of `validate.select` so far, in order; null: undefined. */
  readonly schedule: { readonly validation: Costs }
  /** Sums since the last line of the training curve. */
  readonly window: { readonly nats: number; readonly tokens: number }
  readonly selection: {
    /** By all of `validate.select`, and the loss last; null: no validation had a number yet. */
    readonly best: Costs | null
    readonly bestStep: number
    readonly bestParams: Tree<HostTensor> | null
    /** Validations since the first of `validate.select` improved, without those where it was undefined; of checkpoints that are equal in it a later one may be the best. */
    readonly sinceImproved: number
    /** Where the best parameters are a mean of the last validations': of how many. */
    readonly averaged?: number
  }
  /** Under `train.average`: the parameters of the last validations, the oldest first. */
  readonly recent?: readonly Tree<HostTensor>[]
  /** The validation due after this step was stopped: it is made again, before the next step. */
  readonly unvalidated?: true
}

export type TrialPhase = 'data' | 'compile' | 'train' | 'validate' | 'test' | 'write'

/** What a trial reports while it runs. `metrics.jsonl` holds `train` and `validation` lines without their clock values. */
export type TrialEvent =
  | { readonly kind: 'phase'; readonly phase: TrialPhase }
  /** What the user should know, once. */
  | { readonly kind: 'notice'; readonly message: string }
  | {
      readonly kind: 'train'
      readonly step: number
      readonly totalSteps: number
      readonly epoch: number
      /** The mean over tokens (over numbers, in a forecast) since the line before, in the unit of the task's lossMeasure. */
      readonly loss: Measured
      readonly gradientNorm: number
      readonly learningRate: number
      /** Clock values: shown, never written into metrics.jsonl. */
      readonly tokensPerSecond: number
      readonly elapsedMs: number
    }
  | ValidationLine
  | AverageLine

/** One line of predictions.jsonl. */
export interface PredictionLine extends EvaluatedExample {
  readonly split: 'dev' | 'test'
}

/** What a validation found. */
export interface ValidationLine {
  readonly kind: 'validation'
  readonly step: number
  /** The mean over the split's tokens, as in training. */
  readonly loss: Measured
  readonly metrics: Readonly<Record<string, Measured>>
  readonly best: boolean
  /** How far untied copies of weights have drifted apart; where there are such copies. */
  readonly copiesDistance?: number
}

/** What was found after the last validation of the mean of the last validations' parameters. */
export interface AverageLine {
  readonly kind: 'average'
  readonly step: number
  /** How many parameters the mean is of. */
  readonly validations: number
  readonly loss: Measured
  readonly metrics: Readonly<Record<string, Measured>>
  readonly best: boolean
}

/** One line of metrics.jsonl; no clock values. */
export type MetricsLine =
  | {
      readonly kind: 'train'
      readonly step: number
      readonly epoch: number
      /** The mean over tokens (over numbers, in a forecast) since the line before, in the unit of the task's lossMeasure. */
      readonly loss: Measured
      readonly gradientNorm: number
      readonly learningRate: number
      /** Tokens (in a forecast numbers, in a classification examples) that the loss is a mean over; lines of older versions do not say. */
      readonly tokens?: number
    }
  | ValidationLine
  | AverageLine

/** The first line of samples.jsonl: the examples, as they stay. */
export interface ExamplesLine {
  readonly kind: 'examples'
  readonly schemaVersion: 1
  readonly examples: readonly SampledExample[]
}

export interface SampledExample {
  /** In dev. */
  readonly index: number
  readonly source: readonly string[]
  readonly features?: readonly string[]
  readonly references: readonly (readonly string[])[]
  readonly trueAlignment?: Sampled['example']['trueAlignment']
  /** Of a forecast: what was observed, and the values one season before. */
  readonly values?: SampledValues
  /** Where only the first symbols of the source are here: how many it has. */
  readonly sourceLength?: number
}

interface SampledValues {
  /** Numbers of each step, side by side. */
  readonly width: number
  readonly reference: readonly number[]
  readonly naive?: readonly number[]
}

/** Every other line: a validation, with what the model gave for each of the examples. */
export type SamplesLine = (ValidationLine | AverageLine) & { readonly outputs: readonly SampledOutput[] }

export interface SampledOutput {
  readonly hypothesis: readonly string[]
  /** Log probability in nats. */
  readonly score: number
  /** Log probability of each label in nats. */
  readonly tokenScores?: readonly number[]
  /** Of a language model: log probability in nats of each symbol of the text, and of its end. */
  readonly sourceScores?: readonly number[]
  /** One row an output symbol (and the end), one column a source symbol, in whole percent. */
  readonly alignmentPercent?: readonly (readonly number[])[]
  /** A forecast. */
  readonly values?: readonly number[]
  /** Where only the first symbols of the output are here: how many it has. */
  readonly length?: number
}

/** A validation as the file may keep it. */
export interface SampledValidation {
  readonly line: ValidationLine | AverageLine
  readonly samples: readonly Sampled[]
  /** Which one it is, from 1, of how many at most. */
  readonly number: number
  readonly planned: number
  /** Whether training ends with it. */
  readonly isLast: boolean
}

/** The sections of a spec that a trial needs (a Spec is one: train/ does not import spec/). */
export interface TrialSettings {
  readonly task: { readonly type: string; readonly [option: string]: unknown }
  /** How text becomes tokens: a start from another run compares that. */
  readonly data?: TokenOptions
  readonly model: ModelOptions
  readonly train: TrainOptions
  readonly decode: DecodeOptions
  readonly metrics: readonly MetricSpec[]
}

/** What the costs of a training's validations are costs of. */
export interface CostBasis {
  readonly select: readonly SelectChoice[]
  /** The search of validations. */
  readonly decode: DecodeOptions
  /** Digest of what training reads, dev included. */
  readonly data: string
}

/** What another run's training left, for `train.init`. */
export interface StartingPoint {
  /** The best parameters, by path. */
  readonly parameters: ReadonlyMap<string, HostTensor>
  /** What their numbers are about. */
  readonly data: DataDescription
  /** Absent where the model alone is kept. */
  readonly training?: TrainState
  /** Of that training. */
  readonly costs?: CostBasis
  /** The optimizer of that training, by its name, where that is known. */
  readonly optimizer?: string
}

/** Reads what another run left. Throws SeqlabError 'run' where there is nothing to start from, or it is damaged. */
export type ReadState = (from: string) => Promise<StartingPoint>

/** A trial's connection to whoever runs it. */
export interface TrialPorts {
  readonly readState: ReadState
  /** Digest of what the plan found under `train.init`: a trial that finds something else there is refused. */
  readonly start?: string | undefined
  /**
   * Read before every step, where true saves a checkpoint, and before every run of a graph of a validation or of the final
   * evaluation (`within`), which is then made again by who resumes: true ends with status `stopped`.
   */
  stopRequested(within?: 'evaluation'): boolean
  emit(event: TrialEvent): void
  /** Appends one line to metrics.jsonl. */
  record(line: MetricsLine): void
  /** Adds what a validation gave for a few examples to samples.jsonl, which may leave it out. */
  sample(validation: SampledValidation): void
  /** Keeps a checkpoint; called after every validation and when stopped. */
  save(state: TrainState): Promise<void>
}

/** Memory of a trial, in bytes. */
export interface TrialMemory {
  /** Parameters, gradients and the optimizer's state, and the parameters that are evaluated. */
  readonly stateBytes: number
  /** The largest resident set of the process that it ran in: with threads, of all trials of that process so far. */
  readonly processPeakBytes: number
}

export interface TrialResult {
  readonly status: 'completed' | 'stopped' | 'failed'
  /** By split and metric; none of a split without examples. */
  readonly metrics: Readonly<Record<'dev' | 'test', Readonly<Record<string, MetricResult>>>>
  readonly predictions: readonly PredictionLine[]
  /** What answers without a model give on test; absent where there is no such answer. */
  readonly baseline?: Baseline
  /** What a language model wrote by itself, where it can. */
  readonly written?: WrittenTexts
  /** The best parameters, which these figures are of; absent where training did not end as planned. */
  readonly best?: Tree<HostTensor>
  readonly parameters: number
  /** Every parameter's shape by its path, in order. */
  readonly parameterShapes: Readonly<Record<string, readonly number[]>>
  readonly sizes: Pick<ModelSizes, 'source' | 'target' | 'features' | 'attributes'>
  /** Symbols that a search gives at most; absent where the task searches for none. */
  readonly outputLimit?: number
  readonly stepsDone: number
  readonly bestStep: number
  /** Where the best parameters are a mean of the last validations': of how many. */
  readonly averaged?: number
  readonly batching: { readonly shapes: number; readonly paddingShare: number }
  readonly memory: TrialMemory
  /** Clock values, in milliseconds, by phase: `validate` is a part of `train`, and `compile` of all. */
  readonly timings: Readonly<Record<string, number>>
  readonly error?: PlainError
}
