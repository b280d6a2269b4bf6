import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, tf } from '../../src/core/tf.js'
import { leaves, type Tree } from '../../src/core/tree.js'
import type { Transducer } from '../../src/model/decoder/types.js'
import { initialise } from '../../src/model/initialise.js'
import { drawNoise } from '../../src/model/noise.js'
import type { ModelOptions } from '../../src/model/options.js'
import type { Sequence } from '../../src/model/representation/types.js'
import { buildTransducer, transducerProblems } from '../../src/model/transducer.js'
import { attentionOptions, decoderOptions, embedded, encoderOptions } from '../support/options.js'
import { gradients, numbers, upload } from '../support/tensors.js'

const sizes = { source: { vocabulary: 7 }, target: { vocabulary: 6 }, longestSource: 5, longestTarget: 4 }
const gru = { type: 'gru', reset: 'after' } as const
const lstm = { type: 'lstm', forgetBias: 1 } as const
const aaren = { type: 'aaren' } as const

const encoder = encoderOptions({ hidden: 4, bidirectional: true })
const decoder = decoderOptions()
const model: ModelOptions = { source: embedded(3), target: embedded(2), encoder, context: attentionOptions(), decoder }

const contexts: Record<string, NonNullable<ModelOptions['context']>> = {
  'last-state': { from: 'last-state' },
  'transform linear': { from: 'transform', map: { type: 'linear', size: 5 } },
  'transform tanh': { from: 'transform', map: { type: 'tanh', size: 3 } },
  'transform mlp': { from: 'transform', map: { type: 'mlp', size: 5, hidden: 4 } },
  'mean of all states': { from: 'all-states', pool: 'mean' },
  'sum of all states': { from: 'all-states', pool: 'sum' },
  'max of all mapped states': { from: 'all-states', pool: 'max', map: { type: 'tanh', size: 3 } },
  'learned weighting of all mapped states': { from: 'all-states', pool: 'learned', map: { type: 'tanh', size: 5 } },
  'attention before': attentionOptions(),
  'attention after': attentionOptions({ scorer: { type: 'general' }, position: 'after' }),
  'input feeding': attentionOptions({ scorer: { type: 'general' }, position: 'after', inputFeeding: true }),
}
// The cells take turns, so that each meets every context and every entry.
const combinations = Object.entries(contexts).flatMap(([name, context], row) =>
  (['initial-state', 'first-step', 'every-step', 'both'] as const).map((receives, column): [string, ModelOptions] => {
    const cell = ([gru, lstm, aaren] as const)[(row + column) % 3] ?? gru
    const initialState = receives === 'first-step' || receives === 'every-step' ? 'learned' : 'zero'
    const options: ModelOptions = {
      ...model,
      context,
      decoder: { ...decoder, cell, receives, layers: 2, initialState },
    }
    return [`${name}, ${receives}, ${cell.type}`, options]
  }),
)

// Two examples of 3 and 2 source symbols, 3 and 1 target symbols with eos (id 2; bos is 1).
const batch = padded(3, 3)

function padded(sourceSteps: number, targetSteps: number, emptyRows = 0) {
  const row = (steps: number, ...values: number[]) => [...values, ...Array(steps - values.length).fill(0)]
  const pair = (steps: number, dtype: 'int32' | 'float32', a: number[], b: number[]) =>
    tf.tensor2d(
      [row(steps, ...a), row(steps, ...b), ...Array.from({ length: emptyRows }, () => row(steps))],
      undefined,
      dtype,
    )
  return {
    source: {
      ids: pair(sourceSteps, 'int32', [4, 5, 6], [6, 4]),
      mask: pair(sourceSteps, 'float32', [1, 1, 1], [1, 1]),
    },
    target: {
      input: pair(targetSteps, 'int32', [1, 3, 5], [1, 4]),
      output: pair(targetSteps, 'int32', [3, 5, 2], [4, 2]),
      mask: pair(targetSteps, 'float32', [1, 1, 1], [1, 1]),
    },
  }
}

const settings = { labelSmoothing: 0, teacherForcing: 1 }
const lossOf = (transducer: Transducer, params: Tree<Tensor>, of = batch) =>
  transducer.loss(params, of.source as Sequence, of.target, undefined, settings)

const legal = combinations.filter(([, options]) => transducerProblems(options).length === 0)

describe.each(legal)('%s', (_, options) => {
  const transducer = buildTransducer(options, sizes)
  const params = upload(initialise(transducer.parameters, 1))

  it('gives the loss that its own steps give', () => {
    const { crossEntropy } = lossOf(transducer, params)
    expect(numbers(crossEntropy)[0]).toBeCloseTo(byStep(transducer, params), 4)
  })

  it('does not see padding, in steps or in rows', () => {
    const { crossEntropy } = lossOf(transducer, params)
    const more = lossOf(transducer, params, padded(5, 4, 1)).crossEntropy
    expect(numbers(more)[0]).toBeCloseTo(numbers(crossEntropy)[0] as number, 4)
  })

  it('sends a gradient to every parameter', () => {
    const slopes = gradients(params, (p) => lossOf(transducer, p).objective)
    for (const [path, slope] of leaves(slopes)) {
      expect(
        numbers(slope).some((x) => x !== 0),
        path,
      ).toBe(true)
      expect(numbers(slope).every(Number.isFinite), path).toBe(true)
    }
  })
})

