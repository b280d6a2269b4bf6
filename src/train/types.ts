import type { PlainError } from '../core/errors.js'
import type { HostTensor } from '../core/tensors.js'
import type { Tree } from '../core/tree.js'
import type { DecodeOptions } from '../decode/options.js'
import type { ModelOptions } from '../model/options.js'
import type { SymbolSpace } from '../model/representation/types.js'
import type { TrainOptions } from './options.js'

/** Where training stands; with the engine's state it is exactly what a checkpoint holds. */
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
  /** What schedules remember: values of the selecting metric so far, in order; negated where higher is better. */
  readonly schedule: { readonly validation: readonly number[] }
  /** Sums since the last line of the training curve. */
  readonly window: { readonly nats: number; readonly tokens: number }
  readonly selection: {
    /** As in `schedule`: lower is better. */
    readonly best: number | null
    readonly bestStep: number
    readonly bestParams: Tree<HostTensor> | null
    /** Validations since the best one. */
    readonly sinceBest: number
  }
}

/** What a trial tells while it runs. `metrics.jsonl` holds `train` and `validation` lines without their clock values. */
export type TrialEvent =
  | { readonly kind: 'phase'; readonly phase: 'data' | 'compile' | 'train' | 'validate' | 'test' | 'write' }
  | {
      readonly kind: 'train'
      readonly step: number
      readonly totalSteps: number
      readonly epoch: number
      readonly lossNatsPerToken: number
      readonly gradientNorm: number
      readonly learningRate: number
      /** Clock values: shown, never written into metrics.jsonl. */
      readonly tokensPerSecond: number
      readonly elapsedMs: number
    }
  | {
      readonly kind: 'validation'
      readonly step: number
      readonly lossNatsPerToken: number
      readonly metrics: Readonly<Record<string, number>>
      readonly best: boolean
      /** How far untied copies of weights have drifted apart; where there are such copies. */
      readonly copiesDistance?: number
    }

/** One line of predictions.jsonl. */
export interface PredictionLine {
  readonly split: 'dev' | 'test'
  readonly index: number
  readonly source: readonly string[]
  readonly references: readonly (readonly string[])[]
  readonly hypothesis: readonly string[]
  readonly score: number
  /** The n best with their scores, the hypothesis first, where the search was asked for more than one. */
  readonly candidates?: readonly { readonly tokens: readonly string[]; readonly score: number }[]
  /** By metric: the statistics that its value is a function of. */
  readonly statistics: Readonly<Record<string, readonly number[]>>
  /** Rows: predicted tokens and the end; columns: source tokens. Kept for the first examples of a split only. */
  readonly alignment?: readonly (readonly number[])[]
  readonly values?: { readonly reference: readonly number[]; readonly predicted: readonly number[] }
}

/** One line of metrics.jsonl; no clock values. */
export type MetricsLine =
  | {
      readonly kind: 'train'
      readonly step: number
      readonly epoch: number
      readonly lossNatsPerToken: number
      readonly gradientNorm: number
      readonly learningRate: number
    }
  | {
      readonly kind: 'validation'
      readonly step: number
      readonly lossNatsPerToken: number
      readonly metrics: Readonly<Record<string, number>>
      readonly best: boolean
      /** How far untied copies of weights have drifted apart; where there are such copies. */
      readonly copiesDistance?: number
    }

/** What a trial needs of a spec (a Spec is one: train/ does not know spec/). */
export interface TrialSettings {
  readonly task: { readonly type: string; readonly [option: string]: unknown }
  readonly model: ModelOptions
  readonly train: TrainOptions
  readonly decode: DecodeOptions
  readonly metrics: readonly { readonly type: string; readonly [option: string]: unknown }[]
}

/** How a trial talks to whoever runs it. */
export interface TrialPorts {
  /** Read before every step; true: save a checkpoint and return with status `stopped`. */
  stopRequested(): boolean
  emit(event: TrialEvent): void
  /** Appends one line to metrics.jsonl. */
  record(line: MetricsLine): void
  /** Keeps a checkpoint; called after every validation and when stopped. */
  save(state: TrainState): Promise<void>
}

/** What a trial took, in bytes. */
export interface TrialMemory {
  /** Parameters, gradients and the optimizer's state, and the parameters that are evaluated. */
  readonly stateBytes: number
  /** The largest resident set of the process that it ran in: with threads, of all trials of that process so far. */
  readonly processPeakBytes: number
}

export interface TrialResult {
  readonly status: 'completed' | 'stopped' | 'failed'
  /** By split and metric: value with its 95 % bootstrap interval over examples. */
  readonly metrics: Readonly<
    Record<'dev' | 'test', Readonly<Record<string, { value: number; low: number; high: number }>>>
  >
  readonly predictions: readonly PredictionLine[]
  readonly parameters: number
  /** Every parameter's shape by its path, in order. */
  readonly parameterShapes: Readonly<Record<string, readonly number[]>>
  readonly sizes: { readonly source: SymbolSpace; readonly target: SymbolSpace }
  readonly stepsDone: number
  readonly bestStep: number
  readonly batching: { readonly shapes: number; readonly paddingShare: number }
  readonly memory: TrialMemory
  /** Clock values, in milliseconds, by phase: `validate` is a part of `train`, and `compile` of all. */
  readonly timings: Readonly<Record<string, number>>
  readonly error?: PlainError
}
