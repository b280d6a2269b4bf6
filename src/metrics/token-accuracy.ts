import { noOptions } from '../core/part.js'
import { isIncomplete, ratio } from './distance.js'
import { defineMetric } from './types.js'

export const tokenAccuracy = defineMetric({
  name: 'token-accuracy',
  summary: 'Fraction of tokens that are correct at their position; missing and extra tokens count as errors.',
  equations: ['Σ_i |{t : y_it = r_it}| / Σ_i max(|y_i|, |r_i|)   (r_i: the reference with the highest share)'],
  source: { paper: 'Standard practice; over tags of equal number this is tagging accuracy' },
  options: noOptions,
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['tag', 'transduce', 'generate'],
  build: () => ({
    /** [tokens that are right, tokens of the longer of the two]. */
    statistics: ({ hypothesis, references }) => {
      const all = references.map((reference) => [
        reference.filter((token, at) => token === hypothesis[at]).length,
        Math.max(reference.length, hypothesis.length),
      ])
      const [first, ...others] = all
      if (first === undefined) throw new RangeError('An example without a reference cannot be scored')
      return others.reduce((best, next) => (share(next) > share(best) ? next : best), first)
    },
    value: ratio('neither the references nor the predictions have tokens'),
    isShare: true,
    isWrong: isIncomplete,
  }),
})

/** An empty output is all of an empty reference. */
function share([right = 0, tokens = 0]: readonly number[]): number {
  return tokens === 0 ? 1 : right / tokens
}
