import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { floats, type HostTensor, ints } from '../../src/core/tensors.js'
import { type Scalar, type Tensor, type Tensor2D, tf } from '../../src/core/tf.js'
import { leaf, type Tree } from '../../src/core/tree.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine, PureFunction } from '../../src/engine/types.js'
import { options, runOn, specsOf, worstDifference } from './helpers.js'

let compiled: Engine
beforeAll(async () => {
  compiled = await createEngine('compiled', options)
})
afterAll(() => compiled.dispose())

function draw(seed: number, shape: number[], scale = 1): HostTensor {
  const random = randomStream(seed, 'test')
  return floats(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => scale * random.normal()),
    shape,
  )
}

/** A small recurrent classifier with embedding, its gradient by autodiff, and momentum. */
const learn: PureFunction = (state, inputs) => {
  const names = ['table', 'w', 'u', 'v']
  const loss = (table: Tensor, w: Tensor, u: Tensor, v: Tensor) => {
    const xs = tf.unstack(tf.gather(table, leaf(inputs, 'ids')), 1) as Tensor2D[]
    let h = tf.zeros([xs[0]?.shape[0] ?? 1, w.shape[1] ?? 1]) as Tensor2D
    for (const x of xs) h = tf.tanh(tf.add(tf.matMul(x, w as Tensor2D), tf.matMul(h, u as Tensor2D)))
    const logs = tf.logSoftmax(tf.matMul(h, v as Tensor2D))
    return tf.neg(tf.mean(tf.sum(tf.mul(logs, tf.oneHot(leaf(inputs, 'labels'), v.shape[1] ?? 1)), 1))) as Scalar
  }
  const before = names.map((name) => leaf(state, name))
  const { value, grads } = tf.valueAndGrads(loss)(before)
  const after = names.map((name, index) => [name, tf.sub(leaf(state, name), tf.mul(grads[index] as Tensor, 0.5))])
  return { state: Object.fromEntries(after), outputs: { loss: value } }
}

const weights = { table: draw(1, [7, 4]), w: draw(2, [4, 5]), u: draw(3, [5, 5], 0.4), v: draw(4, [5, 3]) }
const batch = { ids: ints([1, 2, 3, 3, 6, 0, 5, 5, 5], [3, 3]), labels: ints([0, 2, 1], [3]) }

