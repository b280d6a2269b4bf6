import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vector } from '../../src/core/ops.js'
import { randomStream } from '../../src/core/random.js'
import { scalar } from '../../src/core/ranks.js'
import { floats, type HostTensor, ints } from '../../src/core/tensors.js'
import { type Scalar, type Tensor1D, tf } from '../../src/core/tf.js'
import { leaf, type Tree } from '../../src/core/tree.js'
import { AdamMemory } from '../../src/engine/compiled/adam-memory.js'
import { compileProgram } from '../../src/engine/compiled/index.js'
import type { CompiledState } from '../../src/engine/compiled/state.js'
import { type AdamSettings, fusedAdam } from '../../src/engine/fused-adam.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine, PureFunction } from '../../src/engine/types.js'
import { options, runOn, specsOf, worstDifference } from './helpers.js'

const settings: AdamSettings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, l2: 0.01, decay: 0.02 }

let compiled: Engine
beforeAll(async () => {
  compiled = await createEngine('compiled', options)
})
afterAll(() => compiled.dispose())

const normal = (seed: number, size: number) => {
  const random = randomStream(seed, 'test')
  return Float32Array.from({ length: size }, random.normal)
}

describe("Adam's pass over memory", () => {
  it('computes the equation, within 1e-5, for vectors of any length', async () => {
    await tf.setBackend('cpu')
    const cases = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 2000 }), fc.nat())
    fc.assert(
      fc.property(cases, ([size, step, seed]) => {
        const memory = new AdamMemory(size)
        const [parameters, gradient, m] = [normal(seed, size), normal(seed + 1, size), normal(seed + 2, size)]
        const v = normal(seed + 3, size).map((x) => x * x)
        memory.parameters.set(parameters)
        memory.gradient.set(gradient)
        memory.m.set(m)
        memory.v.set(v)
        memory.update(settings, 0.5, 0.01, step)
        tf.tidy(() => {
          const scalars = { scale: tf.scalar(0.5), learningRate: tf.scalar(0.01), step: tf.scalar(step) }
          const vectors = { parameters: tf.tensor1d(parameters), gradient: tf.tensor1d(gradient) }
          const expected = fusedAdam({ ...vectors, m: tf.tensor1d(m), v: tf.tensor1d(v), ...scalars }, settings)
          for (const name of ['parameters', 'm', 'v'] as const) {
            const host = (data: Float32Array) => ({ [name]: floats(data, [size]) })
            const given = host(expected[name].dataSync() as Float32Array)
            expect(worstDifference(given, host(memory[name]))).toBeLessThan(1e-5)
          }
        })
      }),
    )
  })

  it('gives equal numbers equal bytes at every position', () => {
    const memory = new AdamMemory(11)
    const vectors = [memory.parameters, memory.gradient, memory.m, memory.v]
    for (const [index, vector] of vectors.entries()) vector.fill(0.1 + index / 7)
    for (let step = 1; step < 20; step++) memory.update(settings, 0.3, 0.01, step)
    for (const vector of vectors) expect(new Set(vector).size).toBe(1)
  })
})

// One slice has its own port, one gradient is missing (zero), and one occurs twice.
const pieces = [8192, 40, 40, 9000, 40]
const size = pieces.reduce((sum, piece) => sum + piece, 0)
const start = {
  params: floats(normal(1, size), [size]),
  m: floats(normal(2, size), [size]),
  v: floats(
    normal(3, size).map((x) => x * x),
    [size],
  ),
}
const inputs = (id = 1, step = 1) => ({
  ids: ints([id, 3], [2]),
  learningRate: floats([0.01], []),
  step: floats([step], []),
})

function loss(flat: Tensor1D, ids: Tensor1D): Scalar {
  const [table, a, b, , c] = tf.split(flat, pieces) as [Tensor1D, Tensor1D, Tensor1D, Tensor1D, Tensor1D]
  const rows = tf.gather(tf.reshape(table, [64, 128]), ids)
  return tf.add(tf.sum(tf.square(tf.sin(rows))), tf.sum(tf.mul(tf.add(a, b), tf.exp(c))))
}

/** One clipped step of Adam over a vector that is cut up and joined again. */
const learn: PureFunction = (state, given) => {
  const flat = vector(state, 'params')
  const ids = vector(given, 'ids')
  const parts = tf.split(flat, pieces) as Tensor1D[]
  const gradients = tf.grads((...of) => loss(tf.concat(of as Tensor1D[]), ids))(parts) as Tensor1D[]
  const [table, a, b, , c] = gradients.map((gradient) => tf.clone(gradient)) as [
    Tensor1D,
    Tensor1D,
    Tensor1D,
    Tensor1D,
    Tensor1D,
  ]
  const gradient = tf.concat([tf.reshape(tf.reshape(table, [64, 128]), [8192]), a, b, tf.zeros([9000]), c]) as Tensor1D
  const norm = tf.sqrt(tf.sum(tf.square(gradient)))
  const vectors = { parameters: flat, gradient, m: vector(state, 'm'), v: vector(state, 'v') }
  const scalars = { learningRate: scalar(given, 'learningRate'), step: scalar(given, 'step') }
  const scale = tf.minimum<Scalar>(tf.div(2, norm), 1)
  const { parameters, m, v } = fusedAdam({ ...vectors, ...scalars, scale }, settings)
  return { state: { params: parameters, m, v }, outputs: { norm, first: tf.slice(flat, [0], [3]) } }
}

