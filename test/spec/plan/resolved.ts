import type { LoadedSpec, Spec } from '../../../src/spec/types.js'
import { documentOf } from './documents.js'

/** A tagger's spec with every default, as plain data: loading one would take longer than most tests of it. */
const tagger: Spec = {
  name: 'some',
  task: { type: 'tag' },
  data: { source: { type: 'inline', examples: [['a b', 'x y']] }, references: 'separate' },
  model: {
    source: { representation: { type: 'embedding', size: 2, start: 'random', frozen: false } },
    encoder: {
      ...{ cell: { type: 'elman', activation: 'tanh' }, hidden: 3, layers: 1, dropout: 0, variational: false },
      ...{ layerNorm: false, residual: false, initialiser: { type: 'standard' }, bidirectional: false },
      ...{ combine: 'concat', initialState: 'zero', unroll: { type: 'shared' } },
    },
  },
  train: {
    ...{ optimizer: { type: 'sgd', learningRate: 0.1, weightDecay: 0 }, schedule: { type: 'constant' } },
    ...{ batchSize: 2, maxShapes: 8, steps: 100, warmup: 0, accumulate: 1, labelSmoothing: 0 },
    ...{ teacherForcing: { type: 'always' }, freeze: [] },
    validate: { every: 30, decode: { type: 'greedy' }, select: [{ type: 'token-accuracy' }] },
  },
  decode: { type: 'greedy' },
  metrics: [{ type: 'token-accuracy' }, { type: 'slot-f1', scheme: 'auto', count: 'conlleval', outside: 'O' }],
  seed: 1,
}

/** A variant of a study. */
export function variantOf(label: string, variant: LoadedSpec['variant'], spec: Spec = tagger): LoadedSpec {
  return { spec, file: 'some.yaml', baseDir: '.', variant, label, written: documentOf('seed: 1') }
}

/** The tagger with other options of its encoder. */
export function withEncoder(options: object): Spec {
  // What tests give is right.
  const encoder = { ...tagger.model.encoder, ...options } as NonNullable<Spec['model']['encoder']>
  return { ...tagger, model: { ...tagger.model, encoder } }
}
