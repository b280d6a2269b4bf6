import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import type { Tree } from '../../../src/core/tree.js'
import type { AttentionChoice } from '../../../src/model/context/index.js'
import { buildAttention } from '../../../src/model/decoder/attention.js'
import { attentionOptions, scorerSizes } from '../../support/options.js'
import { numbers } from '../../support/tensors.js'

/** Written by make_pytorch_attention_goldens.py; matrices row by row. */
interface Goldens {
  readonly sizes: {
    readonly batch: number
    readonly target: number
    readonly source: number
    readonly numbers: number
    readonly heads: number
  }
  readonly lengths: number[]
  readonly query: number[]
  readonly value: number[]
  readonly scaledDot: { readonly context: number[] }
  readonly multiHead: Readonly<Record<'queryKernel' | 'keyKernel' | 'valueKernel' | 'context' | 'alignment', number[]>>
}

const goldens: Goldens = JSON.parse(
  readFileSync(new URL('../../goldens/pytorch-attention.json', import.meta.url), 'utf8'),
)
const { batch, target, source, numbers: size, heads } = goldens.sizes
const queries = tf.unstack(tf.tensor3d(goldens.query, [batch, target, size]), 1) as Tensor2D[]
const mask = tf.tensor2d(
  goldens.lengths.map((length) => Array.from({ length: source }, (_, s) => (s < length ? 1 : 0))),
)
const outputs = tf.mul(tf.tensor3d(goldens.value, [batch, source, size]), tf.expandDims(mask, 2)) as Tensor3D

/** Contexts and alignments of all queries, in PyTorch's order: [B,T,...]. */
function attend(choice: AttentionChoice, params: Tree<Tensor>) {
  const attention = buildAttention(choice, scorerSizes(size, size))
  const memory = attention.memory(params, { outputs, mask })
  const steps = queries.map((query) => attention.step(params, query, memory, attention.initialState(memory)))
  const together = (of: (step: (typeof steps)[number]) => Tensor) => numbers(tf.stack(steps.map(of), 1))
  return { context: together(({ context }) => context), alignment: together(({ alignment }) => alignment) }
}

describe('attention as PyTorch computes it', () => {
  it('scaled-dot', () => {
    expectClose(attend(attentionOptions({ scorer: { type: 'scaled-dot' } }), {}).context, goldens.scaledDot.context)
  })

  it('multi-head-dot, with the mean alignment over heads', () => {
    const kernel = (name: 'queryKernel' | 'keyKernel' | 'valueKernel') =>
      tf.tensor2d(goldens.multiHead[name], [size, size])
    const params = {
      queryKernel: kernel('queryKernel'),
      keyKernel: kernel('keyKernel'),
      valueKernel: kernel('valueKernel'),
    }
    const found = attend(attentionOptions({ scorer: { type: 'multi-head-dot', heads } }), params)
    expectClose(found.context, goldens.multiHead.context)
    expectClose(found.alignment, goldens.multiHead.alignment)
  })
})

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 5)
}