async function steps(engine: Engine, count: number, interruptedAt = -1): Promise<Tree<HostTensor>> {
  const executable = await engine.compile('learn', learn, { state: specsOf(start), inputs: specsOf(inputs()) })
  let state = engine.createState(start)
  for (let step = 1; step <= count; step++) {
    await executable.run(state, inputs(step, step))
    if (step !== interruptedAt) continue
    const kept = await state.read()
    state.dispose()
    state = engine.createState(start)
    state.write(kept)
  }
  const read = await state.read()
  state.dispose()
  await executable.dispose()
  return read
}

describe('an update at the end of a graph', () => {
  const signature = { state: specsOf(start), inputs: specsOf(inputs()) }

  it('leaves the graph; parameters and gradients are views of memory', () => {
    const { updates, views, targets, changedState } = compileProgram('learn', learn, signature, { threads: 1 })
    expect(updates).toMatchObject([
      {
        ...{ parameters: 'params', m: 'm', v: 'v', size },
        ...{ scale: { output: 'update/params/scale' }, learningRate: { input: 'learningRate' }, settings },
      },
    ])
    expect(changedState).toEqual([])
    const places = (of: typeof views) => of.map(({ of, offset, shape }) => [of, offset, shape])
    const gradient = 'update/params/gradient'
    expect(places(views)).toEqual(
      expect.arrayContaining([
        ['state/params', 0, [64, 128]],
        ['state/params', 8192, [80]],
      ]),
    )
    expect(places(targets)).toEqual(
      expect.arrayContaining([
        [gradient, 0, [64, 128]],
        [gradient, 8192, [80]],
      ]),
    )
  })

  it('learns as TF.js does, within 1e-5 over 5 steps', async () => {
    const expected = await runOn('tfjs-cpu', learn, start, inputs(), 5)
    const actual = await runOn(compiled, learn, start, inputs(), 5)
    expect(worstDifference(expected.outputs, actual.outputs)).toBeLessThan(1e-5)
    expect(worstDifference(expected.state, actual.state)).toBeLessThan(1e-5)
  })

  it('gives the same bytes at one and two threads, interrupted, and from the cache', async () => {
    const expected = await steps(compiled, 4)
    const cacheDir = await mkdtemp(join(tmpdir(), 'seqlab-graphs-'))
    const two = await createEngine('compiled', { threads: 2, cacheDir })
    expect(await steps(two, 4)).toEqual(expected)
    expect(await steps(compiled, 4, 2)).toEqual(expected)
    expect(await steps(two, 4, 3)).toEqual(expected)
    await two.dispose()
    await rm(cacheDir, { recursive: true })
  })

  it('does not happen when the run fails: the state is what it was', async () => {
    const executable = await compiled.compile('learn', learn, signature)
    const state = compiled.createState(start)
    await executable.run(state, inputs(1, 1))
    const before = await state.read()
    await expect(executable.run(state, inputs(64, 2))).rejects.toThrow('Running learn failed')
    expect(await state.read()).toEqual(before)
    await executable.run(state, inputs(1, 2))
    expect(await state.read()).not.toEqual(before)
    await executable.dispose()
  })

  it('stays in the graph where something follows it', async () => {
    const more: PureFunction = (state, given) => {
      const { state: next = {}, outputs } = learn(state, given)
      return { state: { ...next, m: tf.mul(leaf(next, 'm'), 0.5) }, outputs }
    }
    expect(compileProgram('more', more, signature, { threads: 1 })).toMatchObject({
      updates: [],
      changedState: ['params', 'm', 'v'],
    })
    const expected = await runOn('tfjs-cpu', more, start, inputs(), 3)
    const actual = await runOn(compiled, more, start, inputs(), 3)
    expect(worstDifference(expected.state, actual.state)).toBeLessThan(1e-5)
  })

  it('shares a state with functions that read it or replace it', async () => {
    const double: PureFunction = (state) => ({ state: { params: tf.mul(leaf(state, 'params'), 2) }, outputs: {} })
    const read: PureFunction = (state) => ({ outputs: { sum: tf.sum(leaf(state, 'params')) } })
    const only = { state: { params: { dtype: 'float32', shape: [size] } as const }, inputs: {} }
    const run = async (engine: Engine) => {
      const [learning, doubling, reading] = [
        await engine.compile('learn', learn, signature),
        await engine.compile('double', double, only),
        await engine.compile('read', read, only),
      ]
      const state = engine.createState(start)
      const sums: Tree<HostTensor> = {}
      for (const step of [1, 2, 3]) {
        await learning.run(state, inputs(1, step))
        await doubling.run(state, {})
        Object.assign(sums, { [step]: (await reading.run(state, {})).sum })
      }
      const values = await state.read()
      for (const one of [learning, doubling, reading]) await one.dispose()
      return { ...values, sums }
    }
    const reference = await createEngine('tfjs-cpu', options)
    expect(worstDifference(await run(reference), await run(compiled))).toBeLessThan(1e-4)
    await reference.dispose()
  })

  it('reports its memory, and lets go of it with the state', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const executable = await compiled.compile('learn', learn, signature)
    const state = compiled.createState(start) as CompiledState
    expect(state.bytes).toBe(12 * size)
    await executable.run(state, inputs())
    // Parameters, gradient and two moments once each, in whole pages of 64 KB.
    expect(state.bytes).toBe(2 ** 16 * Math.ceil((16 * size) / 2 ** 16))
    const memory = new WeakRef(state.front('params').buffer)
    state.dispose()
    expect(state.bytes).toBe(0)
    for (let tries = 0; tries < 20 && memory.deref() !== undefined; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      collect()
    }
    expect(memory.deref()).toBeUndefined()
    await executable.dispose()
  })
})
