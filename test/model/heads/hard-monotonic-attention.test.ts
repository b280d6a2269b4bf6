import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { type Scalar, type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import { leaf, leaves, mapTree, type Tree } from '../../../src/core/tree.js'
import { units } from '../../../src/model/axes.js'
import { buildHead, type HeadChoice, headProblems } from '../../../src/model/heads/index.js'
import type { HeadSeries } from '../../../src/model/heads/types.js'
import { initialise } from '../../../src/model/initialise.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

type Choice = Extract<HeadChoice, { type: 'hard-monotonic-attention' }>

interface Sizes {
  readonly symbols: number
  readonly readout: number
  readonly outputs: number
}

function built(choice: Omit<Choice, 'type'>, { symbols, readout, outputs }: Sizes, tied = false) {
  const axes = { input: units('R', readout), symbols: units('V', symbols), outputs: units('D', outputs) }
  return buildHead({ type: 'hard-monotonic-attention', ...choice }, { ...axes, tied })
}

type Built = ReturnType<typeof built>

/** Inputs of a head: x [T*B,R] step by step, what an encoder gives [B,S,D] and its mask, and the true symbols with theirs. */
interface Given {
  readonly x: Tensor2D
  readonly outputs: Tensor3D
  readonly mask: Tensor2D
  readonly ids: readonly (readonly number[])[]
  readonly table?: Tensor2D
}

/** Labels as the series has them: all examples of the first step, then those of the second; padding after a target's end. */
function labelsOf(ids: Given['ids']) {
  const steps = Math.max(...ids.map((each) => each.length))
  const places = Array.from({ length: steps }, (_, t) => ids.map((each) => each[t])).flat()
  return {
    steps,
    ids: tf.tensor1d(
      places.map((id) => id ?? 0),
      'int32',
    ),
    weights: tf.tensor1d(places.map((id) => (id === undefined ? 0 : 1))),
  }
}

function lossOf(head: Built, params: Tree<Tensor>, { x, outputs, mask, ids, table }: Given) {
  const { steps, ...labels } = labelsOf(ids)
  const memory = head.remember?.(params, { outputs, mask }) ?? {}
  const rows = { readout: x, memory, ...(table && { table }) }
  const series: HeadSeries<Tree<Tensor>> = { ...rows, batch: ids.length, steps, order: 'steps', real: labels.weights }
  return head.loss(params, series, labels, { labelSmoothing: 0, perExample: true })
}

/** What `step` gives after each of one example's true symbols: ln p of every symbol, and the alignment. */
function stepsOf(head: Built, params: Tree<Tensor>, { x, outputs, mask, ids, table }: Given, bos: number) {
  const memory = head.remember?.(params, { outputs, mask }) ?? {}
  let state = head.start?.(params, memory, 1) ?? {}
  return [bos, ...(ids[0] ?? [])].slice(0, -1).map((previous, t) => {
    const readout: Tensor2D = tf.slice(x, [t, 0], [1, -1])
    const rows = { readout, memory, ...(table && { table }) }
    const stepped = head.step?.(params, rows, state, tf.tensor1d([previous], 'int32'))
    state = stepped?.state ?? {}
    return {
      logProbs: numbers(stepped?.logProbs as Tensor),
      alignment: numbers(stepped?.alignment as Tensor),
    }
  })
}

function close(actual: readonly number[], expected: readonly number[], digits = 4): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, digits)
}

// ---- every alignment one by one ----------------------------------------------------------------------------------

const sizes = { symbols: 4, readout: 2, outputs: 3 }
const [S, T] = [4, 3]
const choices: Record<string, Omit<Choice, 'type'>> = {
  'order 0': { order: 0 },
  'order 1, window 1': { order: 1, window: 1 },
  'order 1, window 2': { order: 1, window: 2 },
  'order 1, a window longer than the source': { order: 1, window: 6 },
}

const draw = (count: number, seed: number, by = 1.5) =>
  Array.from({ length: count }, randomStream(seed, 'test').normal).map((value) => value * by)

/** Two examples: of S source steps and T symbols, and of 2 and 2. */
function example(): Given {
  const mask = tf.tensor2d([
    [1, 1, 1, 1],
    [1, 1, 0, 0],
  ])
  const outputs: Tensor3D = tf.mul(tf.tensor3d(draw(2 * S * 3, 1), [2, S, 3]), tf.expandDims(mask, 2))
  return {
    x: tf.tensor2d(draw(T * 2 * 2, 2), [T * 2, 2]),
    outputs,
    mask,
    ids: [
      [2, 0, 3],
      [1, 3],
    ],
  }
}

