import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { matrix } from '../../src/core/ops.js'
import { randomStream } from '../../src/core/random.js'
import { floats, type HostTensor, zeros } from '../../src/core/tensors.js'
import { type Tensor2D, type Tensor3D, tf } from '../../src/core/tf.js'
import { leaf, leaves, mapTree, subtree, type Tree } from '../../src/core/tree.js'
import { exportFunction } from '../../src/engine/compiled/export.js'
import { units } from '../../src/model/axes.js'
import { type CellChoice, cells } from '../../src/model/cells/index.js'
import { type Cell, shownOf } from '../../src/model/cells/types.js'
import { buildStack } from '../../src/model/decoder/stack.js'
import { runLayer } from '../../src/model/encoder/layer.js'
import { initialise } from '../../src/model/initialise.js'
import { DecoderOptions } from '../../src/model/options.js'
import { startState } from '../../src/model/start.js'
import { type Activity, activityLog } from '../../src/playground/activity.js'
import { interpreted, neverTraced, runFunctions } from '../../src/playground/functions.js'
import { specsOf } from '../engine/helpers.js'
import { everyCell } from '../support/every-cell.js'

const [input, hidden, steps] = [3, 4, 5]
const random = randomStream(18, 'test')
const xs = floats(Array.from({ length: steps * input }, random.normal), [1, steps, input])
const mask = floats(new Float32Array(steps).fill(1), [1, steps])

/** What the interpreter shows of a layer in its exported form. */
async function shownInPage(cell: Cell, params: Tree<HostTensor>, direction: 'forward' | 'backward') {
  const signatures = [2, 3, 4].map((size) => ({
    state: specsOf(params),
    inputs: {
      xs: { dtype: 'float32' as const, shape: [size + 9, size + 3, input] },
      mask: { dtype: 'float32' as const, shape: [size + 9, size + 3] },
    },
  }))
  const axes = { B: [11, 12, 13], S: [5, 6, 7] }
  const layer = exportFunction(
    'layer',
    (state, inputs) => {
      const own = subtree(state, 'encoder')
      const read = { xs: leaf(inputs, 'xs') as Tensor3D, mask: leaf(inputs, 'mask') as Tensor2D }
      const { outputs, last } = runLayer({ cell, params: own, untied: false, direction, initial: undefined, ...read })
      return { outputs: { outputs, last } }
    },
    signatures,
    axes,
    params,
  )
  const { activity, look } = activityLog()
  const session = interpreted(layer.model, () => new Float32Array(0))
  await session.run((port) => (port === 'xs' ? xs : mask), ['outputs'], look())
  return activity
}

/** The same by the cell itself, one step after the other. */
function computed(cell: Cell, params: Tree<HostTensor>, direction: 'forward' | 'backward') {
  const own = mapTree(params, ({ data, shape }) => tf.tensor(data, [...shape]))
  const found = new Map<string, number[][]>()
  let state = startState(cell, 1)
  const order = Array.from({ length: steps }, (_, at) => (direction === 'forward' ? at : steps - 1 - at))
  for (const at of order) {
    const x = tf.tensor2d(xs.data.subarray(at * input, (at + 1) * input), [1, input])
    const step = cell.step(own, cell.project(own, x), state)
    state = step.state
    for (const [name, value] of Object.entries(shownOf(cell, step))) {
      const values = found.get(name) ?? []
      values[at] = Array.from(value.dataSync())
      found.set(name, values)
    }
  }
  return found
}

const build = (choice: CellChoice) => cells.build(choice, { input: units('I', input), hidden: units('H', hidden) })

/** Every number of `expected`, at its place in what is found under the names that begin with `place`. */
function agree(found: Activity, expected: Activity, place: string): void {
  for (const [name, rows] of expected) {
    rows.forEach((row, step) => {
      row.forEach((value, unit) => {
        expect(found.get(`${place}/${name}`)?.[step]?.[unit], `${name}, step ${step}`).toBeCloseTo(value, 4)
      })
    })
  }
}

