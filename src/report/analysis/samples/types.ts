import type { OutputKind } from '../../../task/reporting.js'
import type { SampledExample, SampledOutput } from '../../../train/types.js'
import type { Joiners } from '../joiners.js'

export type { SampledExample, SampledOutput } from '../../../train/types.js'

/** How the outputs for a few examples of dev form from validation to validation, as pages get it. */
export interface Forming {
  readonly kind: OutputKind
  readonly joiners: Joiners
  /** Whether columns of alignments are the features first, then the source. */
  readonly featuresFirst: boolean
  readonly examples: readonly SampledExample[]
  /** Of the recorded validations all, or as many as there is room for, in their order; the last one is there. */
  readonly frames: readonly Frame[]
  /** Validations that were recorded. */
  readonly recorded: number
}

/** A validation. */
export interface Frame {
  readonly step: number
  /** What was validated is a mean: of how many validations' parameters. */
  readonly mean?: number
  /** The dev metric: `PER 12.3 %`. */
  readonly dev: string
  /** Whether it was the best so far. */
  readonly best: boolean
  /** One an example. */
  readonly outputs: readonly SampledOutput[]
}
