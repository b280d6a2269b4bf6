import { describe, expect, it } from 'vitest'
import { type Tensor2D, tf } from '../../../src/core/tf.js'
import { leaves } from '../../../src/core/tree.js'
import { units } from '../../../src/model/axes.js'
import type { CellChoice } from '../../../src/model/cells/index.js'
import { buildBridge } from '../../../src/model/decoder/bridge.js'
import { decoderCells } from '../../../src/model/decoder/stack.js'
import type { LayerState } from '../../../src/model/encoder/types.js'
import type { Matrices } from '../../../src/model/gradients/types.js'
import { initialise } from '../../../src/model/initialise.js'
import { decoderOptions } from '../../support/options.js'
import { numbers, upload } from '../../support/tensors.js'

const gru = { type: 'gru', reset: 'after' } as const
const lstm = { type: 'lstm', forgetBias: 1 } as const
const aaren = { type: 'aaren' } as const
type Layer = { readonly cell: string; readonly hidden: number; readonly direction: 'forward' | 'backward' }
const layer = (cell: string, hidden: number, direction: Layer['direction'] = 'forward'): Layer => ({
  cell,
  hidden,
  direction,
})

const C = tf.tensor2d([[0.1, -0.2]])
const stateOf: Readonly<Record<string, Matrices>> = {
  gru: { h: tf.tensor2d([[0.3, 0.4]]) },
  lstm: { h: tf.tensor2d([[0.3, 0.4]]), c: tf.tensor2d([[5, 6]]) },
  aaren: { a: tf.tensor2d([[0.5, 0.6]]), c: tf.tensor2d([[2]]), m: tf.tensor2d([[1]]) },
}

/** What a decoder of two numbers starts from: each layer's states as numbers, and the paths of learned maps. */
function start(
  cell: CellChoice,
  encoder: readonly (readonly Layer[])[],
  more: { layers?: number; bridge?: 'automatic' | 'dense' | 'none'; from?: 'last-state' | 'transform' } = {},
) {
  const { from = 'last-state', ...options } = more
  const decoder = decoderOptions({ cell, hidden: 2, ...options })
  const cells = decoderCells(decoder, units('E', 1))
  const bridge = buildBridge(decoder, from, units('C', 2), { layers: encoder }, cells)
  const params = upload(initialise(bridge.parameters, 1))
  const layers = encoder.map((directions) =>
    directions.map((each): LayerState => ({ ...each, state: stateOf[each.cell] ?? {} })),
  )
  const encoded = { outputs: tf.zeros([1, 1, 2]) as never, mask: tf.ones([1, 1]) as Tensor2D, last: C, layers }
  const { state } = bridge.start(params, C, encoded)
  return {
    states: Object.fromEntries(leaves(state).map(([path, value]) => [path, numbers(value)])),
    learned: Object.keys(Object.fromEntries(leaves(bridge.parameters))).filter((path) => path.endsWith('kernel')),
  }
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5))

describe('the bridge', () => {
  it.each([
    [gru, { 'layer1/h': [0.3, 0.4] }],
    [lstm, { 'layer1/h': [0.3, 0.4], 'layer1/c': [5, 6] }],
    [aaren, { 'layer1/a': [0.5, 0.6], 'layer1/c': [2], 'layer1/m': [1] }],
  ])('copies the final state where cell, size and layers agree: %o', (cell, expected) => {
    for (const bridge of ['automatic', 'none'] as const) {
      const { states, learned } = start(cell, [[layer(cell.type, 2)]], { bridge })
      expect(learned).toEqual([])
      for (const [path, values] of Object.entries(expected)) expect(states[path]).toEqual(close(values))
    }
  })

  it.each([
    ['of another cell', [[layer('lstm', 2)]]],
    ['of another size', [[layer('gru', 3)]]],
    ['in two directions', [[layer('gru', 2), layer('gru', 2, 'backward')]]],
    ['of more layers', [[layer('gru', 2)], [layer('gru', 2)]]],
  ])('maps C where the encoder is %s', (_, encoder) => {
    expect(start(gru, encoder).learned).toEqual(['layer1/h/kernel'])
  })

  it('maps C to each of two layers where the encoder has one', () => {
    expect(start(gru, [[layer('gru', 2)]], { layers: 2 }).learned).toEqual(['layer1/h/kernel', 'layer2/h/kernel'])
  })

  it("maps C to lstm's h and c, each by a map of its own, when the encoder has no c", () => {
    const { states, learned } = start(lstm, [[layer('gru', 2)]])
    expect(learned).toEqual(['layer1/h/kernel', 'layer1/c/kernel'])
    expect(states['layer1/h']).not.toEqual(states['layer1/c'])
  })

  it('maps C to a of aaren, whose c is 1 and m is 0', () => {
    const { states, learned } = start(aaren, [[layer('gru', 2)]])
    expect(learned).toEqual(['layer1/a/kernel'])
    expect([states['layer1/c'], states['layer1/m']]).toEqual([[1], [0]])
  })

  it('always maps when dense', () => {
    expect(start(gru, [[layer('gru', 2)]], { bridge: 'dense' }).learned).toEqual(['layer1/h/kernel'])
  })

  it('takes a transformed C of the right size as it is; c of lstm is mapped, or zero without a bridge', () => {
    const automatic = start(lstm, [[layer('lstm', 2)]], { from: 'transform' })
    expect(automatic.states['layer1/h']).toEqual(close([0.1, -0.2]))
    expect(automatic.learned).toEqual(['layer1/c/kernel'])
    const none = start(lstm, [[layer('lstm', 2)]], { from: 'transform', bridge: 'none' })
    expect(none.learned).toEqual([])
    expect(none.states['layer1/h']).toEqual(close([0.1, -0.2]))
    expect(none.states['layer1/c']).toEqual([0, 0])
  })
})
