import type { ScoredExample } from './types.js'

/** Of one label: true positives, false positives, false negatives. */
export interface LabelCounts {
  readonly right: number
  readonly surplus: number
  readonly missing: number
}

/**
 * For each label of the training set, and last for all others: true positives, false positives, false negatives.
 * [3 (labels + 1)]. Of several accepted labels the predicted one counts.
 */
export function labelStatistics({ hypothesis, references, labels }: ScoredExample): readonly number[] {
  if (labels === undefined) throw new RangeError('The example was evaluated without the set of labels')
  const rows = new Array<number>(3 * (labels.length + 1)).fill(0)
  const add = (label: string, kind: 0 | 1 | 2) => {
    const at = labels.indexOf(label)
    const place = 3 * (at < 0 ? labels.length : at) + kind
    rows[place] = (rows[place] ?? 0) + 1
  }
  const [reference = []] = references
  for (let at = 0; at < Math.max(reference.length, hypothesis.length); at++) {
    const predicted = hypothesis[at]
    const accepted = references.map((other) => other[at])
    const wanted = predicted !== undefined && accepted.includes(predicted) ? predicted : reference[at]
    if (predicted === wanted && predicted !== undefined) add(predicted, 0)
    else {
      if (predicted !== undefined) add(predicted, 1)
      if (wanted !== undefined) add(wanted, 2)
    }
  }
  return rows
}

/** The counts of each label that occurs in the references or the predictions. */
export function countsByLabel(sums: readonly number[]): readonly LabelCounts[] {
  const all = Array.from({ length: sums.length / 3 }, (_, label) => {
    const [right = 0, surplus = 0, missing = 0] = sums.slice(3 * label, 3 * label + 3)
    return { right, surplus, missing }
  })
  return all.filter(({ right, surplus, missing }) => right + surplus + missing > 0)
}

export function addCounts(counts: readonly LabelCounts[]): LabelCounts {
  const sum = (of: keyof LabelCounts) => counts.reduce((total, each) => total + each[of], 0)
  return { right: sum('right'), surplus: sum('surplus'), missing: sum('missing') }
}

export function hasWrongLabels(statistics: readonly number[]): boolean {
  return countsByLabel(statistics).some(({ surplus, missing }) => surplus + missing > 0)
}
