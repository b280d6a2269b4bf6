import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Scalar, type Tensor, type Tensor2D, tf } from '../../../src/core/tf.js'
import { leaves, mapTree, type Tree } from '../../../src/core/tree.js'
import { units } from '../../../src/model/axes.js'
import { buildHead, headProblems } from '../../../src/model/heads/index.js'
import { gradients, numbers } from '../../support/tensors.js'

// Three target symbols; sources of three steps, whose symbols are the target's 1, a symbol that the target lacks (3 + its
// first step, 1), and that one again. x is one number, C and the embedded symbol too.
const axes = { input: units('R', 1), symbols: units('V', 3), context: units('C', 1), embedded: units('E', 1) }
const head = buildHead({ type: 'pointer-generator' }, { ...axes, tied: false })
const ln = Math.log
// softmax(x W + b) with x = 1: 1/4, 2/4, 1/4. g = σ(x + 2 C − e + 0.5)
const params = {
  gate: { kernel: tf.tensor2d([[1], [2], [-1]]), bias: tf.tensor1d([0.5]) },
  kernel: tf.tensor2d([[ln(1), ln(2), ln(1)]]),
  bias: tf.zeros([3]),
}
const copies = tf.tensor2d([[1, 4, 4]], [1, 3], 'int32')
const memory = head.remember?.(params, { outputs: tf.zeros([1, 3, 1]), mask: tf.ones([1, 3]), copies }) ?? {}
const alignment: Tensor2D = tf.tensor2d([[0.5, 0.2, 0.3]])
const one = (value: number): Tensor2D => tf.tensor2d([[value]])
const rows = { readout: one(1), context: one(0.25), embedded: one(1), alignment, memory }
// g = σ(1 + 0.5 − 1 + 0.5) = σ(1)
const g = 1 / (1 + Math.exp(-1))
const expected = [g / 4, g / 2 + (1 - g) * 0.5, g / 4, 0, (1 - g) * 0.5, 0]

describe('pointer-generator', () => {
  it('mixes the softmax with the weights of the source, a symbol that comes twice counted twice', () => {
    const logProbs = numbers(head.step?.(params, rows, {}, tf.tensor1d([0], 'int32')).logProbs as Tensor)
    expect(logProbs).toHaveLength(6)
    for (const [id, probability] of expected.entries()) expect(Math.exp(logProbs[id] ?? 0)).toBeCloseTo(probability, 6)
  })

  /** Of one label at one step. */
  function lossOf(of: object, id: number, weight: number): number {
    const series = { ...of, batch: 1, steps: 1, order: 'steps', real: tf.ones([1]) }
    const labels = { ids: tf.tensor1d([id], 'int32'), weights: tf.tensor1d([weight]) }
    const { crossEntropy } = head.loss(params, series as never, labels as never, { labelSmoothing: 0 })
    return numbers(crossEntropy)[0] ?? Number.NaN
  }

  it.each([1, 4, 2])('has the loss −ln p of symbol %i', (id) => {
    expect(lossOf(rows, id, 1)).toBeCloseTo(-ln(expected[id] ?? 0), 5)
  })

  it('takes the very first id beyond the vocabulary for a symbol of the source', () => {
    // 3 is V: a symbol that the target lacks, and the source has first of all.
    const memory = { copies: tf.tensor2d([[3, 1, 3]], [1, 3], 'int32') }
    const only = (1 - g) * 0.8
    expect(lossOf({ ...rows, memory }, 3, 1)).toBeCloseTo(-ln(only), 5)
    const logProbs = numbers(head.step?.(params, { ...rows, memory }, {}, tf.tensor1d([0], 'int32')).logProbs as Tensor)
    expect(Math.exp(logProbs[3] ?? 0)).toBeCloseTo(only, 6)
  })

  it('leaves out a row that does not count', () => {
    expect(lossOf(rows, 1, 0)).toBe(0)
  })

  it('stays finite where attention gives nothing of a symbol that only the source has', () => {
    const sparse = { ...rows, alignment: tf.tensor2d([[1, 0, 0]]) }
    expect(lossOf(sparse, 4, 1)).toBeCloseTo(-ln(1e-30), 3)
    const { logProbs } = head.step?.(params, sparse, {}, tf.tensor1d([0], 'int32')) ?? {}
    expect(numbers(logProbs as Tensor).every(Number.isFinite)).toBe(true)
  })

  it.each([0, 0.1])(
    'has the gradient that finite differences give, of all that it reads; smoothed by %d',
    (labelSmoothing) => {
      const steps = {
        copies: tf.tensor2d(
          [
            [1, 4, 4],
            [5, 0, 1],
          ],
          [2, 3],
          'int32',
        ),
      }
      const given = {
        params,
        readout: tf.tensor2d([[1], [0.5], [-1], [2]]),
        context: tf.tensor2d([[0.25], [1], [-0.5], [0.1]]),
        embedded: tf.tensor2d([[1], [0], [0.3], [-2]]),
        alignment: tf.tensor2d([
          [0.5, 0.2, 0.3],
          [0.1, 0.1, 0.8],
          [0.2, 0.2, 0.6],
          [0.3, 0.3, 0.4],
        ]),
      }
      // The last row is a symbol that its source has not: then the softmax alone.
      const labels = { ids: tf.tensor1d([4, 5, 1, 2], 'int32'), weights: tf.tensor1d([1, 1, 1, 0.5]) }
      const loss = (tree: Tree<Tensor>): Scalar => {
        const series = { ...tree, memory: steps, batch: 2, steps: 2, order: 'steps', real: tf.ones([4]) }
        return head.loss(tree.params as never, series as never, labels as never, { labelSmoothing }).objective
      }
      for (const [path, slope] of leaves<Tensor>(gradients(given, loss))) {
        const direction = tf.randomNormal(slope.shape, 0, 1, 'float32', 7)
        const moved = (by: number) => {
          const tree = mapTree<Tensor, Tensor>(given, (leaf, at) =>
            at === path ? tf.add(leaf, tf.mul(direction, by)) : leaf,
          )
          return numbers(loss(tree))[0] ?? Number.NaN
        }
        const along = numbers(tf.sum(tf.mul(slope, direction)))[0] ?? Number.NaN
        expect((moved(2e-3) - moved(-2e-3)) / 4e-3, path).toBeCloseTo(along, 2)
        expect(
          numbers(slope).some((value) => value !== 0),
          path,
        ).toBe(true)
      }
    },
  )

  it.each([1, 4])(
    'smoothed, spreads a share over the target symbols, of which the source has some: symbol %i',
    (id) => {
      const series = { ...rows, batch: 1, steps: 1, order: 'steps', real: tf.ones([1]) } as const
      const labels = { ids: tf.tensor1d([id], 'int32'), weights: tf.tensor1d([2]) } as const
      const { objective, crossEntropy } = head.loss(params, series as never, labels as never, { labelSmoothing: 0.3 })
      const spread = expected.slice(0, 3).reduce((total, p) => total - ln(p) / 3, 0)
      expect(numbers(objective)[0]).toBeCloseTo(2 * (0.7 * -ln(expected[id] ?? 0) + 0.3 * spread), 5)
      expect(numbers(crossEntropy)[0]).toBeCloseTo(2 * -ln(expected[id] ?? 0), 5)
    },
  )

  it('is refused without attention, and where no source is read while writing', () => {
    const problems = (decoder: boolean, alignment: boolean) =>
      headProblems({ type: 'pointer-generator' }, { decoder, alignment, series: true, source: decoder }).map(
        ({ message }) => message,
      )
    expect(problems(true, true)).toEqual([])
    expect(problems(true, false)).toEqual([
      'a pointer-generator copies where attention points, and there is no attention',
    ])
    expect(problems(false, true)).toHaveLength(1)
  })
})