function paramsOf(head: Built): Tree<Tensor> {
  const params = upload(initialise(head.parameters, 1))
  return mapTree(params, ({ shape }, path) => tf.tensor(draw(tf.util.sizeFromShape(shape), path.length), shape))
}

/** x [I] times a kernel [I,O], with a bias. */
function product(x: readonly number[], kernel: Tensor, bias?: Tensor): number[] {
  const [, size = 0] = kernel.shape
  const [weights, offsets] = [numbers(kernel), bias === undefined ? [] : numbers(bias)]
  return Array.from({ length: size }, (_, o) => x.reduce((sum, v, i) => sum + v * at(weights, i * size + o), 0)).map(
    (value, o) => value + (offsets[o] ?? 0),
  )
}

const at = (list: readonly number[], index: number) => list[index] ?? Number.NaN

function softmax(scores: readonly number[]): number[] {
  const total = scores.reduce((sum, score) => sum + Math.exp(score), 0)
  return scores.map((score) => Math.exp(score) / total)
}

/** The equations in plain numbers: h are the real source steps, x the target's. */
function byHand({ order, window = 4 }: Omit<Choice, 'type'>, params: Tree<Tensor>, h: number[][], x: number[][]) {
  const tree = (name: string) => params[name] as Tree<Tensor>
  const keys = h.map((each) => product(each, leaf(tree('moves'), 'kernel')))
  const move = (t: number, from: number): number[] => {
    const query = x[t] ?? []
    if (order === 0) {
      const fits = keys.map((key) => key.reduce((sum, value, i) => sum + value * at(query, i), 0))
      return [...new Array<number>(from).fill(0), ...softmax(fits.slice(from))]
    }
    const jump = tree('moves').jump as Tree<Tensor>
    const scores = product([...query, ...(keys[from] ?? [])], leaf(jump, 'kernel'), leaf(jump, 'bias'))
    const ahead = softmax(scores.slice(0, Math.min(window + 1, h.length - from)))
    return h.map((_, to) => ahead[to - from] ?? 0)
  }
  const write = (t: number, s: number): number[] => {
    const joint = tree('joint')
    const features = product([...(x[t] ?? []), ...(h[s] ?? [])], leaf(joint, 'kernel'), leaf(joint, 'bias'))
    return softmax(product(features.map(Math.tanh), leaf(params, 'kernel'), leaf(params, 'bias')))
  }
  /** The probability of these symbols, over every alignment that is not forbidden. */
  const probability = (ids: readonly number[], t = 0, from = 0): number => {
    const [id, ...rest] = ids
    if (id === undefined) return 1
    return move(t, from).reduce(
      (sum, p, to) => (p === 0 ? sum : sum + p * at(write(t, to), id) * probability(rest, t + 1, to)),
      0,
    )
  }
  return { probability }
}

/** Rows of a matrix. */
function rowsOf(tensor: Tensor): number[][] {
  const width = tensor.shape.at(-1) ?? 1
  const all = numbers(tensor)
  return Array.from({ length: all.length / width }, (_, row) => all.slice(row * width, (row + 1) * width))
}

/** One example of a batch, without its padding. */
function alone({ x, outputs, ids }: Given, row: number, length: number) {
  const steps = rowsOf(x).filter((_, place) => place % 2 === row)
  const real: Tensor3D = tf.slice(outputs, [row, 0, 0], [1, length, -1])
  const own = ids[row] ?? []
  const h = rowsOf(real)
  const given = { x: tf.tensor2d(steps), outputs: real, mask: tf.ones([1, length]) as Tensor2D, ids: [own] }
  return { steps, h, own, given }
}

