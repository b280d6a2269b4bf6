import type { DataOptions } from '../data/options.js'
import type { DatasetDigests } from '../data/types.js'
import type { DecodeOptions } from '../decode/index.js'
import type { MetricSpec } from '../metrics/index.js'
import type { ModelOptions } from '../model/options.js'
import type { TrainOptions } from '../train/options.js'
import type { MapNode } from './document/nodes.js'

/** A spec with every default filled in: plain JSON, hashable. Parts are always `{ type: name, ...options }`. */
export interface Spec {
  readonly name: string
  readonly task: { readonly type: string; readonly [option: string]: unknown }
  readonly data: DataOptions
  readonly model: ModelOptions
  readonly train: TrainOptions
  readonly decode: DecodeOptions
  /** Metrics by name with their options. */
  readonly metrics: readonly MetricSpec[]
  readonly seed: number
}

/** A spec and its origin: relative data paths are resolved against `baseDir`. */
export interface LoadedSpec {
  readonly spec: Spec
  readonly file: string
  readonly baseDir: string
  /** Where one file gives several specs (`--set a=1,2`, a grid): paths and their values, in the grid's order. */
  readonly variant: Readonly<Record<string, unknown>>
  /** Its name in tables and pictures. */
  readonly label: string
  /** The merged document: the place of each option. */
  readonly written: MapNode
}

/** What a training step takes, by counting: right about sizes, rough about time. */
export interface Cost {
  readonly parameters: number
  /** Multiplications and additions of a training step's matrix products, forward and backward. */
  readonly flops: number
  /** Parameters, gradients and optimizer's moments, each twice, and what the backward pass keeps. */
  readonly bytes: number
  /** On one core like those that the constants below were measured on. */
  readonly millisecondsAStep: number
}

/** What a whole trial takes, by the counting that `seqlab explain` shows: `--plan` and the order of starting go by it. */
export interface TrialCost extends Cost {
  /** Of its checkpoint: the last and the best parameters, the optimizer's state, and copies under `train.average`. */
  readonly checkpointBytes: number
  readonly steps: number
  /** Of training, on one core. */
  readonly milliseconds: number
  /** Of evaluating, on one core. */
  readonly evaluation: {
    readonly validations: number
    /** Milliseconds of dev and of test, searched greedily. */
    readonly dev: number
    readonly test: number
  }
  /** Milliseconds of reading the data. */
  readonly reading: number
  /** Graphs that training, and an evaluation of dev or test compile, with milliseconds of one of them. */
  readonly compile: Readonly<Record<'train' | 'dev' | 'test', { readonly graphs: number; readonly ms: number }>>
}

/** One trial: what trains a model, under one seed, and what is done with that model afterwards. */
export interface PlannedTrial {
  /** Hash of task, model, train (with `start` in place of where that is found), seed and `digests.training`. */
  readonly id: string
  /** Hash of task, model and train: the same under every seed and on any data. */
  readonly trainHash: string
  /** Of the first evaluation; with the trial's seed. */
  readonly spec: Spec
  readonly seed: number
  readonly baseDir: string
  readonly digests: DatasetDigests
  /** Digest of what `train.init` takes from another run; absent without one. */
  readonly start?: string
  /** The first evaluation's. */
  readonly variant: Readonly<Record<string, unknown>>
  readonly label: string
  /** What it is expected to take, where that was worked out: long trials start first. */
  readonly cost?: TrialCost
  /** At least one; training ends with the first, which is the trial's own (`final`). */
  readonly evaluations: readonly PlannedEvaluation[]
}

/** A search method, metrics and a test split for a trained model. */
export interface PlannedEvaluation {
  /** Hash of the three. */
  readonly id: string
  readonly decode: DecodeOptions
  readonly metrics: readonly MetricSpec[]
  readonly testDigest: string
  /** Where the test split is read from; the training data in it equal the trial's. */
  readonly data: DataOptions
  readonly baseDir: string
  /** The variant's name in tables and pictures. */
  readonly label: string
  /** What distinguishes the variant in a study: grid paths and their values, in the grid's order. */
  readonly variant: Readonly<Record<string, unknown>>
}

/** Specs x seeds = trials, each with its evaluations. Pure data; nothing has been run. */
export interface Plan {
  readonly study: string
  readonly trials: readonly PlannedTrial[]
  readonly claims: readonly Claim[]
  readonly compare?: Comparison
  readonly published?: Published
}

/** Published results that a study sets out to reproduce. */
export interface Published {
  /** Paper and table. */
  readonly source: string
  /** The public repository of the data. */
  readonly data?: string
  /** Expected time on two cores. */
  readonly minutes?: number
  readonly figures: readonly PublishedFigure[]
}

export interface PublishedFigure {
  readonly name?: string
  /** The variants whose mean is put beside it; absent: all. */
  readonly of?: ClaimSide
  readonly metric: string
  readonly value: number
  /** Whether the models of a variant's seeds predict together; else each by itself. */
  readonly ensemble?: true
  /** Test examples of each variant that it was measured on; absent: no band is drawn. */
  readonly examples?: number
}

/** What the comparison report leads with. */
export interface Comparison {
  readonly metric?: string
  /** Paths of the grid whose effect is shown. */
  readonly by?: readonly string[]
}

/** Settings by dotted path: all of them must hold. */
export type Settings = Readonly<Record<string, unknown>>

/** A variant by its label, or all variants that have some settings (values by dotted path), averaged over the others. */
export type ClaimSide = string | Settings

/** What a study sets out to show of two sides: in a metric on test, or in a curve over steps. */
export interface Claim {
  readonly left: ClaimSide
  /** What it is compared with: another side, or a figure in the measure's own scale. */
  readonly right: ClaimSide | number
  /** Either this ... */
  readonly metric?: string
  /** ... or this, a name of train/curve-names.ts. */
  readonly curve?: string
  /** Which number a curve is judged by; absent: `mean`. */
  readonly at?: 'mean' | 'last' | 'best' | number
  readonly relation: 'better' | 'worse' | 'lower' | 'higher' | 'equivalent'
  readonly margin?: number
  /** The smallest difference that matters: what the power is told for. Equivalence has its margin for that. */
  readonly effect?: number
  /** The expected standard deviation between seeds, in the measure's own scale. */
  readonly spread?: number
}