describe("Yoyodyne's pointer-generator", () => {
  const url = new URL('../../goldens/yoyodyne-heads.json', import.meta.url)
  const { sizes, target, pointerGenerator: golden } = JSON.parse(readFileSync(url, 'utf8'))
  const { symbols, embedded: E, readout: H, outputs: C } = sizes
  const own = {
    input: units('R', H + C),
    symbols: units('V', symbols),
    context: units('C', C),
    embedded: units('E', E),
  }
  const head = buildHead({ type: 'pointer-generator' }, { ...own, tied: false })
  const params = mapTree(head.parameters, ({ shape }, path) => {
    const values = path.split('/').reduce((tree, name) => tree[name], golden.params)
    return tf.tensor(values, [...shape])
  })
  const series = (name: string, width: number): Tensor2D => tf.tensor2d(golden[name], [sizes.target, width])
  const copies = tf.tensor2d([golden.source], [1, sizes.source], 'int32')
  const seen = { readout: series('readout', H + C), context: series('context', C), embedded: series('embedded', E) }
  const rows = { ...seen, alignment: series('alignment', sizes.source) }

  it('gives the same probabilities', () => {
    const memory = { copies: tf.tile(copies, [sizes.target, 1]) }
    const stepped = head.step?.(params, { ...rows, memory }, {}, tf.tensor1d([0], 'int32'))
    const known = tf.slice(stepped?.logProbs as Tensor2D, [0, 0], [-1, symbols])
    for (const [place, logProb] of numbers(known).entries()) expect(logProb).toBeCloseTo(golden.logProbs[place], 4)
  })

  it('has the loss of their label smoothing', () => {
    const form = { batch: 1, steps: sizes.target, order: 'steps', real: tf.ones([sizes.target]), memory: { copies } }
    const labels = { ids: tf.tensor1d(target, 'int32'), weights: tf.ones([sizes.target]) }
    const { objective } = head.loss(params, { ...rows, ...form } as never, labels as never, { labelSmoothing: 0.1 })
    const all: number[] = golden.logProbs
    const nll = target.reduce((sum: number, id: number, t: number) => sum - (all[t * symbols + id] ?? 0), 0)
    const spread = all.reduce((sum, logProb) => sum - logProb, 0) / symbols
    expect(numbers(objective)[0]).toBeCloseTo(0.9 * nll + 0.1 * spread, 4)
  })

  it('has the same loss', () => {
    const form = { batch: 1, steps: sizes.target, order: 'steps', real: tf.ones([sizes.target]), memory: { copies } }
    const labels = { ids: tf.tensor1d(target, 'int32'), weights: tf.ones([sizes.target]) }
    const { crossEntropy } = head.loss(params, { ...rows, ...form } as never, labels as never, { labelSmoothing: 0 })
    const expected = target.reduce((sum: number, id: number, t: number) => sum - golden.logProbs[t * symbols + id], 0)
    expect(numbers(crossEntropy)[0]).toBeCloseTo(expected, 4)
  })
})
