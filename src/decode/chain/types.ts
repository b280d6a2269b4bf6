import type { AllowedLabels } from '../../model/heads/types.js'

/** The log potentials of one example's chain: S steps, V labels, row-major. */
export interface Chain {
  readonly steps: number
  readonly labels: number
  /** [S,V]. */
  readonly emissions: ArrayLike<number>
  /** [V,V]: from, to. */
  readonly transitions: ArrayLike<number>
  /** [V]. */
  readonly start: ArrayLike<number>
  readonly end: ArrayLike<number>
  /** What a prediction may have one after the other, where some labels may not. */
  readonly allowed?: AllowedLabels
}

/** Labels of a whole chain. */
export interface Path {
  readonly ids: readonly number[]
  /** Their log potential ψ, in nats: ln p is ψ less the log partition. */
  readonly potential: number
}
