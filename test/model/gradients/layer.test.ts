import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { type Tensor, type Tensor3D, tf } from '../../../src/core/tf.js'
import { leaves, mapTree, subtree, type Tree } from '../../../src/core/tree.js'
import { units } from '../../../src/model/axes.js'
import { cells } from '../../../src/model/cells/index.js'
import type { Cell } from '../../../src/model/cells/types.js'
import { runLayer } from '../../../src/model/encoder/layer.js'
import type { Direction, LayerRun } from '../../../src/model/encoder/types.js'
import { initialise } from '../../../src/model/initialise.js'
import { startState, stateIn } from '../../../src/model/start.js'
import { everyCell } from '../../support/every-cell.js'
import { gradients, numbers, upload } from '../../support/tensors.js'

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
function weigh(run: LayerRun): Tensor {
  const parts = [run.outputs, run.last, ...leaves<Tensor>(run.state).map(([, leaf]) => leaf)]
  return tf.addN(parts.map((part, index) => tf.sum(tf.sin(tf.add(tf.mul(part, 1.3 + index), index)))))
}

const build = (choice: (typeof everyCell)[number][1], { input, hidden }: Sizes): Cell =>
  cells.build(choice, { input: units('I', input), hidden: units('H', hidden) })

/** What a layer is run on, as a tree: `params`, `xs`, and `start` where the first state is given. */
function inputs(cell: Cell, of: Sizes, started: boolean, seed: number) {
  const { xs, mask } = draw(of, seed)
  const params = upload(initialise(cell.parameters, seed))
  const start = mapTree<Tensor, Tensor>(startState(cell, of.batch), ({ shape }) => tf.fill(shape, 0.4))
  return { given: { params, xs, ...(started ? { start } : {}) }, mask }
}

function run(cell: Cell, tree: Tree<Tensor>, mask: ReturnType<typeof draw>['mask'], direction: Direction): LayerRun {
  const initial = tree.start === undefined ? undefined : stateIn(cell, subtree(tree, 'start'))
  const [params, xs] = [subtree(tree, 'params'), tree.xs as Tensor3D]
  return runLayer({ cell, params, untied: false, xs, mask, direction, initial })
}

const directions: readonly Direction[] = ['forward', 'backward']

describe.each(everyCell.filter(([, choice]) => build(choice, { batch: 1, steps: 1, input: 1, hidden: 1 }).backward))(
  'the handwritten gradient of %s',
  (_, choice) => {
    it.each(directions)('is that of autodiff, with equal values, within 1e-4 (%s)', (direction) => {
      fc.assert(
        fc.property(sizes, fc.boolean(), fc.integer({ min: 0, max: 2 ** 30 }), (of, started, seed) => {
          const cell = build(choice, of)
          const { backward, ...plain } = cell
          tf.tidy(() => {
            const { given, mask } = inputs(cell, of, started, seed)
            const expected = gradients(given, (tree) => weigh(run(plain, tree, mask, direction)))
            const actual = new Map(leaves(gradients(given, (tree) => weigh(run(cell, tree, mask, direction)))))
            close(run(plain, given, mask, direction).outputs, run(cell, given, mask, direction).outputs, 'outputs')
            for (const [path, gradient] of leaves(expected)) close(gradient, actual.get(path) as Tensor, path)
            expect(actual.size).toBe(leaves(expected).length)
          })
        }),
        { numRuns: 8 },
      )
    })
  },
)

describe.each(everyCell)('a layer of %s', (_, choice) => {
  // TF.js computes in float32: central differences with a step of 1e-2 are good to about three digits.
  it.each(directions)('has the gradient of its differences (%s)', (direction) => {
    const of = { batch: 2, steps: 3, input: 2, hidden: 3 }
    tf.tidy(() => {
      const cell = build(choice, of)
      const { given, mask } = inputs(cell, of, false, 7)
      const loss = (tree: Tree<Tensor>) => weigh(run(cell, tree, mask, direction))
      for (const [path, gradient] of leaves(gradients(given, loss))) {
        const along = tf.randomStandardNormal(gradient.shape, 'float32', 5)
        const at = (by: number) => {
          const moved = mapTree(given as Tree<Tensor>, (leaf, own) =>
            own === path ? tf.add(leaf, tf.mul(along, by)) : leaf,
          )
          return numbers(loss(moved))[0] as number
        }
        const difference = (at(1e-2) - at(-1e-2)) / 2e-2
        const expected = numbers(tf.sum(tf.mul(gradient, along)))[0] as number
        expect(Math.abs(difference - expected), path).toBeLessThan(5e-3 * Math.max(1, Math.abs(expected)))
      }
    })
  })
})

function close(expected: Tensor, actual: Tensor, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape)
  const other = numbers(actual)
  const worst = Math.max(0, ...numbers(expected).map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))))
  expect(worst, what).toBeLessThan(1e-4)
}
