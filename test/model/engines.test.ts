import { afterAll, describe, expect, it } from 'vitest'
import { matrix } from '../../src/core/ops.js'
import { floats, type HostTensor, ints } from '../../src/core/tensors.js'
import type { Tensor } from '../../src/core/tf.js'
import { leaves, subtree, type Tree } from '../../src/core/tree.js'
import { encode } from '../../src/decode/encode.js'
import { searchMethods } from '../../src/decode/index.js'
import type { RunPure } from '../../src/decode/types.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine, PureFunction } from '../../src/engine/types.js'
import type { LossSettings, Transducer } from '../../src/model/decoder/types.js'
import { initialise } from '../../src/model/initialise.js'
import { drawNoise } from '../../src/model/noise.js'
import type { ModelOptions } from '../../src/model/options.js'
import { buildTransducer } from '../../src/model/transducer.js'
import { runOn } from '../engine/helpers.js'
import { attentionOptions, decoderOptions, embedded, encoderOptions } from '../support/options.js'
import { gradients } from '../support/tensors.js'

// Every part of the decoder's side gives the same on the compiled engine as on TF.js's own CPU backend: the loss, every
// gradient, and what the searches find.

const sizes = { source: { vocabulary: 7 }, target: { vocabulary: 6 }, longestSource: 3, longestTarget: 3 }
const base: ModelOptions = {
  source: embedded(3),
  target: embedded(4),
  encoder: encoderOptions({ hidden: 4 }),
  context: attentionOptions(),
  decoder: decoderOptions({ hidden: 4 }),
}
const scorers = [
  { type: 'additive', size: 3 },
  { type: 'bilinear' },
  { type: 'cosine' },
  { type: 'dot' },
  { type: 'general' },
  { type: 'location', maxLength: 3 },
  { type: 'multi-head-dot', heads: 2 },
  { type: 'scaled-dot' },
] as const
const cells = [
  { type: 'elman', activation: 'tanh' },
  { type: 'lstm', forgetBias: 1 },
  { type: 'gru', reset: 'before' },
  { type: 'aaren' },
] as const
const pools = ['mean', 'max', 'sum', 'learned'] as const
const map = { type: 'tanh', size: 4 } as const

const models: [name: string, model: ModelOptions][] = [
  ...scorers.map((scorer): [string, ModelOptions] => [
    `${scorer.type}, coverage, sparsemax, after the cell, input feeding`,
    {
      ...base,
      context: attentionOptions({
        scorer,
        position: 'after',
        inputFeeding: true,
        coverage: 1,
        normaliser: { type: 'sparsemax' },
      }),
    },
  ]),
  ...scorers.map((scorer): [string, ModelOptions] => [
    `${scorer.type}, before the cell`,
    { ...base, context: attentionOptions({ scorer }) },
  ]),
  ...pools.map((pool): [string, ModelOptions] => [
    `${pool} of all states, tied`,
    {
      ...base,
      context: { from: 'all-states', pool, map },
      decoder: decoderOptions({ hidden: 4, receives: 'first-step', tiedEmbedding: true }),
    },
  ]),
  ...cells.map((cell): [string, ModelOptions] => [
    `${cell.type}, two layers`,
    {
      ...base,
      context: { from: 'transform', map: { type: 'mlp', size: 3, hidden: 2 } },
      decoder: decoderOptions({ cell, hidden: 4, layers: 2, layerNorm: true, residual: true, dropout: 0.2 }),
    },
  ]),
]

const batch: Tree<HostTensor> = {
  source: { ids: ints([4, 5, 6, 6, 4, 0], [2, 3]), mask: floats([1, 1, 1, 1, 1, 0], [2, 3]) },
  input: ints([1, 3, 5, 1, 4, 0], [2, 3]),
  output: ints([3, 5, 2, 4, 2, 0], [2, 3]),
  mask: floats([1, 1, 1, 1, 1, 0], [2, 3]),
}
const specials = { pad: 0, bos: 1, eos: 2 }
const engines = await Promise.all((['compiled', 'tfjs-cpu'] as const).map((name) => createEngine(name, { threads: 1 })))
afterAll(async () => {
  for (const engine of engines) await engine.dispose()
})

// Teacher forcing and scheduled sampling take turns.
describe.each(models.map(([name, model], i) => [name, model, i % 2 === 0 ? 1 : 0.5] as const))(
  '%s',
  (_, model, teacherForcing) => {
    const transducer = buildTransducer(model, sizes)
    const params = initialise(transducer.parameters, 1)

    it('has one loss and one gradient on both engines', async () => {
      const settings = { labelSmoothing: 0.1, teacherForcing }
      const noise = drawNoise(transducer.noise({ batch: 2, source: 3, target: 3 }, settings), 1, 1)
      const pure = differentiated(transducer, settings)
      const [compiled, reference] = await Promise.all(
        engines.map((engine) => runOn(engine, pure, { params }, { batch, noise })),
      )
      expectSame(compiled?.outputs, reference?.outputs)
    })
  },
)

describe.each(models.filter((_, i) => i % 6 === 0))('%s', (_, model) => {
  const transducer = buildTransducer(model, sizes)
  const params = initialise(transducer.parameters, 1)

  it.each([{ type: 'greedy' } as const, { type: 'beam', width: 2, lengthNormalisation: 1, nBest: 2 } as const])(
    'is searched alike on both engines: %o',
    async (options) => {
      const settings = { specials, maxLength: 5, alignments: 99, seed: 1 }
      const [compiled, reference] = await Promise.all(
        engines.map(async (engine) => {
          const run = runner(engine, params)
          const encoded = await encode(run, transducer, subtree(batch, 'source'))
          return searchMethods.build(options)([{ run, transducer, encoded }], [0, 1], settings)
        }),
      )
      expect(compiled?.map(({ ids }) => ids)).toEqual(reference?.map(({ ids }) => ids))
      for (const [i, { score }] of (compiled ?? []).entries()) expect(score).toBeCloseTo(reference?.[i]?.score ?? 0, 4)
    },
  )
})

function differentiated(transducer: Transducer, settings: LossSettings): PureFunction {
  return ({ params }, inputs) => {
    const given = subtree(inputs, 'batch')
    const source = subtree(given, 'source')
    const of = (name: string) => matrix(given, name)
    const sequence = { ids: matrix(source, 'ids'), mask: matrix(source, 'mask') }
    const target = { input: of('input'), output: of('output'), mask: of('mask') }
    const loss = (p: Tree<Tensor>) => transducer.loss(p, sequence, target, subtree(inputs, 'noise'), settings).objective
    const tree = params as Tree<Tensor>
    return { outputs: { loss: loss(tree), gradients: gradients(tree, loss) } }
  }
}

function runner(engine: Engine, params: Tree<HostTensor>): RunPure {
  return async (_, pure, inputs) => {
    const wrapped: PureFunction = (state, given) => ({ outputs: pure(subtree(state, 'params'), given) })
    return (await runOn(engine, wrapped, { params }, inputs)).outputs
  }
}

function expectSame(actual: Tree<HostTensor> | undefined, expected: Tree<HostTensor> | undefined): void {
  const reference = new Map(leaves(expected ?? {}))
  const found = leaves(actual ?? {})
  expect(found.map(([path]) => path)).toEqual([...reference.keys()])
  for (const [path, { data }] of found) {
    for (const [i, value] of data.entries()) {
      const other = reference.get(path)?.data[i] ?? Number.NaN
      expect(Math.abs(value - other), path).toBeLessThan(1e-5 + 1e-4 * Math.abs(other))
    }
  }
}
