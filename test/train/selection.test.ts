import { expect, test } from 'vitest'
import { undefinedBecause } from '../../src/core/measured.js'
import { selectCheckpoint } from '../../src/train/loop/select-checkpoint.js'
import { validationMetrics } from '../../src/train/select-choices.js'
import { type Costs, compareCosts, costsOf } from '../../src/train/selection.js'
import type { TrainState } from '../../src/train/types.js'
import { greedy, trainOptions } from '../support/options.js'

const start: TrainState = {
  ...{ step: 0, params: {}, optimizer: {}, carry: {}, seed: 1, cursor: { epoch: 0, batch: 0 } },
  schedule: { validation: [] },
  selection: { best: null, bestStep: 0, bestParams: null, sinceImproved: 0 },
  window: { nats: 0, tokens: 0 },
}

/** Best step and validations since the first criterion improved, after each of these validations. */
function selected(...validations: readonly Costs[]): (readonly [bestStep: number, sinceImproved: number])[] {
  let state = start
  return validations.map((costs, at) => {
    state = selectCheckpoint({ ...state, step: at + 1 }, costs)
    return [state.selection.bestStep, state.selection.sinceImproved]
  })
}

test('the first criterion decides, whatever the others are', () => {
  expect(selected([0.5, 9], [0.4, 10], [0.6, 1])).toEqual([
    [1, 0],
    [2, 0],
    [2, 1],
  ])
})

test('a tie goes to the next criterion, then to the dev loss, then to the earlier step, and never resets patience', () => {
  // Exact match 0 all along; SER 83.5 %, then 73.2 %, then 73.2 % with a lower loss, then the same again.
  expect(selected([0, 0.835, 2], [0, 0.732, 2.5], [0, 0.732, 2.4], [0, 0.732, 2.4])).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
    [3, 3],
  ])
})

test('what is undefined never wins over a number, and a checkpoint without any number is never the best', () => {
  expect(selected([null, null], [null, 3], [null, 2], [0.9, 5], [null, 1])).toEqual([
    [0, 0],
    [2, 0],
    [3, 0],
    [4, 0],
    [4, 0],
  ])
  expect(compareCosts([null], [null])).toBe(0)
})

test('an undefined value of the first criterion counts neither for nor against patience', () => {
  expect(selected([0.5, 2], [null, 1], [0.6, 3], [null, 0.1], [null, 0.1], [0.7, 3], [0.4, 9])).toEqual([
    [1, 0],
    [1, 0],
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 2],
    [7, 0],
  ])
})

test('a list in which a later criterion is undefined goes on to the next one', () => {
  expect(selected([0.5, null, 3], [0.5, null, 2], [0.5, 0.9, 9], [0.5, null, 1])).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
    [3, 3],
  ])
})

test('schedules see the first criterion', () => {
  const state = selectCheckpoint(selectCheckpoint(start, [0.5, 1]), [null, 1])
  expect(state.schedule.validation).toEqual([0.5, null])
})

const perAndLoss = trainOptions({ validate: { every: 1, decode: greedy, select: [{ type: 'per' }, 'loss'] } })
const measured = { loss: 2, metrics: { ser: 0.25, 'exact-match': 0.5, per: 0.75 } }

test('costs: lower is better, the loss last; the first metric by default', () => {
  const metrics = [{ type: 'exact-match' }, { type: 'ser' }] as const
  expect(costsOf({ train: trainOptions(), metrics }, measured)).toEqual([-0.5, 2])
  expect(costsOf({ train: perAndLoss, metrics }, measured)).toEqual([0.75, 2, 2])
  const unknown = { loss: undefinedBecause('no token'), metrics: { per: undefinedBecause('no token') } }
  expect(costsOf({ train: perAndLoss, metrics }, unknown)).toEqual([null, null, null])
})

test('a validation computes what only selects as well, under a name of its own where options differ', () => {
  const metrics = [{ type: 'chrf', beta: 2, wordOrder: 0, lowercase: false }, { type: 'ser' }] as const
  const select = [{ type: 'chrf', beta: 1, wordOrder: 0, lowercase: false }, { type: 'per' }, { type: 'ser' }] as const
  const train = trainOptions({ validate: { every: 1, decode: greedy, select: [...select] } })
  expect(validationMetrics({ train, metrics }).map(({ name }) => name)).toEqual([
    ...['chrf', 'ser', 'chrf (selecting)', 'per'],
  ])
  const values = { loss: 2, metrics: { chrf: 0.1, ser: 0.3, 'chrf (selecting)': 0.2, per: 0.4 } }
  expect(costsOf({ train, metrics }, values)).toEqual([-0.2, 0.4, 0.3, 2])
})
