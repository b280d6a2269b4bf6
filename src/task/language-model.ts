import Type, { type Static } from 'typebox'
import type { Problem } from '../core/errors.js'
import { judge } from '../core/judge.js'
import { sizeSchema } from '../core/part.js'
import type { ModelOptions } from '../model/options.js'
import { type OutlineNode, partNode } from '../model/outline.js'
import { byChunks } from './models/by-chunks.js'
import { byExamples } from './models/by-examples.js'
import { labelHeadProblems } from './models/labels.js'
import { buildNextSymbol } from './models/next-symbol.js'
import { sourceEncoderProblems } from './models/source-encoder.js'
import { defineTask, natsPerToken } from './types.js'

const options = Type.Object({
  chunk: Type.Optional(
    sizeSchema(
      'Tokens per step of truncated backpropagation, over the whole text as one stream with an end symbol after every example. Default: each example is a separate sequence.',
    ),
  ),
  carryState: Type.Optional(
    Type.Boolean({
      description: 'Whether the state is carried from one chunk to the next. Default: true where there are chunks.',
    }),
  ),
})
type Options = Static<typeof options>

/** What comes next, for every symbol of a text. */
export const languageModel = defineTask({
  name: 'language-model',
  summary: 'Predicts the next symbol of a text at every symbol; the state may be carried from chunk to chunk.',
  equations: ['p(y_t | y_<t) = softmax(W h_t + b)', 'L = −Σ_t ln p(y_t | y_<t)'],
  symbols: {
    W: ['V', 'D'],
    h_t: ['D'],
    b: ['V'],
  },
  source: { paper: 'Mikolov et al. 2010, Recurrent Neural Network Based Language Model' },
  options,
  sections: {
    source: 'required',
    features: 'refused',
    target: 'refused',
    encoder: 'required',
    context: 'refused',
    decoder: 'refused',
    head: 'optional',
  },
  sides: { source: 'tokens', target: 'none' },
  decodes: false,
  trainOptions: ['labelSmoothing'],
  defaultMetrics: ['perplexity'],
  build: (chosen) => {
    const { chunk, carryState } = chosen
    return {
      lossMeasure: natsPerToken,
      // An example is read after bos.
      stepsOf: (source) => chunk ?? source + 1,
      problems: (model) =>
        judge(
          () => sourceEncoderProblems(model, { kind: 'ids', stepByStep: true }),
          () => directionProblems(model),
          () => carryProblems(chosen, model),
          () => labelHeadProblems(model, false),
        ),
      build: (model, sizes) => {
        const carries = chunk !== undefined && carryState !== false
        const taskNode = (axes: OutlineNode['axes']) =>
          partNode(languageModel, chosen, { id: 'task', path: 'task', axes })
        const next = buildNextSymbol(model, sizes, carries, taskNode)
        return chunk === undefined ? byExamples(next) : byChunks(next, chunk)
      },
    }
  },
})

function directionProblems({ encoder }: ModelOptions): Problem[] {
  if (!encoder?.bidirectional) return []
  const message = 'a language model must not see the symbols that it predicts, but the second direction does'
  return [{ path: 'model.encoder.bidirectional', message, expected: 'false', received: 'true' }]
}

function carryProblems({ chunk, carryState }: Options, { encoder }: ModelOptions): Problem[] {
  if (chunk === undefined && carryState !== undefined) {
    const message = 'without chunks there is no state to carry'
    return [{ path: 'task.carryState', message, expected: 'a `chunk` too, or no carryState' }]
  }
  if (chunk === undefined || carryState === false || encoder?.initialState !== 'learned') return []
  const message = 'the state is carried from chunk to chunk, so the initial state cannot be learned'
  return [{ path: 'model.encoder.initialState', message, expected: 'zero, or task.carryState: false' }]
}
