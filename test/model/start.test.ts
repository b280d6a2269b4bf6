import { describe, expect, it } from 'vitest'
import { type Tensor, type Tensor2D, tf } from '../../src/core/tf.js'
import type { Tree } from '../../src/core/tree.js'
import { units } from '../../src/model/axes.js'
import { type CellChoice, cells, hasState } from '../../src/model/cells/index.js'
import { initialise } from '../../src/model/initialise.js'
import { learnedState, startParameters } from '../../src/model/start.js'
import { everyChoice } from '../support/parts.js'
import { gradients, numbers, upload } from '../support/tensors.js'

const [B, I, H] = [2, 3, 4]
const recurrent = everyChoice<CellChoice>(cells)
  .map(([name, choice]) => ({ name, cell: cells.build(choice, { input: units('I', I), hidden: units('H', H) }) }))
  .filter(({ cell }) => hasState(cell))

describe.each(recurrent)('a learned first state of $name', ({ cell }) => {
  const params = upload(initialise(cell.parameters, 1))
  const learned: Tree<Tensor> = Object.fromEntries(
    Object.keys(startParameters(cell)).map((name, place) => [name, tf.range(1, 1 + H, 1).mul(0.1 * (place + 1))]),
  )
  const x = tf.tensor2d([0.1, -0.2, 0.3, 0.5, 0.4, -0.6], [B, I])
  const outputOf = (start: Tree<Tensor>) =>
    cell.step(params, cell.project(params, x), learnedState(cell, start, B)).output as Tensor2D

  it('is the same for every example, with each of its vectors as it was learned', () => {
    const state = learnedState(cell, learned, B)
    expect(Object.keys(state)).toEqual(Object.keys(cell.state))
    for (const [name, row] of Object.entries(learned)) {
      const values = numbers(row as Tensor)
      expect(numbers(state[name] as Tensor2D)).toEqual([...values, ...values])
    }
  })

  it('is seen by the first step, number by number', () => {
    const slopes = gradients(learned, (start) => tf.sum(tf.square(outputOf(start))))
    for (const [name, slope] of Object.entries(slopes)) {
      expect(
        numbers(slope as Tensor).every((value) => Number.isFinite(value) && value !== 0),
        name,
      ).toBe(true)
    }
  })
})
