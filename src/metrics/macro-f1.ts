import { quotient } from '../core/measured.js'
import { noOptions } from '../core/part.js'
import { defineMetric } from './types.js'

export const macroF1 = defineMetric({
  name: 'macro-f1',
  summary:
    'Mean of the F1 of each label that occurs in the references or the predictions; labels not seen in training count as one.',
  equations: ['F1_c = 2 tp_c / (2 tp_c + fp_c + fn_c)', 'macro-F1 = mean of F1_c over the labels c that occur'],
  source: { paper: 'Yang & Liu 1999, A re-examination of text categorization methods (macro-averaged F1)' },
  options: noOptions,
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['classify', 'tag'],
  build: () => ({
    /** For each label of the training set, and last for all others: true positives, false positives, false negatives. */
    statistics: ({ hypothesis, references, labels }) => {
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
    },
    value: (sums) => {
      const scores: number[] = []
      for (let at = 0; at < sums.length; at += 3) {
        const [right = 0, surplus = 0, missing = 0] = sums.slice(at, at + 3)
        if (right + surplus + missing > 0) scores.push((2 * right) / (2 * right + surplus + missing))
      }
      const total = scores.reduce((sum, score) => sum + score, 0)
      return quotient(total, scores.length, 'neither the references nor the predictions have labels')
    },
    isWrong: (statistics) => statistics.some((count, at) => at % 3 > 0 && count > 0),
  }),
})
