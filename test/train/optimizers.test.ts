import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Tensor1D, tf } from '../../src/core/tf.js'
import { optimizers } from '../../src/train/optimizers/index.js'

// Made by goldens/optimizers.py, which names its PyTorch version in the file.
interface Goldens {
  readonly generator: string
  readonly start: readonly number[]
  readonly gradients: readonly (readonly number[])[]
  readonly cases: readonly {
    readonly name: string
    readonly type: keyof typeof optimizers.parts
    readonly options: { readonly learningRate: number }
    readonly after: readonly (readonly number[])[]
  }[]
}
const goldens: Goldens = JSON.parse(readFileSync(new URL('goldens/optimizers.json', import.meta.url), 'utf8'))

type Choice = Parameters<typeof optimizers.build>[0]
const choiceOf = ({ type, options }: Pick<Goldens['cases'][number], 'type' | 'options'>, more: object = {}): Choice =>
  ({ type, ...options, ...more }) as Choice

function run(options: Choice, decays = true, scale = 1): number[][] {
  const optimizer = optimizers.build(options)
  let parameters = tf.tensor1d([...goldens.start])
  let slots: Readonly<Record<string, Tensor1D>> = Object.fromEntries(
    Object.entries(optimizer.init(goldens.start.length)).map(([name, { shape, initial }]) => [
      name,
      tf.tensor1d(new Array<number>(shape[0]).fill(initial)),
    ]),
  )
  return goldens.gradients.map((gradient, index) => {
    const context = {
      learningRate: tf.scalar(options.learningRate),
      step: tf.scalar(index + 1),
      scale: tf.scalar(scale),
      decays,
    }
    const next = optimizer.update(tf.tensor1d(gradient.map((value) => value / scale)), slots, parameters, context)
    parameters = next.parameters
    slots = next.slots
    return [...parameters.dataSync()]
  })
}

function close(values: readonly (readonly number[])[], expected: readonly (readonly number[])[]) {
  expected.forEach((row, step) => {
    row.forEach((value, index) => {
      expect(Math.abs((values[step]?.[index] ?? Number.NaN) - value), `step ${step + 1}, number ${index}`).toBeLessThan(
        2e-6,
      )
    })
  })
}

describe(`five steps as in ${goldens.generator}`, () => {
  for (const golden of goldens.cases) {
    test(golden.name, () => close(run(choiceOf(golden)), golden.after))
  }
  test('every optimizer is among them', () => {
    expect(new Set(goldens.cases.map(({ type }) => type))).toEqual(new Set(Object.keys(optimizers.parts)))
  })
})

test('weight decay leaves biases and gains alone', () => {
  for (const golden of goldens.cases) {
    expect(run(choiceOf(golden, { weightDecay: 0.3 }), false)).toEqual(run(choiceOf(golden, { weightDecay: 0 }), true))
  }
})

test('the L2 penalty by hand: θ − η (g + λ θ), in sgd', () => {
  // λ = 1, η = 0.5 at the first step: 0.5 − 0.5 (0.1 + 0.5), -1 − 0.5 (-0.2 − 1), 2 − 0.5 (0.3 + 2), ...
  const [first = []] = run({ type: 'sgd', learningRate: 0.5, weightDecay: 1 })
  expect(first.map((value) => Number(value.toFixed(6)))).toEqual([0.2, -0.4, 0.85, 0.00045])
})

test('slots are as long as the parameters, and 0 at first but for adagrad with `initial`', () => {
  const slots = (choice: Choice) => optimizers.build(choice).init(3)
  const empty = { dtype: 'float32', shape: [3], initial: 0 }
  const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }
  const adagrad = { type: 'adagrad', learningRate: 0.01, epsilon: 1e-10, weightDecay: 0 } as const
  expect(slots({ type: 'sgd', learningRate: 0.1, weightDecay: 0 })).toEqual({})
  expect(slots({ type: 'adam', ...adam })).toEqual({ m: empty, v: empty })
  expect(slots({ ...adagrad, initial: 0 })).toEqual({ s: empty })
  expect(slots({ ...adagrad, initial: 0.5 })).toEqual({ s: { ...empty, initial: 0.5 } })
})

test('every optimizer scales the gradient before anything else', () => {
  for (const golden of goldens.cases) close(run(choiceOf(golden), true, 0.25), golden.after)
})
