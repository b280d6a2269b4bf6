import { quotient } from '../core/measured.js'
import { noOptions } from '../core/part.js'
import { linkStatistics, noLinks } from './alignment.js'
import { defineMetric } from './types.js'

export const aer = defineMetric({
  name: 'aer',
  summary:
    'Alignment error rate of attention: of each symbol of the (first) reference under forced decoding, the source token with the largest weight, against the true links. Symbols without a true link are not counted.',
  equations: [
    'AER = 1 − (|A ∩ S| + |A ∩ P|) / (|A| + |S|)   (S: sure links, P: S and possible ones)',
    'A = {(argmax_s α_ts, t)}',
  ],
  source: {
    paper: 'Och & Ney 2003, A Systematic Comparison of Various Statistical Alignment Models',
    equation: '(24); of attention as in Luong et al. 2015, section 5.4',
    url: 'https://aclanthology.org/J03-1002',
  },
  options: noOptions,
  range: [0, 1],
  better: 'lower',
  unit: 'percent',
  tasks: ['transduce'],
  reads: 'alignment',
  build: () => ({
    /** [|A ∩ S|, |A ∩ P|, |A|, |S|]. */
    statistics: (example) => linkStatistics(example).slice(0, 4),
    value: ([sure = 0, possible = 0, drawn = 0, certain = 0]) => {
      return quotient(drawn + certain - sure - possible, drawn + certain, noLinks)
    },
    isWrong: ([sure = 0, possible = 0, drawn = 0, certain = 0]) => sure + possible < drawn + certain,
  }),
})
