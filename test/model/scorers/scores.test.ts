import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import { leaves, type Tree } from '../../../src/core/tree.js'
import type { AttentionChoice } from '../../../src/model/context/index.js'
import { buildAttention } from '../../../src/model/decoder/attention.js'
import { initialise } from '../../../src/model/initialise.js'
import { scorers } from '../../../src/model/scorers/index.js'
import type { ScorerPart } from '../../../src/model/scorers/types.js'
import { attentionOptions, scorerSizes } from '../../support/options.js'
import { everyChoice } from '../../support/parts.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

// Two queries, three keys each, of size 2. The second source has two real steps; its third is padding.
const queries = tf.tensor2d([
  [1, 2],
  [0, 1],
])
const keys = tf.tensor3d([
  [
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  [
    [2, 1],
    [1, 3],
    [9, 9],
  ],
])
const mask = tf.tensor2d([
  [1, 1, 1],
  [1, 1, 0],
])

interface Case {
  readonly options: Record<string, unknown>
  readonly params: Tree<Tensor>
  /** Six scores; of several heads, those of the first head and then those of the second, source by source. */
  readonly scores: readonly number[]
}

const [root2, root5, root10] = [Math.sqrt(2), Math.sqrt(5), Math.sqrt(10)]
const identity = tf.tensor2d([
  [1, 0],
  [0, 1],
])

const cases: Record<string, Case> = {
  // [1,2]·[1,0], [1,2]·[0,1], [1,2]·[1,1]; [0,1]·[2,1], [0,1]·[1,3], [0,1]·[9,9]
  dot: { options: {}, params: {}, scores: [1, 2, 3, 1, 3, 9] },
  'scaled-dot': { options: {}, params: {}, scores: [1, 2, 3, 1, 3, 9].map((x) => x / root2) },
  // The same over the lengths: queries √5 and 1; keys 1, 1, √2 and √5, √10, 9√2.
  cosine: {
    options: {},
    params: {},
    scores: [1 / root5, 2 / root5, 3 / (root5 * root2), 1 / root5, 3 / root10, 9 / (9 * root2)],
  },
  // W q + b with kernel [Q,D] = [[1,1],[0,1]] and b = [1,0]: q=[1,2] -> [2,3]; q=[0,1] -> [1,1]
  // [2,3]·k = 2, 3, 5; [1,1]·k = 3, 4, 18
  bilinear: {
    options: {},
    params: {
      kernel: tf.tensor2d([
        [1, 1],
        [0, 1],
      ]),
      bias: tf.tensor1d([1, 0]),
    },
    scores: [2, 3, 5, 3, 4, 18],
  },
  // Places score by the query alone: [1,2] W and [0,1] W with W = [[1,0,2],[0,1,1]]
  location: {
    options: { maxLength: 3 },
    params: {
      kernel: tf.tensor2d([
        [1, 0, 2],
        [0, 1, 1],
      ]),
    },
    scores: [1, 2, 4, 0, 1, 1],
  },
  // Identity matrices and two heads of one number each: q_n k_n / √1.
  // First source: head 1 takes 1·{1,0,1}, head 2 takes 2·{0,1,1}; second: 0·{2,1,9} and 1·{1,3,9}
  'multi-head-dot': {
    options: { heads: 2 },
    params: { queryKernel: identity, keyKernel: identity, valueKernel: identity },
    scores: [1, 0, 1, 0, 2, 2, 0, 0, 0, 1, 3, 9],
  },
  // W k with W = [[1,0],[1,2]] as columns of `kernel` [D,Q]: k=[a,b] -> [a, a+2b]
  // [1,1]·q=3, [0,2]->4, [1,3]->7; [2,4]·[0,1]=4, [1,7]->7, [9,27]->27
  general: {
    options: {},
    params: {
      kernel: tf.tensor2d([
        [1, 1],
        [0, 2],
      ]),
    },
    scores: [3, 4, 7, 4, 7, 27],
  },
  // A hidden layer of one: q·[1,0] + k·[0,1] + 0.5, then 2 tanh(.)
  // rows: 1 + {0,1,1} + 0.5 = 1.5, 2.5, 2.5; 0 + {1,3,9} + 0.5 = 1.5, 3.5, 9.5
  additive: {
    options: { size: 1 },
    params: {
      queryKernel: tf.tensor2d([[1], [0]]),
      keyKernel: tf.tensor2d([[0], [1]]),
      bias: tf.tensor1d([0.5]),
      v: tf.tensor1d([2]),
    },
    scores: [1.5, 2.5, 2.5, 1.5, 3.5, 9.5].map((x) => 2 * Math.tanh(x)),
  },
}

const part = (name: string): ScorerPart => scorers.get(name)
const built = (name: string, options: Record<string, unknown>, query = 2, key = 2) =>
  part(name).build(options, scorerSizes(query, key))

describe.each(Object.entries(cases))('scorer %s', (name, { options, params, scores }) => {
  const scorer = built(name, options)

  it('gives the scores worked out by hand', () => {
    const prepared = scorer.prepare?.(params, keys) ?? keys
    expectClose(numbers(scorer.score(params, queries, prepared).scores), scores)
  })

  it('aligns by softmax over real steps, and exactly 0 on padding', () => {
    const choice = attentionOptions({ scorer: { type: name, ...options } as never })
    const attention = buildAttention(choice, scorerSizes(2, 2))
    const encoded = { outputs: tf.mul(keys, tf.expandDims(mask, 2)) as Tensor3D, mask }
    const memory = attention.memory(params, encoded)
    const { alignment, context } = attention.step(params, queries, memory, attention.initialState(memory))
    const expected = alignments(scores)
    expectClose(numbers(alignment), expected.mean)
    expect(numbers(alignment)[5]).toBe(0)
    expectClose(numbers(context), expected.context)
  })

  it('declares the parameters that it uses', () => {
    const declared = leaves(scorer.parameters).map(([key, spec]) => [key, [...spec.shape]])
    expect(Object.fromEntries(declared)).toEqual(
      Object.fromEntries(Object.entries(params).map(([key, tensor]) => [key, tensor.shape])),
    )
  })
})

describe.each(everyChoice<AttentionChoice['scorer']>(scorers))('every scorer: %s', (_, scorer) => {
  const attention = buildAttention(attentionOptions({ scorer }), scorerSizes(4, 4))
  const params = upload(initialise(attention.parameters, 1))
  const query = tf.tensor2d([[0.3, -1, 0.5, 2]])
  const outputs = tf.tensor3d([
    [
      [1, 0.5, -1, 2],
      [0.2, 3, 1, -1],
      [-2, 1, 0, 0.7],
    ],
  ])
  const attend = (encoded: Tensor3D, real: Tensor2D, own: Tree<Tensor> = params) => {
    const memory = attention.memory(own, { outputs: encoded, mask: real })
    return attention.step(own, query, memory, attention.initialState(memory))
  }

  it('aligns with real steps alone: all of it together 1, and padding changes nothing', () => {
    const real = tf.slice(outputs, [0, 0, 0], [1, 2, 4])
    const short = attend(real, tf.ones([1, 2]))
    const padded = attend(tf.concat([real, tf.zeros([1, 1, 4])], 1), tf.tensor2d([[1, 1, 0]]))
    expect(numbers(tf.sum(padded.alignment))[0]).toBeCloseTo(1, 5)
    expect(numbers(padded.alignment)[2]).toBe(0)
    expectClose(numbers(padded.alignment).slice(0, 2), numbers(short.alignment))
    expectClose(numbers(padded.context), numbers(short.context))
  })

  it('has a gradient in every parameter', () => {
    const weights = tf.tensor2d([[1, -2, 3, 0.5]])
    const value = (own: Tree<Tensor>) => {
      const { alignment, context } = attend(outputs, tf.ones([1, 3]), own)
      return tf.add(tf.sum(tf.mul(context, weights)), tf.sum(tf.square(alignment)))
    }
    if (leaves(params).length === 0) return
    for (const [path, slope] of leaves(gradients(params, value))) {
      // What is the same for all keys, such as a bias in a bare sum, cancels in the alignment.
      expect(numbers(slope).every(Number.isFinite), path).toBe(true)
      expect(Math.max(...numbers(slope).map(Math.abs)), path).toBeGreaterThan(0)
    }
  })
})

describe('dot', () => {
  it('refuses unequal sizes with the reason', () => {
    expect(scorers.parts.dot.refuse?.({}, scorerSizes(3, 4))).toMatch(/equal size/)
    expect(scorers.parts.dot.refuse?.({}, scorerSizes(4, 4))).toBeUndefined()
  })
})

describe('cosine', () => {
  it('scores a zero vector 0, with a gradient that is finite', () => {
    const zero = tf.zeros([1, 1, 2]) as Tensor3D
    const cosine = built('cosine', {})
    const score = (key: Tensor) => cosine.score({}, tf.tensor2d([[1, 2]]), unit(key)).scores
    const unit = (key: Tensor) => cosine.prepare?.({}, key as Tensor3D) ?? zero
    expect(numbers(score(zero))).toEqual([0])
    expect(numbers(tf.grad((key) => score(key))(zero)).every(Number.isFinite)).toBe(true)
  })
})

describe('location', () => {
  const { location } = scorers.parts
  const scorer = built('location', { maxLength: 3 }, 1, 1)
  const kernel = tf.tensor2d([[1, 2, 3]])
  const query = tf.tensor2d([[2]])

  it('takes as many places as the source has, and scores padding beyond maxLength 0', () => {
    const scores = (steps: number) => numbers(scorer.score({ kernel }, query, tf.zeros([1, steps, 1])).scores)
    expect(scores(2)).toEqual([2, 4])
    expect(scores(4)).toEqual([2, 4, 6, 0])
  })

  it('refuses longer sources', () => {
    expect(location.refuseSource?.({ maxLength: 3 }, 4)).toMatch(/maxLength 3, and a source has 4 steps/)
    expect(location.refuseSource?.({ maxLength: 3 }, 3)).toBeUndefined()
  })
})

describe('general', () => {
  it('takes unequal sizes', () => {
    const kernel = tf.tensor2d([[1], [2]])
    const general = built('general', {}, 1, 2)
    const prepared = general.prepare?.({ kernel }, keys) ?? keys
    const { scores } = general.score({ kernel }, tf.tensor2d([[1], [2]]) as Tensor2D, prepared)
    expectClose(numbers(scores), [1, 2, 3, 8, 14, 54])
  })
})

/**
 * Alignments and contexts out of scores by hand: the second source's last step is padding. One head sums whole values;
 * of two heads, head n sums the values' number n.
 */
function alignments(scores: readonly number[]): { mean: number[]; context: number[] } {
  const heads = scores.length / 6
  const of = (source: number, head: number) => {
    const start = (source * heads + head) * 3
    return source === 0 ? softmax(scores.slice(start, start + 3)) : [...softmax(scores.slice(start, start + 2)), 0]
  }
  const values = keys.arraySync()
  const sources = [0, 1]
  const sum = (source: number, number: number) =>
    of(source, heads === 1 ? 0 : number).reduce((total, a, s) => total + a * (values[source]?.[s]?.[number] ?? 0), 0)
  const average = (source: number, s: number) =>
    Array.from({ length: heads }, (_, head) => of(source, head)[s] ?? 0).reduce((a, b) => a + b, 0) / heads
  return {
    mean: sources.flatMap((source) => [0, 1, 2].map((s) => average(source, s))),
    context: sources.flatMap((source) => [0, 1].map((number) => sum(source, number))),
  }
}

function softmax(scores: readonly number[]): number[] {
  const exponentials = scores.map(Math.exp)
  const total = exponentials.reduce((sum, value) => sum + value, 0)
  return exponentials.map((value) => value / total)
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 5)
}
