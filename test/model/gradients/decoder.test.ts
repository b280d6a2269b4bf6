import { describe, expect, it } from 'vitest'
import { cube } from '../../../src/core/ops.js'
import { randomStream } from '../../../src/core/random.js'
import { sizeOf } from '../../../src/core/tensors.js'
import { type Tensor, type Tensor2D, tf } from '../../../src/core/tf.js'
import { leaves, subtree, type Tree } from '../../../src/core/tree.js'
import { units } from '../../../src/model/axes.js'
import { type CellChoice, cells } from '../../../src/model/cells/index.js'
import type { AttentionChoice, ContextChoice } from '../../../src/model/context/index.js'
import type { Decoder } from '../../../src/model/decoder/built-decoder.js'
import { buildDecoder } from '../../../src/model/decoder/decoder.js'
import { teacherForced } from '../../../src/model/decoder/loop.js'

import { buildEncoder } from '../../../src/model/encoder/index.js'
import type { HeadInput } from '../../../src/model/heads/types.js'
import { initialise } from '../../../src/model/initialise.js'
import { drawNoise } from '../../../src/model/noise.js'
import type { DecoderOptions } from '../../../src/model/options.js'
import { scorers } from '../../../src/model/scorers/index.js'
import { attentionOptions, decoderOptions, encoderOptions, scorerSizes } from '../../support/options.js'
import { everyChoice } from '../../support/parts.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

const [B, S, T, E, H] = [2, 3, 3, 2, 4]
const axes = { embedded: units('E', E), hidden: units('H', H) }

function built(cell: CellChoice) {
  return cells.build(cell, { input: axes.embedded, hidden: axes.hidden })
}

function scorerOf(scorer: ScorerChoice) {
  return scorers.build(scorer, scorerSizes(H, H))
}

const lstm = { type: 'lstm', forgetBias: 1 } as const
/** Every cell and scorer of the registries that has a handwritten gradient. */
const differentiated = everyChoice<CellChoice>(cells).filter(([, choice]) => built(choice).backward !== undefined)
const scoring = everyChoice<ScorerChoice>(scorers).filter(([, choice]) => scorerOf(choice).backward !== undefined)

const fixed: Record<string, ContextChoice> = {
  'last-state': { from: 'last-state' },
  transform: { from: 'transform', map: { type: 'tanh', size: 4 } },
}
const contexts: Record<string, ContextChoice> = {
  ...fixed,
  ...Object.fromEntries(scoring.map(([name, scorer]) => [name, attentionOptions({ scorer })])),
}

type ScorerChoice = AttentionChoice['scorer']
type Case = readonly [name: string, context: ContextChoice, decoder: Partial<DecoderOptions>]

