import type { DecodeOptions } from '../decode/index.js'

export interface SearchOptions {
  /** The search, for tasks that search; by default the spec's own. To write text: by default, sampling. */
  readonly decode?: DecodeOptions
  /** Symbols of an output at most; by default twice the longest that training saw and 5. */
  readonly maxLength?: number
  /** Of searches that draw; by default the model's own seed. */
  readonly seed?: number
  /** Of models that find the best labels exactly (the head crf): how many of the best; 1 by default. */
  readonly nBest?: number
}

export interface PredictOptions extends SearchOptions {
  /** What names each source's random numbers; by default its place among the sources. */
  readonly streams?: readonly number[]
  /** Whether outputs have their alignments with the source, where the model attends. */
  readonly alignments?: boolean
  /** Whether unknown symbols of an output are replaced by the source token that they attend to most. */
  readonly replaceUnknown?: boolean
  /** Whether tags and labels have the probabilities of all that there are. */
  readonly probabilities?: boolean
}
