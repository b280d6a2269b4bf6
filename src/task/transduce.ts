import type { Static } from 'typebox'
import { noOptions } from '../core/part.js'
import { buildTransducer, transducerProblems } from '../model/transducer.js'
import { sequenceModel } from './sequence.js'
import type { Task } from './types.js'

/** N-M: one sequence of symbols into another of its own length. */
export const transduce: Task<typeof noOptions, Static<typeof noOptions>> = {
  name: 'transduce',
  summary: 'One sequence of symbols into another of its own length (N-M): translation, spelling out loud.',
  equations: ['L = −Σ_t ln p(y_t | y_<t, x)', 'y_0 = <bos>, y_{T+1} = <eos>'],
  source: {
    paper: 'Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks',
    url: 'https://arxiv.org/abs/1409.3215',
  },
  options: noOptions,
  sections: { source: 'required', target: 'required', encoder: 'required', context: 'required', decoder: 'required' },
  sides: { source: 'tokens', target: 'tokens' },
  decodes: true,
  trainOptions: ['labelSmoothing', 'teacherForcing'],
  defaultMetrics: ['ser', 'exact-match'],
  problems: (_, model) => transducerProblems(model),
  build: (_, model, sizes) => sequenceModel(buildTransducer(model, sizes), sizes),
}
