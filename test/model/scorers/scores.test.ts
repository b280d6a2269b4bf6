import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import type { Tree } from '../../../src/core/tree.js'
import { buildAttention } from '../../../src/model/decoder/attention.js'
import { scorers } from '../../../src/model/scorers/index.js'
import type { Scorer } from '../../../src/model/types.js'
import { numbers } from '../../support/tensors.js'

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
  readonly scores: readonly number[]
}

const cases: Record<string, Case> = {
  // [1,2]·[1,0], [1,2]·[0,1], [1,2]·[1,1]; [0,1]·[2,1], [0,1]·[1,3], [0,1]·[9,9]
  dot: { options: {}, params: {}, scores: [1, 2, 3, 1, 3, 9] },
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

describe.each(Object.entries(scorers.parts))('scorer %s', (name, part) => {
  const scorer: Scorer = part
  const given = cases[name]
  if (given === undefined) throw new Error(`no case for the scorer ${name}`)
  const { options, params, scores } = given

  it('gives the scores worked out by hand', () => {
    const prepared = scorer.prepare?.(options, params, keys) ?? keys
    expectClose(numbers(scorer.score(options, params, queries, prepared)), scores)
  })

  it('aligns by softmax over real steps, and exactly 0 on padding', () => {
    const attention = buildAttention({ from: 'attention', scorer: { type: name, ...options } } as never, {
      query: 2,
      key: 2,
    })
    const encoded = { outputs: tf.mul(keys, tf.expandDims(mask, 2)) as Tensor3D, mask, layers: [] }
    const memory = attention.memory(params, encoded)
    const { alignment, context } = attention.step(params, queries, memory, attention.initialState(memory))
    const expected = [...softmax(scores.slice(0, 3)), ...softmax(scores.slice(3, 5)), 0]
    expectClose(numbers(alignment), expected)
    expect(numbers(alignment)[5]).toBe(0)
    const [a, b, c, d, e] = expected as [number, number, number, number, number]
    expectClose(numbers(context), [a + c, b + c, 2 * d + e, d + 3 * e])
  })

  it('declares the parameters that it uses', () => {
    const declared = scorer.parameters(options, { query: 2, key: 2 })
    expect(Object.fromEntries(Object.entries(declared).map(([key, spec]) => [key, spec.shape]))).toEqual(
      Object.fromEntries(Object.entries(params).map(([key, tensor]) => [key, tensor.shape])),
    )
  })
})

describe('dot', () => {
  it('refuses unequal sizes with the reason', () => {
    expect(scorers.parts.dot.refuse?.({}, { query: 3, key: 4 })).toMatch(/equal size/)
    expect(scorers.parts.dot.refuse?.({}, { query: 4, key: 4 })).toBeUndefined()
  })
})

describe('general', () => {
  it('takes unequal sizes', () => {
    const kernel = tf.tensor2d([[1], [2]])
    const prepared = scorers.parts.general.prepare?.({}, { kernel }, keys) ?? keys
    const scores = scorers.parts.general.score({}, { kernel }, tf.tensor2d([[1], [2]]) as Tensor2D, prepared)
    expectClose(numbers(scores), [1, 2, 3, 8, 14, 54])
  })
})

function softmax(scores: readonly number[]): number[] {
  const exponentials = scores.map(Math.exp)
  const total = exponentials.reduce((sum, value) => sum + value, 0)
  return exponentials.map((value) => value / total)
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 5)
}