describe.each(Object.entries(choices))('hard monotonic attention, %s', (_, choice) => {
  const head = built(choice, sizes)
  const params = paramsOf(head)
  const given = example()
  const examples = [4, 2].map((length, row) => alone(given, row, length))

  it('has the loss that all alignments one by one have', () => {
    const expected = examples.map(({ h, steps, own }) => -Math.log(byHand(choice, params, h, steps).probability(own)))
    const { perExample, crossEntropy } = lossOf(head, params, given)
    close(numbers(perExample as Tensor), expected)
    close(numbers(crossEntropy), [at(expected, 0) + at(expected, 1)])
  })

  it('gives each next symbol the probability that all alignments one by one give it', () => {
    for (const { h, steps, own, given } of examples) {
      const { probability } = byHand(choice, params, h, steps)
      stepsOf(head, params, given, 1).forEach(({ logProbs, alignment }, t) => {
        const before = own.slice(0, t)
        const expected = Array.from({ length: 4 }, (_, id) => probability([...before, id]) / probability(before))
        close(logProbs.map(Math.exp), expected)
        close([alignment.reduce((sum, weight) => sum + weight, 0)], [1])
      })
    }
  })

  it.each([false, true])('has the gradient that finite differences give, of all that it reads (tied: %s)', (tied) => {
    const own = tied ? built(choice, sizes, true) : head
    const { mask, ids } = given
    const table = tied ? { table: tf.tensor2d(draw(8, 5), [4, 2]) } : {}
    const tree = { params: paramsOf(own), x: given.x, outputs: given.outputs, ...table }
    const loss = (from: Tree<Tensor>): Scalar => {
      const { x, outputs, table } = from as unknown as Given
      return lossOf(own, from.params as Tree<Tensor>, { x, outputs, mask, ids, ...(table && { table }) }).objective
    }
    for (const [path, slope] of leaves<Tensor>(gradients(tree, loss))) {
      const direction = tf.randomNormal(slope.shape, 0, 1, 'float32', 7)
      const moved = (by: number) =>
        at(
          numbers(
            loss(
              mapTree<Tensor, Tensor>(tree, (each, name) =>
                name === path ? tf.add(each, tf.mul(direction, by)) : each,
              ),
            ),
          ),
          0,
        )
      const along = at(numbers(tf.sum(tf.mul(slope, direction))), 0)
      const difference = (moved(4e-3) - moved(-4e-3)) / 8e-3
      expect(Math.abs(difference - along) / Math.max(1, Math.abs(along)), path).toBeLessThan(1e-2)
    }
  })

  it('does not see padding of sources and targets, nor does what it learns', () => {
    const objective = (of: Given) => (own: Tree<Tensor>) => lossOf(head, own, of).objective
    const padded: Given = {
      x: tf.concat([given.x, tf.tensor2d(draw(4, 9), [2, 2])], 0),
      outputs: tf.pad(given.outputs, [
        [0, 0],
        [0, 2],
        [0, 0],
      ]),
      mask: tf.pad(given.mask, [
        [0, 0],
        [0, 2],
      ]),
      ids: given.ids.map((own) => Object.assign([...own], { length: T + 1 })),
    }
    close(numbers(objective(padded)(params)), numbers(objective(given)(params)), 5)
    const slopes = [given, padded].map((of) => leaves(gradients(params, objective(of))))
    slopes[0]?.forEach(([path, slope], place) => {
      const other = slopes[1]?.[place]?.[1] as Tensor
      expect(at(numbers(tf.max(tf.abs(tf.sub(slope, other)))), 0), path).toBeLessThan(1e-4)
    })
  })

  it('shares its layer with an embedding', () => {
    const shared = built(choice, sizes, true)
    const own = paramsOf(shared)
    const tied: Given = { ...(examples[0]?.given as Given), table: tf.tensor2d(draw(8, 5), [4, 2]) }
    const stepped = stepsOf(shared, own, tied, 1)
    const nats = stepped.map(({ logProbs }, t) => -at(logProbs, at(tied.ids[0] ?? [], t)))
    close(numbers(lossOf(shared, own, tied).crossEntropy), [nats.reduce((sum, each) => sum + each, 0)])
  })
})

it('stays exact where probabilities are too small for numbers', () => {
  // Symbols 0 and 1, each all but certain at one of two source steps: the true ones come in the other order, so that no
  // monotone alignment has more than one of them.
  const head = built({ order: 0 }, { symbols: 2, readout: 1, outputs: 1 })
  const params = {
    moves: { kernel: tf.zeros([1, 1]) },
    joint: {
      kernel: tf.tensor2d([
        [0, 0],
        [50, -50],
      ]),
      bias: tf.zeros([2]),
    },
    kernel: tf.tensor2d([
      [200, -200],
      [0, 0],
    ]),
    bias: tf.zeros([2]),
  }
  const given: Given = {
    x: tf.ones([2, 1]),
    outputs: tf.tensor3d([[[1], [-1]]]),
    mask: tf.ones([1, 2]),
    ids: [[1, 0]],
  }
  // Moves are even: 1/2 stays at the first step and 1/2 goes; from the second it stays. At 1,1 and 2,2 one symbol costs e^-400.
  const { crossEntropy } = lossOf(head, params, given)
  close(numbers(crossEntropy), [400 - Math.log(1 / 4 + 1 / 2)], 3)
})