describe('the compiled engine', () => {
  it('learns as TF.js does: loss and parameters within 1e-5 over 8 steps', async () => {
    const expected = await runOn('tfjs-cpu', learn, weights, batch, 8)
    const actual = await runOn(compiled, learn, weights, batch, 8)
    expect(worstDifference(expected.outputs, actual.outputs)).toBeLessThan(1e-5)
    expect(worstDifference(expected.state, actual.state)).toBeLessThan(1e-5)
    expect(leaf(actual.outputs, 'loss').data[0]).toBeLessThan(0.5)
  })

  it('gives the same bytes every time, and at one and two threads', async () => {
    const two = await createEngine('compiled', { threads: 2 })
    const [once, again, threaded] = [
      await runOn(compiled, learn, weights, batch, 5),
      await runOn(compiled, learn, weights, batch, 5),
      await runOn(two, learn, weights, batch, 5),
    ]
    await two.dispose()
    expect(again).toEqual(once)
    expect(threaded).toEqual(once)
  })

  it('counts 1, 2, 3 in place: a run reads the old state and leaves the new one', async () => {
    const count: PureFunction = (state) => {
      const next = tf.add(leaf(state, 'n'), 1)
      return { state: { n: next, fixed: leaf(state, 'fixed') }, outputs: { before: leaf(state, 'n'), next } }
    }
    const start = { n: floats([0, 10], [2]), fixed: floats([7], [1]) }
    const signature = { state: specsOf(start), inputs: {} }
    const executable = await compiled.compile('count', count, signature)
    const state = compiled.createState(start)
    expect(state.bytes).toBe(12)
    for (const n of [0, 1, 2]) {
      const { before, next } = (await executable.run(state, {})) as Record<string, HostTensor>
      expect([...(before?.data ?? [])]).toEqual([n, 10 + n])
      expect([...(next?.data ?? [])]).toEqual([n + 1, 11 + n])
    }
    // `n` has two buffers now; `fixed` never needed a second.
    expect(state.bytes).toBe(20)
    expect([...leaf(await state.read(), 'n').data]).toEqual([3, 13])
    state.write(start)
    await executable.run(state, {})
    expect([...leaf(await state.read(), 'n').data]).toEqual([1, 11])
    expect([...start.n.data]).toEqual([0, 10])
    await executable.dispose()
  })

  it('leaves no copies of the state to the garbage collector', async () => {
    const count: PureFunction = (state) => ({ state: { n: tf.add(leaf(state, 'n'), 1) }, outputs: {} })
    const start = { n: floats(new Float32Array(250_000), [250_000]) }
    const executable = await compiled.compile('count', count, { state: specsOf(start), inputs: {} })
    const state = compiled.createState(start)
    await executable.run(state, {})
    const held: number[] = []
    for (let step = 0; step < 60; step++) {
      await executable.run(state, {})
      held.push(process.memoryUsage().arrayBuffers)
    }
    // A copy is 1 MB.
    expect(Math.max(...held) - Math.min(...held)).toBeLessThan(5e6)
    expect(leaf(await state.read(), 'n').data[7]).toBe(61)
    await executable.dispose()
  })

  it('leaves outputs to the caller: a later run does not change them', async () => {
    const double: PureFunction = (_, inputs) => ({ outputs: { y: tf.mul(leaf(inputs, 'x'), 2) } })
    const inputs = (x: number) => ({ x: floats([x], [1]) })
    const executable = await compiled.compile('double', double, { state: {}, inputs: specsOf(inputs(0)) })
    const state = compiled.createState({})
    const first = await executable.run(state, inputs(1))
    await executable.run(state, inputs(5))
    expect([...leaf(first, 'y').data]).toEqual([2])
    await executable.dispose()
  })

  it('shares one state between functions that need a part of it, and runs two executables side by side', async () => {
    const read: PureFunction = (state) => ({ outputs: { sum: tf.sum(leaf(state, 'w')) } })
    const learning = await compiled.compile('learn', learn, { state: specsOf(weights), inputs: specsOf(batch) })
    const reading = await compiled.compile('read', read, {
      state: { w: { dtype: 'float32', shape: [4, 5] } },
      inputs: {},
    })
    const [a, b] = [compiled.createState(weights), compiled.createState(weights)]
    await Promise.all([learning.run(a, batch), learning.run(b, batch), learning.run(a, batch).catch(() => undefined)])
    const [left, right] = await Promise.all([reading.run(a, {}), reading.run(b, {})])
    expect(left).toEqual(right)
    await expect(Promise.all([learning.run(a, batch), learning.run(a, batch)])).rejects.toThrow('still under way')
    await learning.dispose()
    await reading.dispose()
  })

  it('says what is wrong with inputs and states', async () => {
    const same: PureFunction = (_, inputs) => ({ outputs: { x: leaf(inputs, 'x') } })
    const executable = await compiled.compile('same', same, {
      state: {},
      inputs: { x: { dtype: 'float32', shape: [2] } },
    })
    const state = compiled.createState({})
    await expect(executable.run(state, { x: floats([1], [1]) })).rejects.toThrow(
      'same: input "x" must be float32 [2], not float32 [1]',
    )
    const grow: PureFunction = (held) => ({ state: { n: tf.concat([leaf(held, 'n'), [1]]) }, outputs: {} })
    await expect(
      compiled.compile('grow', grow, { state: { n: { dtype: 'float32', shape: [1] } }, inputs: {} }),
    ).rejects.toThrow('returned state "n" as float32 [2]; its signature has float32 [1]')
    await executable.dispose()
  })
})

