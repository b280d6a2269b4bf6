import { expect, test } from 'vitest'
import { readStartingState } from '../../src/store/trial/starting-state.js'
import { tasks } from '../../src/task/index.js'
import type { TrainOptions } from '../../src/train/options.js'
import { nameMatcher, refuseUnmatched } from '../../src/train/parameter-patterns.js'
import { trialFindings } from '../../src/train/preflight.js'
import { trainProblems } from '../../src/train/rules.js'
import { greedy, trainOptions } from '../support/options.js'
import { reversals, toySettings } from './toy.js'

const { transduce, tag, forecast } = tasks.parts
const paths = (more: Partial<TrainOptions>, task: Parameters<typeof trainProblems>[1] = transduce) =>
  trainProblems(trainOptions({ steps: 5, ...more }), task).map(({ path }) => path)

test('what train must not combine', () => {
  expect(paths({})).toEqual([])
  expect(paths({ epochs: 3 })).toEqual(['train'])
  expect(trainProblems(trainOptions(), transduce).map(({ path }) => path)).toEqual(['train'])
  const selecting = (select: NonNullable<TrainOptions['validate']['select']>) =>
    paths({ validate: { every: 1, decode: greedy, select } })
  expect(selecting({ type: 'cer' })).toEqual([])
  expect(selecting('loss')).toEqual([])
  expect(selecting([{ type: 'exact-match' }, 'loss'])).toEqual([])
  expect(selecting({ type: 'mase' })).toEqual(['train.validate.select'])
  expect(selecting([{ type: 'ser' }, { type: 'mase' }, { type: 'ser' }])).toEqual([
    'train.validate.select.1',
    'train.validate.select.2',
  ])
})

test('the learning rate changes before training ends', () => {
  const step = (every: number) => trainOptions({ steps: 10, schedule: { type: 'step', every, factor: 0.5 } })
  expect(trainProblems(step(9), transduce)).toEqual([])
  const message = 'the learning rate would never change: it is reduced every 10 steps, and training ends after 10'
  expect(trainProblems(step(10), transduce)).toEqual([
    { path: 'train.schedule.every', message, expected: 'less than 10', received: '10' },
  ])
  expect(paths({ steps: 10, warmup: 9 })).toEqual([])
  expect(paths({ steps: 10, warmup: 10 })).toEqual(['train.warmup'])
})

test('what looks at validations needs a dev split', async () => {
  const none = { ...reversals(), dev: { ...reversals().dev, size: 0 } }
  const problems = async (train: Partial<TrainOptions>) => {
    const settings = { ...toySettings, train: trainOptions({ steps: 12, ...train }) }
    return (await trialFindings(settings, none, [1], readStartingState)).problems
  }
  const plateau = { schedule: { type: 'plateau', factor: 0.5, patience: 2 } } as const
  const problem = {
    message: 'this needs validation, and the dev split is empty',
    hint: 'Set data.split.dev above 0.',
  }
  expect(await problems({})).toEqual([])
  expect(await problems(plateau)).toEqual([{ path: 'train.schedule', ...problem }])
  expect(await problems({ ...plateau, validate: { every: 5, decode: greedy, patience: 3 } })).toEqual([
    { path: 'train.validate.patience', ...problem },
    { path: 'train.schedule', ...problem },
  ])
})

test('what a task cannot honour is refused, not ignored', () => {
  const half = { type: 'ratio', ratio: 0.5 } as const
  expect(paths({ labelSmoothing: 0.1, teacherForcing: half })).toEqual([])
  expect(paths({ labelSmoothing: 0.1, teacherForcing: half }, tag)).toEqual(['train.teacherForcing'])
  expect(paths({ labelSmoothing: 0.1 }, forecast)).toEqual(['train.labelSmoothing'])
  const init = { from: 'runs/a/b', parameters: ['encoder/*'], take: 'training' } as const
  expect(paths({ init: { ...init, parameters: [...init.parameters] } })).toEqual(['train.init.parameters'])
})

test('name patterns: `*` is anything, everything else is itself', () => {
  const matches = nameMatcher(['encoder/*/bias', 'head.kernel'])
  expect(['encoder/layer1/forward/bias', 'encoder/bias', 'head.kernel', 'headxkernel'].map(matches)).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect(() => refuseUnmatched(['a*', 'c'], 'train.freeze', ['ab'])).toThrow(
    /train\.freeze\.1: `c` matches no parameter/,
  )
})
