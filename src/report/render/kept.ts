import type { PredictionLine } from '../../train/types.js'

const texts = { sampled: 'of the random sample', mistake: 'of the worst mistakes' } as const

/** Why an example's alignment was kept, in words. */
export function keptText(kept: NonNullable<PredictionLine['kept']>): string {
  return texts[kept]
}
