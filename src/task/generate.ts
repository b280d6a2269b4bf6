import { noOptions } from '../core/part.js'
import { buildGenerator, generatorProblems } from '../model/generator.js'
import { partNode } from '../model/outline.js'
import { sequenceModel } from './models/sequence.js'
import { defineTask, natsPerToken } from './types.js'

/** 1-N: one symbol or one vector in, a sequence out; it is fed at the first step or at every step. */
export const generate = defineTask({
  name: 'generate',
  summary:
    'A sequence from one symbol or one vector (1-N), which enters the decoder at the first step, at every step, or as the initial state.',
  equations: ['L = −Σ_t ln p(y_t | y_<t, C)', 'C = the representation of the one input'],
  source: {
    paper: 'Vinyals et al. 2015, Show and Tell: A Neural Image Caption Generator',
    url: 'https://arxiv.org/abs/1411.4555',
  },
  options: noOptions,
  sections: {
    source: 'required',
    features: 'refused',
    target: 'required',
    encoder: 'refused',
    context: 'refused',
    decoder: 'required',
    head: 'optional',
  },
  sides: { source: 'tokens', target: 'tokens' },
  decodes: true,
  trainOptions: ['labelSmoothing', 'teacherForcing'],
  defaultMetrics: ['ser', 'exact-match'],
  build: () => ({
    lossMeasure: natsPerToken,
    problems: generatorProblems,
    build: (model, sizes) => {
      const taskNode = partNode(generate, {}, { id: 'task', path: 'task' })
      return sequenceModel(buildGenerator(model, sizes), model, sizes, taskNode)
    },
  }),
})
