import { expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { floats, type HostTensor, ints, sizeOf } from '../../src/core/tensors.js'
import type { Tensor } from '../../src/core/tf.js'
import { leaves, type Tree } from '../../src/core/tree.js'
import { exportFunction } from '../../src/engine/compiled/export.js'
import { openFlexible } from '../../src/engine/compiled/flexible-session.js'
import { interpreter } from '../../src/playground/interpret.js'
import { readOnnx } from '../../src/playground/onnx.js'
import { specsOf, worstDifference } from '../engine/helpers.js'
import { cases, type Given } from '../engine/kernels.js'

function drawn(): Tree<HostTensor> {
  const [a, b, c, d] = [3, 4, 5, 2]
  const random = randomStream(18, 'test')
  const tensor = (shape: number[], next: () => number) => floats(Array.from({ length: sizeOf(shape) }, next), shape)
  const cube = [a, b, c]
  return {
    x: tensor(cube, random.normal),
    y: tensor(cube, random.normal),
    positive: tensor(cube, () => 0.1 + 2 * random.uniform()),
    unit: tensor(cube, () => 1.8 * random.uniform() - 0.9),
    w: tensor([c, d], random.normal),
    ids: ints([1, 0, 3], [a]),
    mask: tensor(cube, () => random.below(2)),
    whole: ints(
      Array.from({ length: sizeOf(cube) }, () => random.below(11) - 5),
      cube,
    ),
  }
}

// A kernel without a case is a type error: so every operator that the lowering writes is here.
it('computes every operator that a kernel is lowered to as ONNX Runtime does', async () => {
  const inputs = drawn()
  const all = (_: Tree<Tensor>, given: Tree<Tensor>) => ({
    outputs: Object.fromEntries(
      Object.entries(cases).map(([kernel, use]) => {
        const results = use(given as unknown as Given)
        const list = Array.isArray(results) ? results : [results]
        return [kernel, Object.fromEntries(list.map((tensor, index) => [`${index}`, tensor]))]
      }),
    ),
  })
  const exported = exportFunction('all', all, [{ state: {}, inputs: specsOf(inputs) }], {}, {})
  const feeds = new Map(leaves(inputs))
  const session = await openFlexible('all', exported.model)
  const expected = Object.fromEntries(await session.run((port) => feeds.get(port)))
  await session.release()
  const found = interpreter(readOnnx(exported.model, () => new Float32Array(0))).run(feeds)
  const typed = Object.fromEntries(
    Object.entries(expected).map(([name, { dtype }]): [string, HostTensor] => {
      const { shape = [], data = new Float32Array(0) } = found.get(name) ?? {}
      return [name, { dtype, shape, data }]
    }),
  )
  for (const name of Object.keys(expected)) {
    const of = (tree: Record<string, HostTensor>) => ({ value: tree[name] as HostTensor })
    expect(worstDifference(of(expected), of(typed)), name).toBeLessThan(1e-5)
  }
})
