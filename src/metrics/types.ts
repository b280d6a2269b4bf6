import type { Static, TObject } from 'typebox'
import type { Problem } from '../core/errors.js'
import type { Measured } from '../core/measured.js'
import { ofKind, type Part } from '../core/part.js'
import type { TagFacts } from '../core/tags.js'

/** One evaluated example, tokens as strings; numbers for forecasts. */
export interface ScoredExample {
  readonly source: readonly string[]
  /** Every accepted answer; the nearest counts. */
  readonly references: readonly (readonly string[])[]
  readonly hypothesis: readonly string[]
  /** What joins target tokens to text; nothing where absent. */
  readonly joiner?: string
  /** Forecasts: reference and predicted numbers, unscaled, step by step. */
  readonly values?: {
    readonly reference: readonly number[]
    readonly predicted: readonly number[]
    /** By series (number k belongs to series k mod their count): error of the naive forecast in training. */
    readonly naiveErrors?: readonly number[]
    /** By series: what a value is divided by before the model sees it. */
    readonly scales?: readonly number[]
    /** The seasonal naive forecast of the same numbers, where the window reaches back a season. */
    readonly naive?: readonly number[]
  }
  /** Every label that training knows, for tags and classes; the same for all examples. */
  readonly labels?: readonly string[]
  /** Cross-entropy of the (first) reference under the model in nats, and how many tokens (eos included) that is over. */
  readonly crossEntropyNats?: number
  readonly crossEntropyTokens?: number
  /**
   * Where the true alignment is known and a metric reads it: weights under forced decoding, a row for each symbol of the (first)
   * reference, a column for each source token.
   */
  readonly attended?: {
    readonly weights: readonly (readonly number[])[]
    /** [source, target], from 0. */
    readonly sure: readonly (readonly [source: number, target: number])[]
    readonly possible: readonly (readonly [source: number, target: number])[]
  }
  /** For tags: the label of a whole sentence in addition to the tags, where the data has one. */
  readonly label?: { readonly reference: string; readonly hypothesis: string }
}

/**
 * A metric over a corpus with its options bound: a fixed number of sums over examples and a function of those sums, so
 * that a bootstrap only adds. `statistics` of an example is written into predictions.jsonl.
 */
export interface Metric {
  statistics(example: ScoredExample): readonly number[]
  /** Undefined where the sums allow no value, with the reason in words of the metric's own. */
  value(sums: readonly number[]): Measured
  /** What the value leaves out, where it leaves something out. */
  note?(sums: readonly number[]): string | undefined
  /** What the value is made of, by name in the plural (`substitutions: 12`), where the sums have it: earlier versions had fewer. */
  counts?(sums: readonly number[]): Readonly<Record<string, number>> | undefined
  /** How it is computed, for those who compare it with another tool's; the sums know how many references there are. */
  signature?(sums: readonly number[]): string
  /**
   * The value is sums[0] / sums[1]: how many of some things (examples, tokens) are right, or wrong. Where each example is
   * one such thing, the interval of the share is exact.
   */
  readonly isShare?: true
  /** Whether an example with these statistics has an error; absent where nothing is right or wrong (a cross-entropy). */
  isWrong?(statistics: readonly number[]): boolean
}

/** What a metric may know of the training data; a dataset's counts have it. */
export interface TrainingFacts {
  readonly tags?: TagFacts
}

export type TagsBySplit = Readonly<Record<'train' | 'dev' | 'test', TagFacts>>

/** What a metric's file exports. */
export interface MetricPart<Options extends TObject = TObject> extends Part<Options> {
  readonly range: readonly [low: number, high: number]
  readonly better: 'lower' | 'higher'
  /** How people read it: `percent` shows 0.088 as 8.8 %. */
  readonly unit: 'percent' | 'points' | 'nats' | 'number'
  /** Which tasks it can score. */
  readonly tasks: readonly string[]
  /**
   * What it needs in the place of outputs, of the references under teacher forcing: the weights of attention and the true
   * alignment, or the loss.
   */
  readonly reads?: 'alignment' | 'loss'
  /** What tokens have to be for the value to be what its name says. */
  readonly tokens?: 'characters'
  build(options: Static<Options>, training?: TrainingFacts): Metric
  /** Why it cannot score these tags. Paths are relative to its options. */
  dataProblems?(options: Static<Options>, tags: TagsBySplit): readonly Problem[]
  /** What an option left to the training data to decide, and what came out: one sentence. */
  outcome?(options: Static<Options>, training: TrainingFacts): string | undefined
}

/** Declares a metric: sums over examples, and a value of the sums. */
export function defineMetric<Options extends TObject>(part: MetricPart<Options>): MetricPart<Options> {
  return ofKind('metric', part)
}