/** The same loss by `step`, feeding the true previous symbols one by one. */
function byStep(transducer: Transducer, params: Tree<Tensor>): number {
  let { memory, state } = transducer.start(params, batch.source as Sequence, undefined)
  let total = 0
  for (let t = 0; t < 3; t++) {
    const column = (x: Tensor2D) => tf.squeeze(tf.slice(x, [0, t], [2, 1]), [1])
    const stepped = transducer.step(params, column(batch.target.input), memory, state)
    const probabilities = stepped.logProbs.arraySync()
    const [labels, mask] = [numbers(column(batch.target.output)), numbers(column(batch.target.mask))]
    for (const row of [0, 1]) total -= (mask[row] ?? 0) * (probabilities[row]?.[labels[row] ?? 0] ?? Number.NaN)
    state = stepped.state
  }
  return total
}

describe('an encoder-decoder with attention', () => {
  const transducer = buildTransducer(model, sizes)
  const params = upload(initialise(transducer.parameters, 2))

  it('aligns to sum 1, with exact zeros on padding', () => {
    const { memory, state } = transducer.start(params, batch.source as Sequence, undefined)
    const { alignment } = transducer.step(params, tf.tensor1d([1, 1], 'int32'), memory, state)
    const [first, second] = (alignment as Tensor2D).arraySync() as number[][]
    expect(first?.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 5)
    expect(second?.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 5)
    expect(second?.[2]).toBe(0)
  })

  it('gives each example the same whatever the rest of the batch', () => {
    const turned = (x: Tensor2D) => tf.reverse(x, 0)
    const { source, target } = batch
    const reversed = {
      source: { ids: turned(source.ids), mask: turned(source.mask) },
      target: { input: turned(target.input), output: turned(target.output), mask: turned(target.mask) },
    }
    const loss = numbers(lossOf(transducer, params).crossEntropy)[0] as number
    expect(numbers(lossOf(transducer, params, reversed).crossEntropy)[0]).toBeCloseTo(loss, 5)
  })

  it('has the gradient that finite differences give', () => {
    const slopes = gradients(params, (p) => lossOf(transducer, p).objective)
    for (const path of ['decoder/attention/v', 'decoder/bridge/layer1/h/bias', 'head/kernel']) {
      const original = leafAt(params, path)
      const slope = numbers(leafAt(slopes, path))[0] as number
      const moved = (by: number) => {
        const values = numbers(original)
        values[0] = (values[0] as number) + by
        const replaced = replaceLeaf(params, path, tf.tensor(values, original.shape))
        return numbers(lossOf(transducer, replaced).objective)[0] as number
      }
      expect((moved(1e-2) - moved(-1e-2)) / 2e-2, path).toBeCloseTo(slope, 2)
    }
  })
})

describe('dropout', () => {
  const options = { ...model, decoder: { ...decoder, dropout: 0.5, layers: 2 } }
  const transducer = buildTransducer(options, sizes)
  const params = upload(initialise(transducer.parameters, 3))

  it('asks for noise between layers and on the output, and uses it', () => {
    const specs = transducer.noise({ batch: 2, source: 3, target: 3 })
    expect(Object.keys(specs.decoder ?? {})).toEqual(['layer2', 'output'])
    const noise = upload(drawNoise(specs, 1, 1))
    const { crossEntropy } = transducer.loss(params, batch.source as Sequence, batch.target, noise, settings)
    expect(numbers(crossEntropy)[0]).not.toBeCloseTo(numbers(lossOf(transducer, params).crossEntropy)[0] as number, 4)
  })
})

describe('label smoothing', () => {
  it('changes the objective and not the reported cross-entropy', () => {
    const transducer = buildTransducer(model, sizes)
    const params = upload(initialise(transducer.parameters, 2))
    const smoothed = transducer.loss(params, batch.source as Sequence, batch.target, undefined, {
      labelSmoothing: 0.1,
      teacherForcing: 1,
    })
    const plain = numbers(lossOf(transducer, params).crossEntropy)[0] as number
    expect(numbers(smoothed.crossEntropy)[0]).toBeCloseTo(plain, 5)
    expect(numbers(smoothed.objective)[0]).not.toBeCloseTo(plain, 4)
  })
})

function leafAt(tree: Tree<Tensor>, path: string): Tensor {
  const found = leaves(tree).find(([name]) => name === path)
  if (found === undefined) throw new Error(`no parameter ${path}`)
  return found[1]
}

function replaceLeaf(tree: Tree<Tensor>, path: string, value: Tensor): Tree<Tensor> {
  const [name = '', ...rest] = path.split('/')
  if (rest.length === 0) return { ...tree, [name]: value }
  return { ...tree, [name]: replaceLeaf(tree[name] as Tree<Tensor>, rest.join('/'), value) }
}
