import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { sizeOf } from '../../../src/core/tensors.js'
import { type Tensor, type Tensor2D, type Tensor3D, tensor, tf } from '../../../src/core/tf.js'
import { leaves, subtree, type Tree } from '../../../src/core/tree.js'
import type { ContextChoice } from '../../../src/model/context/index.js'
import { buildDecoder } from '../../../src/model/decoder/decoder.js'
import { teacherForced } from '../../../src/model/decoder/loop.js'
import type { Decoder } from '../../../src/model/decoder/types.js'
import { buildEncoder } from '../../../src/model/encoder/index.js'
import { initialise } from '../../../src/model/initialise.js'
import { drawNoise } from '../../../src/model/noise.js'
import type { DecoderOptions } from '../../../src/model/options.js'
import { attentionOptions, decoderOptions, encoderOptions } from '../../support/options.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

const cells = {
  elman: { type: 'elman', activation: 'tanh' },
  gru: { type: 'gru', reset: 'after' },
  'gru, reset before': { type: 'gru', reset: 'before' },
  lstm: { type: 'lstm', forgetBias: 1 },
} as const
const scorers = {
  additive: { type: 'additive', size: 5 },
  dot: { type: 'dot' },
  'scaled-dot': { type: 'scaled-dot' },
  general: { type: 'general' },
  cosine: { type: 'cosine' },
} as const
const fixed: Record<string, ContextChoice> = {
  'last-state': { from: 'last-state' },
  transform: { from: 'transform', map: { type: 'tanh', size: 4 } },
}
const contexts: Record<string, ContextChoice> = {
  ...fixed,
  ...Object.fromEntries(Object.entries(scorers).map(([name, scorer]) => [name, attentionOptions({ scorer })])),
}

type Case = readonly [name: string, context: ContextChoice, decoder: Partial<DecoderOptions>]

const every: Case[] = Object.entries(contexts).flatMap(([name, context]) =>
  Object.entries(cells).map(([cell, options]): Case => [`${name}, ${cell}`, context, { cell: options }]),
)
const entering: Case[] = (['initial-state', 'every-step', 'both', 'first-step'] as const).flatMap((receives) =>
  [
    ['last-state', fixed['last-state']],
    ['additive', contexts.additive],
  ]
    .filter(([name]) => receives !== 'first-step' || name === 'last-state')
    .map(([name, context]): Case => [`${name} entering by ${receives}`, context as ContextChoice, { receives }]),
)
const stacked: Case[] = ['last-state', 'additive', 'dot'].flatMap((name): Case[] => [
  [`${name}, 3 layers`, contexts[name] as ContextChoice, { layers: 3 }],
  [`${name}, 2 layers with dropout`, contexts[name] as ContextChoice, { layers: 2, dropout: 0.4 }],
  [`${name}, 2 layers, variational`, contexts[name] as ContextChoice, { layers: 2, dropout: 0.4, variational: true }],
])
const around: Case[] = [
  ['last-state, normalised and residual', { from: 'last-state' }, { layers: 2, layerNorm: true, residual: true }],
  ['last-state seen by the output layer', { from: 'last-state' }, { readout: 'output-and-context' }],
]

const luong: Case[] = Object.entries(scorers).flatMap(([name, scorer]): Case[] => [
  [`${name} after the cell`, attentionOptions({ scorer, position: 'after' }), {}],
  [`${name} after the cell, fed`, attentionOptions({ scorer, position: 'after', inputFeeding: true }), {}],
])
const fed = attentionOptions({ scorer: scorers.general, position: 'after', inputFeeding: true, temperature: 0.5 })
const tempered: Case[] = [
  ['additive at a temperature', attentionOptions({ scorer: scorers.additive, temperature: 0.5 }), {}],
  ['general after the cell, fed, 2 lstm layers with dropout', fed, { cell: cells.lstm, layers: 2, dropout: 0.4 }],
  ['general after the cell, fed, C seen by the output layer', fed, { readout: 'output-and-context' }],
]

const [B, S, T, E, H] = [2, 3, 3, 2, 4]

function build(context: ContextChoice, more: Partial<DecoderOptions>) {
  const encoder = buildEncoder(encoderOptions({ hidden: H }), E)
  const decoder = buildDecoder(decoderOptions({ hidden: H, ...more }), context, E, encoder)
  return { encoder, decoder }
}

function draw(shape: number[], seed: number): Tensor {
  const random = randomStream(seed, 'test')
  return tf.tensor(Array.from({ length: sizeOf(shape) }, random.normal), shape)
}

/** What the output layer sees as a sum of sines, so that every number has a gradient of its own. */
function weigh(decoder: Decoder, built: ReturnType<typeof build>, tree: Tree<Tensor>, noise: Tree<Tensor>): Tensor {
  const mask = tf.tensor2d([1, 1, 1, 1, 1, 0], [B, S])
  const encoded = built.encoder.run(subtree(tree, 'encoder'), tensor<Tensor3D>(tree, 'xs'), mask as Tensor2D, undefined)
  const own = subtree(tree, 'decoder')
  const { memory, state } = decoder.start(own, encoded)
  const inputs = tensor<Tensor3D>(tree, 'inputs')
  const series = teacherForced(decoder, own, { inputs, memory, first: state, noise })
  const seen = decoder.readout(series.outputs, series.contexts)
  const slopes = tf
    .range(1, 2, 1 / seen.size)
    .slice(0, seen.size)
    .reshape(seen.shape)
  return tf.sum(tf.sin(tf.mul(seen, slopes)))
}

describe.each([...every, ...entering, ...stacked, ...around, ...luong, ...tempered])(
  'the fast path of %s',
  (_, context, more) => {
    it('is the plain path, value and gradients, within 1e-4', () => {
      tf.tidy(() => {
        const built = build(context, more)
        const { fast, ...plain } = built.decoder
        expect(fast).toBeDefined()
        const tree = {
          encoder: upload(initialise(built.encoder.parameters, 1)),
          decoder: upload(initialise(built.decoder.parameters, 2)),
          xs: draw([B, S, E], 3),
          inputs: draw([B, T, E], 4),
        }
        const noise = upload(drawNoise(built.decoder.noise({ batch: B, steps: T }), 5, 1))
        const run = (decoder: Decoder) => gradients(tree, (given) => weigh(decoder, built, given, noise))
        const [expected, actual] = [run(plain), new Map(leaves(run(built.decoder)))]
        close(weigh(plain, built, tree, noise), weigh(built.decoder, built, tree, noise), 'value')
        for (const [path, gradient] of leaves(expected)) close(gradient, actual.get(path) as Tensor, path)
        expect(leaves(expected).length).toBe(actual.size)
      })
    })
  },
)

it('leaves to the plain path what it does not know', () => {
  const unknown: [ContextChoice, Partial<DecoderOptions>][] = [
    [attentionOptions({ coverage: 1 }), {}],
    [attentionOptions({ position: 'after', coverage: 1 }), {}],
    [attentionOptions({ normaliser: { type: 'sparsemax' } }), {}],
    [attentionOptions(), { layers: 2, residual: true }],
    [attentionOptions(), { cell: { type: 'aaren' } }],
  ]
  for (const [context, more] of unknown) expect(build(context, more).decoder.fast).toBeUndefined()
})

function close(expected: Tensor, actual: Tensor, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape)
  const other = numbers(actual)
  const worst = Math.max(0, ...numbers(expected).map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))))
  expect(worst, what).toBeLessThan(1e-4)
}
