import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, tf } from '../../src/core/tf.js'
import { leaves, type Tree } from '../../src/core/tree.js'
import type { Transducer } from '../../src/model/decoder/types.js'
import { buildGenerator, generatorProblems } from '../../src/model/generator.js'
import { initialise } from '../../src/model/initialise.js'
import type { ModelOptions } from '../../src/model/options.js'
import type { Sequence } from '../../src/model/representation/types.js'
import { decoderOptions, embedded } from '../support/options.js'
import { gradients, numbers, upload } from '../support/tensors.js'

const sizes = { source: { vocabulary: 5 }, target: { vocabulary: 6 }, longestSource: 1, longestTarget: 2 }
const symbols: Sequence = { ids: tf.tensor2d([[4], [2]], [2, 1], 'int32'), mask: tf.ones([2, 1]) as Tensor2D }
const vectors: Sequence = { values: tf.tensor3d([[[1, 2]], [[0, -1]]]), mask: tf.ones([2, 1]) as Tensor2D }
const labels = {
  input: tf.tensor2d(
    [
      [1, 3, 5],
      [1, 4, 0],
    ],
    [2, 3],
    'int32',
  ),
  output: tf.tensor2d(
    [
      [3, 5, 2],
      [4, 2, 0],
    ],
    [2, 3],
    'int32',
  ),
  mask: tf.tensor2d([
    [1, 1, 1],
    [1, 1, 0],
  ]),
}
const settings = { labelSmoothing: 0, teacherForcing: 1 }
const modelOf = (receives: 'initial-state' | 'first-step' | 'every-step' | 'both'): ModelOptions => ({
  source: embedded(3),
  target: embedded(2),
  decoder: decoderOptions({ receives, hidden: 4 }),
})

describe.each(['initial-state', 'first-step', 'every-step', 'both'] as const)(
  'a generator whose input enters: %s',
  (receives) => {
    const generator = buildGenerator(modelOf(receives), sizes)
    const params = upload(initialise(generator.parameters, 1))

    it('gives the loss that its own steps give', () => {
      const { crossEntropy } = generator.loss(params, symbols, labels, undefined, settings)
      expect(numbers(crossEntropy)[0]).toBeCloseTo(byStep(generator, params, symbols), 4)
    })

    it('trains every parameter', () => {
      const slopes = gradients(params, (p) => generator.loss(p, symbols, labels, undefined, settings).objective)
      for (const [path, slope] of leaves(slopes))
        expect(
          numbers(slope).some((x) => x !== 0),
          path,
        ).toBe(true)
    })
  },
)

describe('a generator', () => {
  it('sees its input at the first step alone, or at every step', () => {
    const seen = (receives: 'first-step' | 'every-step') => {
      const generator = buildGenerator(modelOf(receives), sizes)
      const params = upload(initialise(generator.parameters, 1))
      const { memory, state } = generator.start(params, symbols, undefined)
      const bos = tf.tensor1d([1, 1], 'int32')
      const { state: next } = generator.step(params, bos, memory, state)
      return { joined: next.joined, memory }
    }
    expect(numbers(seen('first-step').joined as Tensor)).toEqual([0, 0, 0, 0, 0, 0])
    expect(Object.keys(seen('first-step').memory)).toEqual([])
    expect(Object.keys(seen('every-step').memory)).toEqual(['context'])
  })

  it('takes a vector as its input', () => {
    const model = { ...modelOf('both'), source: { representation: { type: 'numbers' } } } as ModelOptions
    const generator = buildGenerator(model, { ...sizes, source: { width: 2 } })
    const params = upload(initialise(generator.parameters, 1))
    const { crossEntropy } = generator.loss(params, vectors, labels, undefined, settings)
    expect(numbers(crossEntropy)[0]).toBeCloseTo(byStep(generator, params, vectors), 4)
  })

  it('refuses sources of several steps', () => {
    expect(() => buildGenerator(modelOf('both'), { ...sizes, longestSource: 2 })).toThrow(/one symbol or one vector/)
  })

  it('says what does not fit', () => {
    const model = modelOf('initial-state')
    const decoder = decoderOptions({ receives: 'initial-state', hidden: 4, bridge: 'none' })
    expect(generatorProblems({ ...model, decoder }).map(({ message }) => message)).toEqual([
      "without a bridge the encoder's state must fit the decoder's: C has 3 numbers, the decoder's state 4",
    ])
    expect(generatorProblems({}).map(({ path }) => path)).toEqual(['model.source', 'model.target', 'model.decoder'])
    expect(generatorProblems(model)).toEqual([])
  })
})

/** The loss by `step`, feeding the true previous symbols one by one. */
function byStep(transducer: Transducer, params: Tree<Tensor>, source: Sequence): number {
  let { memory, state } = transducer.start(params, source, undefined)
  let total = 0
  for (let t = 0; t < 3; t++) {
    const column = (x: Tensor2D) => tf.squeeze(tf.slice(x, [0, t], [2, 1]), [1])
    const stepped = transducer.step(params, column(labels.input), memory, state)
    const rows = stepped.logProbs.arraySync()
    const [ids, mask] = [numbers(column(labels.output)), numbers(column(labels.mask))]
    for (const row of [0, 1]) total -= (mask[row] ?? 0) * (rows[row]?.[ids[row] ?? 0] ?? Number.NaN)
    state = stepped.state
  }
  return total
}
