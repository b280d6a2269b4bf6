import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Tensor, tf } from '../../src/core/tf.js'
import { mapTree } from '../../src/core/tree.js'
import { optimizers } from '../../src/train/optimizers/index.js'
import type { Optimizer } from '../../src/train/parts.js'

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

function run(part: Optimizer, options: { readonly learningRate: number }, decays = true, scale = 1): number[][] {
  let parameters: Tensor = tf.tensor1d([...goldens.start])
  let slots = mapTree({ ...part.init(options, goldens.start.length) }, ({ shape, initial }) =>
    tf.fill([...shape], initial ?? 0),
  ) as Readonly<Record<string, Tensor>>
  return goldens.gradients.map((gradient, index) => {
    const context = {
      learningRate: tf.scalar(options.learningRate),
      step: tf.scalar(index + 1),
      scale: tf.scalar(scale),
      decays,
    }
    const next = part.update(options, tf.tensor1d(gradient.map((value) => value / scale)), slots, parameters, context)
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
  for (const { name, type, options, after } of goldens.cases) {
    test(name, () => close(run(optimizers.parts[type], options), after))
  }
  test('every optimizer is among them', () => {
    expect(new Set(goldens.cases.map(({ type }) => type))).toEqual(new Set(Object.keys(optimizers.parts)))
  })
})

test('weight decay leaves biases and gains alone', () => {
  for (const { type, options } of goldens.cases) {
    const part = optimizers.parts[type]
    expect(run(part, { ...options, weightDecay: 0.3 } as typeof options, false)).toEqual(
      run(part, { ...options, weightDecay: 0 } as typeof options, true),
    )
  }
})

test('every optimizer scales the gradient before anything else', () => {
  for (const { type, options, after } of goldens.cases) close(run(optimizers.parts[type], options, true, 0.25), after)
})
