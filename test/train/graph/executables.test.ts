import { afterAll, beforeAll, expect, test } from 'vitest'
import { floats } from '../../../src/core/tensors.js'
import { tf } from '../../../src/core/tf.js'
import { leaf } from '../../../src/core/tree.js'
import { createEngine } from '../../../src/engine/index.js'
import type { Engine } from '../../../src/engine/types.js'
import { executables } from '../../../src/train/graph/executables.js'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine('compiled', { threads: 1 })
})
afterAll(() => engine.dispose())

test('each function is made once, and again only after it was let go as the longest unused', async () => {
  const made: string[] = []
  const cache = executables(engine, 2)
  const state = engine.createState({})
  const plus = async (add: number) => {
    const executable = await cache.get(
      `plus ${add}`,
      () => {
        made.push(`plus ${add}`)
        return (_, inputs) => ({ outputs: { y: tf.add(leaf(inputs, 'x'), add) } })
      },
      () => ({ state: {}, inputs: { x: { dtype: 'float32', shape: [1] } } }),
    )
    const { y } = await executable.run(state, { x: floats([1], [1]) })
    return leaf({ y: y as ReturnType<typeof floats> }, 'y').data[0]
  }
  expect([await plus(1), await plus(2), await plus(1), await plus(3), await plus(1), await plus(2)]).toEqual([
    2, 3, 2, 4, 2, 3,
  ])
  expect(made).toEqual(['plus 1', 'plus 2', 'plus 3', 'plus 2'])
  expect(cache.compileMs()).toBeGreaterThan(0)
  await cache.dispose()
})

test('what was let go is released, and cannot run any more', async () => {
  const cache = executables(engine, 1)
  const spec = { dtype: 'float32', shape: [1] } as const
  const get = (name: string) =>
    cache.get(
      name,
      () => (_, inputs) => ({ outputs: { y: tf.neg(leaf(inputs, 'x')) } }),
      () => ({ state: {}, inputs: { x: spec } }),
    )
  const state = engine.createState({})
  const first = await get('first')
  await first.run(state, { x: floats([1], [1]) })
  const second = await get('second')
  await expect(first.run(state, { x: floats([1], [1]) })).rejects.toThrow('Running first failed')
  await second.run(state, { x: floats([1], [1]) })
  await cache.dispose()
  await expect(second.run(state, { x: floats([1], [1]) })).rejects.toThrow('Running second failed')
})

test('a function that cannot be made is tried again', async () => {
  const cache = executables(engine, 2)
  const broken = () =>
    cache.get(
      'broken',
      () => () => {
        throw new Error('no')
      },
      () => ({ state: {}, inputs: {} }),
    )
  await expect(broken()).rejects.toThrow('no')
  await expect(broken()).rejects.toThrow('no')
  await cache.dispose()
})

test('every compilation is reported as it starts and ends, until nobody listens', async () => {
  const cache = executables(engine, 2)
  const heard: string[] = []
  const stop = cache.onCompile((state, name) => heard.push(`${state} ${name}`))
  const get = (name: string) =>
    cache.get(
      name,
      () => (_, inputs) => ({ outputs: { y: tf.neg(leaf(inputs, 'x')) } }),
      () => ({ state: {}, inputs: { x: { dtype: 'float32', shape: [1] } } }),
    )
  await get('one')
  await get('one')
  stop()
  await get('two')
  expect(heard).toEqual(['started one', 'ended one'])
  await cache.dispose()
})
