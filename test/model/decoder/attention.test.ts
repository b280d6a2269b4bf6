import { describe, expect, it } from 'vitest'
import { tf } from '../../../src/core/tf.js'
import { units } from '../../../src/model/axes.js'
import { buildAttention } from '../../../src/model/decoder/attention.js'
import { buildDecoder } from '../../../src/model/decoder/decoder.js'
import { attentionOptions, decoderOptions, scorerSizes } from '../../support/options.js'
import { numbers } from '../../support/tensors.js'

// One source of two steps, keys and values [1] and [3], and one step of padding.
const encoded = {
  outputs: tf.tensor3d([[[1], [3], [0]]]),
  mask: tf.tensor2d([[1, 1, 0]]),
  layers: [],
}
const query = tf.tensor2d([[0.5]])
const softmax = (a: number, b: number) => [1 / (1 + Math.exp(b - a)), 1 / (1 + Math.exp(a - b))] as const

describe('attention', () => {
  it('divides scores by the temperature', () => {
    const attention = buildAttention(
      attentionOptions({ scorer: { type: 'dot' }, temperature: 0.25 }),
      scorerSizes(1, 1),
    )
    const memory = attention.memory({}, encoded)
    const { alignment } = attention.step({}, query, memory, {})
    const [a, b] = softmax(0.5 / 0.25, 1.5 / 0.25)
    expectClose(numbers(alignment), [a, b, 0])
  })

  it('gives weak steps exactly nothing under sparsemax', () => {
    const choice = attentionOptions({ scorer: { type: 'dot' }, normaliser: { type: 'sparsemax' } })
    const attention = buildAttention(choice, scorerSizes(1, 1))
    const { alignment, context } = attention.step({}, query, attention.memory({}, encoded), {})
    // Scores 0.5 and 1.5 are 1 apart.
    expect(numbers(alignment)).toEqual([0, 1, 0])
    expect(numbers(context)).toEqual([3])
  })
})

describe('coverage', () => {
  const covering = (scorer: Parameters<typeof attentionOptions>[0]) => {
    const attention = buildAttention(attentionOptions({ ...scorer, coverage: 2 }), scorerSizes(1, 1))
    return (params: Parameters<typeof attention.step>[0]) => {
      const memory = attention.memory(params, encoded)
      const first = attention.step(params, query, memory, attention.initialState(memory))
      return [first, attention.step(params, query, memory, first.state)] as const
    }
  }

  it('is added to the scores by a learned weight, and costs the overlap (See et al. 2017, (12))', () => {
    const [first, second] = covering({ scorer: { type: 'dot' } })({ coverageWeight: tf.tensor1d([-3]) })
    const [a, b] = softmax(0.5, 1.5)
    expectClose(numbers(first.alignment), [a, b, 0])
    expect(numbers(first.penalty as never)).toEqual([0])
    const [c, d] = softmax(0.5 - 3 * a, 1.5 - 3 * b)
    expectClose(numbers(second.alignment), [c, d, 0])
    expectClose(numbers(second.penalty as never), [2 * (Math.min(a, c) + Math.min(b, d))])
    expectClose(numbers(second.state.coverage as never), [a + c, b + d, 0])
  })

  it('has its own place inside the additive scorer (See et al. 2017, (11))', () => {
    const one = tf.tensor2d([[1]])
    const params = {
      queryKernel: one,
      keyKernel: one,
      coverageKernel: tf.tensor2d([[-4]]),
      bias: tf.tensor1d([0]),
      v: tf.tensor1d([1]),
    }
    const [first, second] = covering({ scorer: { type: 'additive', size: 1 } })(params)
    const [a, b] = softmax(Math.tanh(1.5), Math.tanh(3.5))
    expectClose(numbers(first.alignment), [a, b, 0])
    const [c, d] = softmax(Math.tanh(1.5 - 4 * a), Math.tanh(3.5 - 4 * b))
    expectClose(numbers(second.alignment), [c, d, 0])
  })
})

describe('attention after the cell', () => {
  // An elman cell without activation: h' = x + 0.5 h, where x is the input, or input plus what is fed.
  const params = (kernel: number[][]) => ({
    stack: { layer1: { kernel: tf.tensor2d(kernel), recurrentKernel: tf.tensor2d([[0.5]]), bias: tf.tensor1d([0]) } },
    attention: {},
    joint: { kernel: tf.tensor2d([[0.1], [0.2]]), bias: tf.tensor1d([0.05]) },
    bridge: { layer1: { h: { kernel: tf.tensor2d([[0]]), bias: tf.tensor1d([0]) } } },
  })
  const joined = (h: number) => {
    const [a, b] = softmax(h, 3 * h)
    return Math.tanh(0.1 * (a + 3 * b) + 0.2 * h + 0.05)
  }
  const build = (receives: 'every-step' | 'both', inputFeeding: boolean) => {
    const cell = { type: 'elman', activation: 'identity' } as const
    const context = attentionOptions({ scorer: { type: 'dot' }, position: 'after', inputFeeding })
    return buildDecoder(decoderOptions({ cell, hidden: 1, receives }), context, units('E', 1), {
      layers: [],
      output: units('D', 1),
    })
  }
  const run = (receives: 'every-step' | 'both', inputFeeding: boolean, kernel: number[][]) => {
    const decoder = build(receives, inputFeeding)
    const own = params(kernel)
    const { memory, state } = decoder.start(own, { ...encoded, last: tf.tensor2d([[0]]) })
    const first = decoder.step(own, tf.tensor2d([[0.7]]), memory, state, {})
    const second = decoder.step(own, tf.tensor2d([[0.3]]), memory, first.state, {})
    return [first, second].map(({ decoded }) => numbers(decoded.output)[0] ?? Number.NaN)
  }

  // The bridge's kernel is zero, so that the initial state is zero either way.
  it.each(['every-step', 'both'] as const)('joins C and the new output (Luong et al. 2015, (5)), %s', (receives) => {
    expectClose(run(receives, false, [[1]]), [joined(0.7), joined(0.3 + 0.5 * 0.7)])
  })

  it.each(['every-step', 'both'] as const)('is concatenated to the next input under input feeding, %s', (receives) => {
    const first = joined(0.7)
    expectClose(run(receives, true, [[1], [2]]), [first, joined(0.3 + 2 * first + 0.5 * 0.7)])
  })

  it('starts from C with `both` alone, fed or not', () => {
    for (const inputFeeding of [false, true]) {
      const names = (receives: 'every-step' | 'both') => Object.keys(build(receives, inputFeeding).parameters)
      expect(names('both')).toEqual(['attention', 'joint', 'bridge', 'stack'])
      expect(names('every-step')).toEqual(['attention', 'joint', 'stack'])
    }
  })
})

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 5)
}
