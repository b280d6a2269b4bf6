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
      tf.tensor1d(new Array<number>(shape[0]).fill(initial ?? 0)),
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

test('every optimizer scales the gradient before anything else', () => {
  for (const golden of goldens.cases) close(run(choiceOf(golden), true, 0.25), golden.after)
})
