import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { floats, type HostTensor, ints, sizeOf } from '../../src/core/tensors.js'
import { type Scalar, type Tensor, tf } from '../../src/core/tf.js'
import type { Tree } from '../../src/core/tree.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { options, runOn, worstDifference } from './helpers.js'
import { cases, type Given } from './kernels.js'

let compiled: Engine
beforeAll(async () => {
  compiled = await createEngine('compiled', options)
})
afterAll(() => compiled.dispose())

function draw([a, b, c, d]: readonly [number, number, number, number], seed: number): Tree<HostTensor> {
  const random = randomStream(seed, 'test')
  const tensor = (shape: number[], next: () => number) => floats(Array.from({ length: sizeOf(shape) }, next), shape)
  const cube = [a, b, c]
  return {
    x: tensor(cube, random.normal),
    y: tensor(cube, random.normal),
    positive: tensor(cube, () => 0.1 + 2 * random.uniform()),
    unit: tensor(cube, () => 1.8 * random.uniform() - 0.9),
    w: tensor([c, d], random.normal),
    ids: ints(
      Array.from({ length: a }, () => random.below(b)),
      [a],
    ),
    mask: tensor(cube, () => random.below(2)),
    whole: ints(
      Array.from({ length: sizeOf(cube) }, () => random.below(11) - 5),
      cube,
    ),
  }
}

const list = (result: Tensor | Tensor[]): Tensor[] => (Array.isArray(result) ? result : [result])

/** Every kernel's case in one function, so that a run takes one session. */
function all(_: Tree<Tensor>, given: Tree<Tensor>): { outputs: Tree<Tensor> } {
  const results = Object.entries(cases).map(([kernel, use]) => {
    const named = list(use(given as unknown as Given)).map((tensor, index): [string, Tensor] => [`${index}`, tensor])
    return [kernel, Object.fromEntries(named)] as const
  })
  return { outputs: Object.fromEntries(results) }
}

const sizes = fc.tuple(
  fc.integer({ min: 2, max: 5 }),
  fc.integer({ min: 2, max: 6 }),
  fc.integer({ min: 2, max: 7 }),
  fc.integer({ min: 1, max: 4 }),
)

it('computes every kernel as TF.js does, within 1e-4, on random shapes', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 0, max: 2 ** 30 }), async (shape, seed) => {
      const inputs = draw(shape, seed)
      const expected = await runOn('tfjs-cpu', all, {}, inputs)
      const actual = await runOn(compiled, all, {}, inputs)
      for (const kernel of Object.keys(cases)) {
        const one = (result: typeof expected) => result.outputs[kernel] as Tree<HostTensor>
        expect(worstDifference(one(expected), one(actual)), kernel).toBeLessThan(1e-4)
      }
    }),
    { numRuns: 6 },
  )
})

/** Kernels that TF.js gives a gradient of, as far as they take floats; that of Cumsum is right along the last axis only. */
const smooth = Object.keys(cases).filter(
  (kernel) =>
    !/^(GatherNd|ScatterNd|TensorScatterUpdate|StridedSlice|TopK|Cumprod|Cumsum|EluGrad|FusedAdam|Is|Arg|All|Any|Equal|Not|Greater|Less|Logical|OneHot)/.test(
      kernel,
    ),
)

it('gives the gradients that TF.js gives, within 1e-3', async () => {
  const gradients = (_: Tree<Tensor>, given: Tree<Tensor>) => {
    const results = smooth.map((kernel) => {
      const loss = (x: Tensor) => {
        const outputs = list(cases[kernel as keyof typeof cases]({ ...(given as unknown as Given), x } as Given))
        const terms = outputs.filter(({ dtype }) => dtype === 'float32').map((output) => tf.sum(tf.sin(output)))
        return tf.add(tf.addN([...terms, tf.scalar(0)]), tf.mul(tf.sum(x), 0)) as Scalar
      }
      return [kernel, tf.grad(loss)(given.x as Tensor)] as const
    })
    return { outputs: Object.fromEntries(results) }
  }
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 0, max: 2 ** 30 }), async (shape, seed) => {
      const inputs = draw(shape, seed)
      const expected = await runOn('tfjs-cpu', gradients, {}, inputs)
      const actual = await runOn(compiled, gradients, {}, inputs)
      for (const kernel of smooth) {
        const one = (result: typeof expected) => ({ gradient: result.outputs[kernel] as HostTensor })
        expect(worstDifference(one(expected), one(actual)), kernel).toBeLessThan(1e-3)
      }
    }),
    { numRuns: 3 },
  )
})