const every: Case[] = Object.entries(contexts).flatMap(([name, context]) =>
  differentiated.map(([cell, options]): Case => [`${name}, ${cell}`, context, { cell: options }]),
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

const luong: Case[] = scoring.flatMap(([name, scorer]): Case[] => [
  [`${name} after the cell`, attentionOptions({ scorer, position: 'after' }), {}],
  [`${name} after the cell, fed`, attentionOptions({ scorer, position: 'after', inputFeeding: true }), {}],
])
const fed = attentionOptions({ scorer: { type: 'general' }, position: 'after', inputFeeding: true, temperature: 0.5 })
const tempered: Case[] = [
  ['additive at a temperature', attentionOptions({ scorer: { type: 'additive', size: 5 }, temperature: 0.5 }), {}],
  ['general after the cell, fed, 2 lstm layers with dropout', fed, { cell: lstm, layers: 2, dropout: 0.4 }],
  ['general after the cell, fed, C seen by the output layer', fed, { readout: 'output-and-context' }],
]

function build(context: ContextChoice, more: Partial<DecoderOptions>) {
  const encoder = buildEncoder(encoderOptions({ hidden: H }), axes.embedded)
  const decoder = buildDecoder(decoderOptions({ hidden: H, ...more }), context, axes.embedded, encoder)
  return { encoder, decoder }
}

function draw(shape: number[], seed: number): Tensor {
  const random = randomStream(seed, 'test')
  return tf.tensor(Array.from({ length: sizeOf(shape) }, random.normal), shape)
}

/** What the output layer reads, and the alignments where asked for, as a sum of sines: every number has its own gradient. */
function weigh(
  decoder: Decoder,
  built: ReturnType<typeof build>,
  reads: readonly HeadInput[],
  tree: Tree<Tensor>,
  noise: Tree<Tensor>,
): Tensor {
  const mask = tf.tensor2d([1, 1, 1, 1, 1, 0], [B, S])
  const encoded = built.encoder.run(subtree(tree, 'encoder'), cube(tree, 'xs'), mask as Tensor2D, undefined)
  const own = subtree(tree, 'decoder')
  const { memory, state } = decoder.start(own, encoded)
  const inputs = cube(tree, 'inputs')
  const series = teacherForced(decoder, own, { inputs, memory, first: state, noise, reads })
  const readout = decoder.readout(series.outputs, series.contexts)
  const seen = series.alignments === undefined ? readout : tf.concat([readout, series.alignments], 1)
  const slopes = tf
    .range(1, 2, 1 / seen.size)
    .slice(0, seen.size)
    .reshape(seen.shape)
  return tf.sum(tf.sin(tf.mul(seen, slopes)))
}

const cases = [...every, ...entering, ...stacked, ...around, ...luong, ...tempered]
/** What a head may use in addition to the top output. */
const asking: readonly (readonly [what: string, reads: readonly HeadInput[]])[] = [
  ['the top output', []],
  ['the alignment too', ['alignment']],
]

describe.each(cases)('a whole target at once by %s', (_, context, more) => {
  it.each(asking)('is the loop by autodiff, value and gradients, within 1e-4 (the head reads %s)', (_, reads) => {
    tf.tidy(() => {
      const built = build(context, more)
      const { series, ...plain } = built.decoder
      expect(series).toBeDefined()
      const tree = {
        encoder: upload(initialise(built.encoder.parameters, 1)),
        decoder: upload(initialise(built.decoder.parameters, 2)),
        xs: draw([B, S, E], 3),
        inputs: draw([B, T, E], 4),
      }
      const noise = upload(drawNoise(built.decoder.noise({ batch: B, steps: T }), 5, 1))
      const value = (decoder: Decoder, given: Tree<Tensor> = tree) => weigh(decoder, built, reads, given, noise)
      const run = (decoder: Decoder) => gradients(tree, (given) => value(decoder, given))
      const [expected, actual] = [run(plain), new Map(leaves(run(built.decoder)))]
      close(value(plain), value(built.decoder), 'value')
      for (const [path, gradient] of leaves(expected)) close(gradient, actual.get(path) as Tensor, path)
      expect(leaves(expected).length).toBe(actual.size)
    })
  })
})

it('leaves to the loop by autodiff what has no handwritten gradient', () => {
  type Place = readonly [context: ContextChoice, decoder: Partial<DecoderOptions>]
  const unknown: readonly Place[] = [
    [attentionOptions({ coverage: 1 }), {}],
    [attentionOptions({ position: 'after', coverage: 1 }), {}],
    [attentionOptions({ normaliser: { type: 'sparsemax' } }), {}],
    [attentionOptions(), { layers: 2, residual: true }],
    ...everyChoice<CellChoice>(cells)
      .filter(([, cell]) => built(cell).backward === undefined)
      .map(([, cell]): Place => [attentionOptions(), { cell, receives: 'every-step' }]),
    ...everyChoice<ScorerChoice>(scorers)
      .filter(([, scorer]) => scorerOf(scorer).backward === undefined)
      .map(([, scorer]): Place => [attentionOptions({ scorer }), {}]),
  ]
  for (const [context, more] of unknown) expect(build(context, more).decoder.series).toBeUndefined()
})

function close(expected: Tensor, actual: Tensor, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape)
  const other = numbers(actual)
  const worst = Math.max(0, ...numbers(expected).map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))))
  expect(worst, what).toBeLessThan(1e-4)
}