describe.each(everyCell)('a layer of %s in a page', (_, choice) => {
  it.each(['forward', 'backward'] as const)('shows, %s, what its steps compute', async (direction) => {
    const cell = build(choice)
    const params = initialise({ encoder: cell.parameters }, 3)
    const expected = computed(cell, subtree(params, 'encoder'), direction)
    const found = await shownInPage(cell, params, direction)
    expect([...found.keys()].sort()).toEqual([...expected.keys()].map((name) => `encoder/${name}`).sort())
    agree(found, expected, 'encoder')
  })
})

/** What the interpreter shows of a decoder's stack, step by step. */
async function shownOfDecoder(choice: CellChoice): Promise<{ found: Activity; params: Tree<HostTensor> }> {
  const written = { cell: choice, hidden, receives: 'initial-state', initialiser: { type: 'standard' } }
  const options = Value.Default(DecoderOptions, { ...written, initialState: 'zero' }) as DecoderOptions
  const stack = buildStack(options, units('I', input))
  const [cell = build(choice)] = stack.layers.map((layer) => layer.cell)
  const params = initialise({ decoder: { stack: stack.parameters } }, 3)
  const shapes = Object.entries(cell.state).map(([name, { size }]) => [name, size] as const)
  const state = (rows: number) => ({
    layer1: Object.fromEntries(shapes.map(([name, size]) => [name, zeros({ dtype: 'float32', shape: [rows, size] })])),
  })
  const signatures = [11, 13, 17].map((rows) => ({
    state: specsOf(params),
    inputs: specsOf({ x: zeros({ dtype: 'float32', shape: [rows, input] }), state: state(rows) }),
  }))
  const step = exportFunction(
    'step',
    (weights, inputs) => {
      const own = subtree(subtree(weights, 'decoder'), 'stack')
      const projected = cell.project(subtree(own, 'layer1'), matrix(inputs, 'x'))
      const { output, state: next } = stack.step(own, projected, subtree(inputs, 'state'), {})
      return { outputs: { output, state: next } }
    },
    signatures,
    { N: [11, 13, 17] },
    params,
  )
  const session = interpreted(step.model, () => new Float32Array(0))
  const { watched } = runFunctions(new Map([['step', step]]), () => session)
  const { activity, look } = activityLog()
  let before: Tree<HostTensor> = mapTree(state(1), ({ shape }, path) =>
    floats([...new Float32Array(shape[1] ?? 0).fill(cell.initialState?.[path.split('/')[1] ?? ''] ?? 0)], shape),
  )
  for (let at = 0; at < steps; at++) {
    const x = floats(Array.from(xs.data.subarray(at * input, (at + 1) * input)), [1, input])
    const outputs = await watched(look(at))('step', neverTraced, { x, state: before })
    before = subtree(outputs, 'state')
    for (const [path, value] of leaves(before)) look(at)(`decoder/stack/${path}`, value)
  }
  return { found: activity, params }
}

describe.each(everyCell)('a decoder of %s in a page', (_, choice) => {
  it('shows the gates of its steps next to its states', async () => {
    const { found, params } = await shownOfDecoder(choice)
    const own = subtree(subtree(subtree(params, 'decoder'), 'stack'), 'layer1')
    agree(found, computed(build(choice), own, 'forward'), 'decoder/stack/layer1')
  })
})

it.each([
  ['gru', ['h', 'n', 'r', 'z']],
  ['lstm', ['c', 'f', 'g', 'h', 'i', 'o']],
  ['sru', ['c', 'f', 'r']],
  ['elman', ['h']],
])('shows of a cell %s %j', async (name, shown) => {
  const [, choice] = everyCell.find(([cell]) => cell === name) ?? []
  if (choice === undefined) throw new RangeError(name)
  const cell = build(choice)
  expect([...(await shownInPage(cell, initialise({ encoder: cell.parameters }, 3), 'forward')).keys()].sort()).toEqual(
    shown.map((each) => `encoder/${each}`),
  )
})
