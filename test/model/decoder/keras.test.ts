import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import type { Tree } from '../../../src/core/tree.js'
import type { AttentionChoice } from '../../../src/model/context/index.js'
import { buildAttention } from '../../../src/model/decoder/attention.js'
import { attentionOptions, scorerSizes } from '../../support/options.js'
import { numbers } from '../../support/tensors.js'

/** Written by make_keras_goldens.py, which names the versions. */
interface Goldens {
  readonly query: number[][][]
  readonly value: number[][][]
  readonly mask: number[][]
  readonly scale: number[]
  readonly layers: Readonly<Record<string, { readonly context: number[][][]; readonly alignment: number[][][] }>>
}

const goldens: Goldens = JSON.parse(
  readFileSync(new URL('../../goldens/keras-attention.json', import.meta.url), 'utf8'),
)
const size = goldens.scale.length
const identity = tf.eye(size)

// Keras's additive layer compares queries and keys as they are: W_q and W_k are identities, and v is its scale.
const additive = { queryKernel: identity, keyKernel: identity, bias: tf.zeros([size]), v: tf.tensor1d(goldens.scale) }
const same: [layer: string, choice: AttentionChoice, params: Tree<Tensor>][] = [
  ['Attention', attentionOptions({ scorer: { type: 'dot' } }), {}],
  ['Attention scaled by 0.5', attentionOptions({ scorer: { type: 'dot' }, temperature: 2 }), {}],
  ['AdditiveAttention', attentionOptions({ scorer: { type: 'additive', size } }), additive],
]

describe.each(same)("Keras's %s", (layer, choice, params) => {
  const mask = tf.tensor2d(goldens.mask)
  const outputs = tf.mul(tf.tensor3d(goldens.value), tf.expandDims(mask, 2)) as Tensor3D
  const attention = buildAttention(choice, scorerSizes(size, size))
  const memory = attention.memory(params, { outputs, mask })

  it.each([0, 1, 2])('gives the same alignment and context for query %i', (t) => {
    const query = tf.tensor2d(goldens.query.map((steps) => steps[t] ?? [])) as Tensor2D
    const { alignment, context } = attention.step(params, query, memory, attention.initialState(memory))
    const golden = goldens.layers[layer]
    expectClose(numbers(alignment), golden?.alignment.flatMap((steps) => steps[t] ?? []) ?? [])
    expectClose(numbers(context), golden?.context.flatMap((steps) => steps[t] ?? []) ?? [])
  })
})

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 5)
}
