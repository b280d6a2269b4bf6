import { noOptions } from '../core/part.js'
import { partNode } from '../model/outline.js'
import { buildTransducer, transducerProblems } from '../model/transducer.js'
import { sequenceModel } from './models/sequence.js'
import { defineTask, natsPerToken } from './types.js'

/** N-M: one sequence of symbols into another of its own length. */
export const transduce = defineTask({
  name: 'transduce',
  summary: 'A sequence of symbols to another of any length (N-M): translation, grapheme-to-phoneme conversion.',
  equations: ['L = −Σ_t ln p(y_t | y_<t, x)', 'y_0 = <bos>, y_{T+1} = <eos>'],
  source: {
    paper: 'Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks',
    url: 'https://arxiv.org/abs/1409.3215',
  },
  options: noOptions,
  sections: {
    source: 'required',
    features: 'optional',
    target: 'required',
    encoder: 'required',
    context: 'required',
    decoder: 'required',
    head: 'optional',
  },
  sides: { source: 'tokens', target: 'tokens' },
  decodes: true,
  trainOptions: ['labelSmoothing', 'teacherForcing'],
  defaultMetrics: ['ser', 'exact-match'],
  build: () => ({
    lossMeasure: natsPerToken,
    problems: transducerProblems,
    build: (model, sizes) => {
      const taskNode = partNode(transduce, {}, { id: 'task', path: 'task' })
      return sequenceModel(buildTransducer(model, sizes), model, sizes, taskNode)
    },
  }),
})
