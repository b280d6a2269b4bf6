import { describe, expect, it } from 'vitest'
import type { ModelOptions } from '../../../src/model/options.js'
import { buildTransducer, transducerProblems } from '../../../src/model/transducer.js'
import { attentionOptions, decoderOptions, embedded, encoderOptions } from '../../support/options.js'

const side = embedded(2)
const encoder = encoderOptions({ hidden: 4 })
const decoder = decoderOptions({ hidden: 4 })
const context = attentionOptions({ scorer: { type: 'dot' } })
const legal = { source: side, target: side, encoder, context, decoder } satisfies ModelOptions
const lastState = { from: 'last-state' } as const

type Illegal = [reason: RegExp, path: string, model: ModelOptions]
const illegal: Illegal[] = [
  [/query .*4.* keys .*8/, 'model.context.scorer', { ...legal, encoder: { ...encoder, bidirectional: true } }],
  [
    /the encoder has 2 layers, the decoder 1/,
    'model.decoder.bridge',
    { ...legal, encoder: { ...encoder, layers: 2 }, context: lastState, decoder: { ...decoder, bridge: 'none' } },
  ],
  [
    /hidden size is 5, the decoder's 4/,
    'model.decoder.bridge',
    { ...legal, encoder: { ...encoder, hidden: 5 }, context: lastState, decoder: { ...decoder, bridge: 'none' } },
  ],
  [
    /two final states/,
    'model.decoder.bridge',
    {
      ...legal,
      encoder: { ...encoder, bidirectional: true },
      context: lastState,
      decoder: { ...decoder, bridge: 'none' },
    },
  ],
  [
    /cell is lstm, the decoder's gru/,
    'model.decoder.bridge',
    {
      ...legal,
      encoder: { ...encoder, cell: { type: 'lstm', forgetBias: 1 } },
      context: lastState,
      decoder: { ...decoder, bridge: 'none' },
    },
  ],
  [
    /C has 3 numbers, the decoder's state 4/,
    'model.decoder.bridge',
    {
      ...legal,
      context: { from: 'transform', map: { type: 'tanh', size: 3 } },
      decoder: { ...decoder, bridge: 'none' },
    },
  ],
  [
    /neither the cell nor the output layer uses it/,
    'model.decoder.readout',
    { ...legal, decoder: { ...decoder, receives: 'initial-state', readout: 'output' } },
  ],
  ...(['layerNorm', 'dropout', 'residual'] as const).map((name): Illegal => {
    const layers = name === 'residual' ? 2 : 1
    const written = { ...encoder, layers, [name]: name === 'dropout' ? 0.1 : true }
    const copying = { ...decoder, layers, receives: 'initial-state' } as const
    return [
      /so this has no effect/,
      `model.encoder.${name}`,
      { ...legal, encoder: written, context: lastState, decoder: copying },
    ]
  }),
  [
    /3 heads cannot share/,
    'model.context.scorer',
    { ...legal, context: attentionOptions({ scorer: { type: 'multi-head-dot', heads: 3 } }) },
  ],
  [/not only at the first/, 'model.decoder.receives', { ...legal, decoder: { ...decoder, receives: 'first-step' } }],
  [
    /after the cell enters at every step, not as the initial state alone/,
    'model.decoder.receives',
    {
      ...legal,
      context: attentionOptions({ scorer: { type: 'dot' }, position: 'after' }),
      decoder: { ...decoder, receives: 'initial-state' },
    },
  ],
  [
    /input feeding passes the attentional vector/,
    'model.context.inputFeeding',
    { ...legal, context: attentionOptions({ scorer: { type: 'dot' }, inputFeeding: true }) },
  ],
  [
    /with receives: every-step it does not/,
    'model.decoder.bridge',
    { ...legal, decoder: { ...decoder, receives: 'every-step', bridge: 'dense' } },
  ],
  [
    /inputs of size 8, but the target embedding has size 2/,
    'model.decoder.tiedEmbedding',
    { ...legal, decoder: { ...decoder, tiedEmbedding: true } },
  ],
  [
    /the target has one-hot/,
    'model.decoder.tiedEmbedding',
    { ...legal, target: { representation: { type: 'one-hot' } }, decoder: { ...decoder, tiedEmbedding: true } },
  ],
  [
    /feed-forward encoder has none/,
    'model.context.from',
    { ...legal, encoder: { ...encoder, cell: { type: 'feed-forward', activation: 'tanh' } }, context: lastState },
  ],
  [
    /initial state comes from the last state/,
    'model.decoder.receives',
    { ...legal, encoder: { ...encoder, cell: { type: 'feed-forward', activation: 'tanh' } } },
  ],
  [
    /C is the initial state/,
    'model.decoder.initialState',
    { ...legal, decoder: { ...decoder, initialState: 'learned' } },
  ],
  [
    /decoder has no state, so none/,
    'model.decoder.initialState',
    {
      ...legal,
      decoder: {
        ...decoder,
        cell: { type: 'feed-forward', activation: 'tanh' },
        receives: 'every-step',
        initialState: 'learned',
      },
    },
  ],
  [
    /has no state that C could initialise/,
    'model.decoder.receives',
    { ...legal, decoder: { ...decoder, cell: { type: 'feed-forward', activation: 'tanh' } } },
  ],
]

describe('transducerProblems', () => {
  it('is empty for what can be built', () => {
    expect(transducerProblems(legal)).toEqual([])
  })

  it.each(illegal)('says %s', (reason, path, model) => {
    const problems = transducerProblems(model)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toMatch(reason)
    expect(problems[0]?.path).toBe(path)
    const sizes = { source: { vocabulary: 5 }, target: { vocabulary: 5 }, longestSource: 3, longestTarget: 3 }
    expect(() => buildTransducer(model, sizes)).toThrow(reason)
  })

  it('names every section that is missing', () => {
    expect(transducerProblems({ encoder }).map(({ path }) => path)).toEqual([
      'model.source',
      'model.target',
      'model.context',
      'model.decoder',
    ])
  })
})