describe('the cache of graphs', () => {
  const signature = { state: specsOf(weights), inputs: specsOf(batch) }
  const runAll = async (engine: Engine, pure: PureFunction, identity: string) => {
    const executable = await engine.compile('learn', pure, signature, identity)
    const state = engine.createState(weights)
    const outputs = []
    for (let step = 0; step < 3; step++) outputs.push(await executable.run(state, batch))
    const { cached } = executable.info
    await executable.dispose()
    return { cached, outputs, state: await state.read() }
  }

  it('gives the same bytes without tracing, and not where identity, file or version differ', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'seqlab-graphs-'))
    const first = await createEngine('compiled', { threads: 1, cacheDir })
    const made = await runAll(first, learn, 'learner 1')
    expect(made.cached).toBe(false)
    const untraceable: PureFunction = () => {
      throw new Error('traced')
    }
    const second = await createEngine('compiled', { threads: 1, cacheDir })
    const found = await runAll(second, untraceable, 'learner 1')
    expect(found).toEqual({ ...made, cached: true })
    await expect(runAll(second, untraceable, 'learner 2')).rejects.toThrow('traced')
    for (const file of await readdir(cacheDir))
      if (file.endsWith('.onnx')) await appendFile(join(cacheDir, file), 'torn')
    await expect(runAll(second, untraceable, 'learner 1')).rejects.toThrow('traced')
    expect(await runAll(second, learn, 'learner 1')).toEqual(made)
    await first.dispose()
    await second.dispose()
    await rm(cacheDir, { recursive: true })
  })
})

describe('tracing', () => {
  const signature = { state: {}, inputs: { x: { dtype: 'float32', shape: [3] } } } as const
  const compile = (pure: PureFunction) => compiled.compile('traced', pure, signature)

  it('refuses to read values, naming the operation and the line', async () => {
    const peek: PureFunction = (_, inputs) => {
      const first = leaf(inputs, 'x').arraySync() as number[]
      return { outputs: { y: tf.scalar(first[0] ?? 0) } }
    }
    const failure = await compile(peek).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'trace' })
    expect(String(failure)).toMatch(
      /values were read while tracing \(in arraySync\), at test\/engine\/engine\.test\.ts:\d+/,
    )
  })

  it('refuses an operation without a rule, naming it and the line', async () => {
    const strange: PureFunction = (_, inputs) => ({
      outputs: { y: tf.real(tf.fft(tf.complex(leaf(inputs, 'x'), [0, 0, 0]))) },
    })
    const failure = await compile(strange).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'trace' })
    expect(String(failure)).toMatch(/operation Complex cannot be traced .*at test\/engine\/engine\.test\.ts:\d+/)
  })

  it('restores the backend and leaves no tensor behind, also when it fails', async () => {
    await tf.setBackend('cpu')
    const outside = tf.tensor1d([1, 2, 3])
    const before = tf.memory()
    const kept: PureFunction = (_, inputs) => {
      const x = leaf(inputs, 'x')
      return { outputs: { y: tf.keep(tf.add(x, outside)), loss: tf.grad((z) => tf.sum(tf.square(z)))(x) } }
    }
    const executable = await compile(kept)
    await executable.run(compiled.createState({}), { x: floats([1, 1, 1], [3]) })
    await compile(() => {
      throw new Error('of the model')
    }).catch(() => undefined)
    await executable.dispose()
    expect(tf.getBackend()).toBe('cpu')
    expect([...outside.dataSync()]).toEqual([1, 2, 3])
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers })
    outside.dispose()
  })
})

describe('the eager engine', () => {
  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    await runOn('tfjs-cpu', learn, weights, batch, 3)
    expect(tf.memory().numTensors).toBe(before)
  })
})

it('runs a tree of outputs of every type', async () => {
  const types: PureFunction = (_, inputs) => {
    const x = leaf(inputs, 'x')
    return { outputs: { deep: { yes: tf.greater(x, 0), whole: tf.cast(x, 'int32') }, x, again: x, one: tf.scalar(1) } }
  }
  const inputs: Tree<HostTensor> = { x: floats([-1.5, 2.5], [2]), unused: floats([1], [1]) }
  const expected = await runOn('tfjs-cpu', types, {}, inputs)
  const actual = await runOn(compiled, types, {}, inputs)
  expect(actual.outputs).toEqual(expected.outputs)
})
