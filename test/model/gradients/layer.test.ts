import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { type Tensor, type Tensor2D, type Tensor3D, tensor, tf } from '../../../src/core/tf.js'
import { leaves, mapTree, subtree, type Tree } from '../../../src/core/tree.js'
import { elman } from '../../../src/model/cells/elman.js'
import { gru } from '../../../src/model/cells/gru.js'
import { lstm } from '../../../src/model/cells/lstm.js'
import { runLayer } from '../../../src/model/encoder/layer.js'
import type { SizedCell } from '../../../src/model/encoder/types.js'
import { initialise } from '../../../src/model/initialise.js'
import type { Cell } from '../../../src/model/types.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

const kinds: readonly [string, Cell, object][] = [
  ['elman, tanh', elman, { activation: 'tanh' }],
  ['elman, relu', elman, { activation: 'relu' }],
  ['elman, identity', elman, { activation: 'identity' }],
  ['gru, reset after', gru, { reset: 'after' }],
  ['gru, reset before', gru, { reset: 'before' }],
  ['lstm', lstm, { forgetBias: 1 }],
]

interface Sizes {
  readonly batch: number
  readonly steps: number
  readonly input: number
  readonly hidden: number
}

const sizes = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  steps: fc.integer({ min: 1, max: 4 }),
  input: fc.integer({ min: 1, max: 3 }),
  hidden: fc.integer({ min: 1, max: 3 }),
})

function draw({ batch, steps, input }: Sizes, seed: number) {
  const random = randomStream(seed, 'test')
  const lengths = Array.from({ length: batch }, () => random.below(steps + 1))
  const mask = lengths.flatMap((length) => Array.from({ length: steps }, (_, t) => (t < length ? 1 : 0)))
  const xs = Array.from({ length: batch * steps * input }, random.normal)
  return { xs: tf.tensor(xs, [batch, steps, input]), mask: tf.tensor2d(mask, [batch, steps]) }
}

/** Everything that a layer gives, weighed by fixed numbers, so that each output has a gradient of its own. */
function weigh(run: { outputs: Tensor3D; last: Tensor2D; state: Tree<Tensor> }): Tensor {
  const parts = [run.outputs, run.last, ...leaves(run.state).map(([, leaf]) => leaf)]
  return tf.addN(parts.map((part, index) => tf.sum(tf.sin(tf.add(tf.mul(part, 1.3 + index), index)))))
}

describe.each(kinds)('the fast path of %s', (_, cell, options) => {
  it.each(['forward', 'backward'] as const)(
    'is the plain path, values and gradients, within 1e-4 (%s)',
    (direction) => {
      fc.assert(
        fc.property(sizes, fc.boolean(), fc.integer({ min: 0, max: 2 ** 30 }), (of, started, seed) => {
          const sized = (fast: boolean): SizedCell => {
            const { fast: path, ...plain } = cell
            return {
              cell: fast ? { ...plain, ...(path ? { fast: path } : {}) } : plain,
              options,
              sizes: of,
              untied: false,
            }
          }
          tf.tidy(() => {
            const { xs, mask } = draw(of, seed)
            const params = upload(initialise(cell.parameters(options, of), seed))
            const states = cell.stateSizes(options, of)
            const start = mapTree(states as Tree<number>, (size) => tf.fill([of.batch, size], 0.4))
            const given = { params, xs, ...(started ? { start } : {}) }
            const run = (tree: Tree<Tensor>, fast: boolean) => {
              const initial = started ? subtree(tree, 'start') : undefined
              return runLayer(
                sized(fast),
                subtree(tree, 'params'),
                tensor<Tensor3D>(tree, 'xs'),
                mask,
                initial,
                direction,
              )
            }
            const [plain, quick] = [
              gradients(given, (tree) => weigh(run(tree, false))),
              gradients(given, (tree) => weigh(run(tree, true))),
            ]
            close(run(given, false).outputs, run(given, true).outputs, 'outputs')
            const others = new Map(leaves(quick))
            for (const [path, gradient] of leaves(plain)) close(gradient, others.get(path) as Tensor, path)
          })
        }),
        { numRuns: 8 },
      )
    },
  )
})

function close(expected: Tensor, actual: Tensor, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape)
  const other = numbers(actual)
  const worst = Math.max(0, ...numbers(expected).map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))))
  expect(worst, what).toBeLessThan(1e-4)
}
