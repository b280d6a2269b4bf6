import Type, { type Static } from 'typebox'
import { type Measured, quotient } from '../core/measured.js'
import { addCounts, countsByLabel, hasWrongLabels, type LabelCounts, labelStatistics } from './label-counts.js'
import type { Metric } from './types.js'

export const averageOptions = Type.Object({
  average: Type.Union([Type.Literal('macro'), Type.Literal('micro')], {
    default: 'macro',
    description:
      'Mean over the labels that occur in the references or the predictions (`macro`), or of all decisions together (`micro`).',
  }),
})

/** A share of right decisions: of one label, or of all labels' sums. */
export type LabelShare = (counts: LabelCounts) => number

/** A metric that is a share of decisions, averaged over labels. Labels that training lacks count as one. */
export function averaged({ average }: Static<typeof averageOptions>, share: LabelShare): Metric {
  return { statistics: labelStatistics, value: (sums) => averageOf(sums, average, share), isWrong: hasWrongLabels }
}

function averageOf(sums: readonly number[], average: 'macro' | 'micro', share: LabelShare): Measured {
  const all = countsByLabel(sums)
  const shares = average === 'micro' && all.length > 0 ? [share(addCounts(all))] : all.map(share)
  const total = shares.reduce((sum, one) => sum + one, 0)
  return quotient(total, shares.length, 'neither the references nor the predictions have labels')
}

/** 0 where nothing is predicted, or nothing is to be found. */
export const precisionOf: LabelShare = ({ right, surplus }) => (right === 0 ? 0 : right / (right + surplus))
export const recallOf: LabelShare = ({ right, missing }) => (right === 0 ? 0 : right / (right + missing))
export const f1Of: LabelShare = ({ right, surplus, missing }) => (2 * right) / (2 * right + surplus + missing)