// ---- Yoyodyne ----------------------------------------------------------------------------------------------------

interface Golden {
  readonly sizes: Readonly<
    Record<'symbols' | 'embedded' | 'readout' | 'outputs' | 'source' | 'target' | 'window', number>
  >
  readonly target: number[]
  readonly hardMonotonic: {
    readonly order: 0 | 1
    readonly params: Tree<number[]>
    readonly encoded: number[]
    readonly readout: number[]
    readonly loss: number
    readonly encodedGradient: number[]
    readonly kernelGradient: number[]
    readonly logProbs: number[]
    readonly alignment: number[]
  }[]
}
const golden: Golden = JSON.parse(readFileSync(new URL('../../goldens/yoyodyne-heads.json', import.meta.url), 'utf8'))

describe.each(golden.hardMonotonic)("Yoyodyne's hard monotonic attention of order $order", (each) => {
  const { window, ...own } = golden.sizes
  const head = built(each.order === 0 ? { order: 0 } : { order: 1, window }, own)
  const params = mapTree(head.parameters, ({ shape }, path) => {
    const values = path.split('/').reduce<unknown>((tree, name) => (tree as Tree<number[]>)[name], each.params)
    return tf.tensor(values as number[], [...shape])
  })
  const encoded = tf.tensor3d(each.encoded, [1, own.source, own.outputs])
  const x = tf.tensor2d(each.readout, [own.target, own.readout])
  const given: Given = { x, outputs: encoded, mask: tf.ones([1, own.source]), ids: [golden.target] }

  it('has the same loss and gradients', () => {
    const loss = (tree: Tree<Tensor>) =>
      lossOf(head, tree.params as Tree<Tensor>, { ...given, outputs: tree.outputs as Tensor3D }).objective
    const tree = { params, outputs: encoded }
    close(numbers(loss(tree)), [each.loss])
    const slopes = gradients(tree, loss)
    close(numbers(slopes.outputs as Tensor), each.encodedGradient)
    close(numbers(leaf(slopes.params as Tree<Tensor>, 'kernel')), each.kernelGradient)
  })

  it('has the same steps', () => {
    const stepped = stepsOf(head, params, given, 1)
    close(
      stepped.flatMap(({ logProbs }) => logProbs),
      each.logProbs,
    )
    close(
      stepped.flatMap(({ alignment }) => alignment),
      each.alignment,
    )
  })
})

// ---- where it can be used ----------------------------------------------------------------------------------------

it('is refused where it has no source of several steps to itself, and its window where nothing is limited by it', () => {
  const place = { decoder: true, alignment: false, series: true, source: true }
  const problems = (options: Omit<Choice, 'type'>, more: Partial<typeof place> = {}) =>
    headProblems({ type: 'hard-monotonic-attention', ...options }, { ...place, ...more }).map(({ message }) => message)
  expect(problems({ order: 0 })).toEqual([])
  expect(problems({ order: 1, window: 3 })).toEqual([])
  expect(problems({ order: 1 }, { decoder: false })).toEqual([expect.stringContaining('these labels are not')])
  expect(problems({ order: 1 }, { alignment: true })).toEqual([expect.stringContaining('use a fixed context')])
  expect(problems({ order: 1 }, { source: false })).toEqual([expect.stringContaining('this source is one step')])
  expect(problems({ order: 0, window: 3 })).toEqual([expect.stringContaining('window limits the moves of order 1')])
})

it('has the numbers of its products by step and by pair of steps', () => {
  const work = built({ order: 1, window: 2 }, { symbols: 10, readout: 2, outputs: 3 }).work ?? []
  expect(work.map(({ per, multiplyAdds }) => [per, multiplyAdds])).toEqual([
    ['source step', 3 * 2 + 4 * 3],
    ['source step', 3 * 5],
    ['target step', 2 * 5],
    ['pair of steps', 5 * 10],
  ])
})
