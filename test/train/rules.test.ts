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

test('a schedule by a name that says that it changes does', () => {
  const of = (schedule: TrainOptions['schedule'], more: Partial<TrainOptions> = { steps: 8 }) =>
    trainProblems(trainOptions({ schedule, ...more }), transduce)
  expect(of({ type: 'inverse-square-root', from: 7 })).toEqual([])
  expect(of({ type: 'inverse-square-root', from: 4000 })).toEqual([
    {
      path: 'train.schedule.from',
      message: 'the learning rate would never decay: that starts at step 4000, and training ends after 8',
      expected: 'less than 8',
      received: '4000',
    },
  ])
  expect(of({ type: 'inverse-square-root', from: 8 }).map(({ path }) => path)).toEqual(['train.schedule.from'])
  // How many steps epochs are is not known from the spec alone.
  expect(of({ type: 'inverse-square-root', from: 4000 }, { epochs: 2 })).toEqual([])
  expect(of({ type: 'step', every: 4000, factor: 0.5 }, { epochs: 2 })).toEqual([])
  expect(of({ type: 'cosine', floor: 0.99 })).toEqual([])
  expect(of({ type: 'step', every: 2, factor: 0.99 })).toEqual([])
  const expected = 'below 1, or train.schedule: constant'
  for (const counted of [{ steps: 8 }, { epochs: 2 }]) {
    expect(of({ type: 'cosine', floor: 1 }, counted)).toMatchObject([{ path: 'train.schedule.floor', expected }])
    expect(of({ type: 'step', every: 2, factor: 1 }, counted)).toMatchObject([
      { path: 'train.schedule.factor', expected },
    ])
  }
  // What a model was trained by had no effect, and does no harm.
  expect(trainProblems(trainOptions({ steps: 8, schedule: { type: 'cosine', floor: 1 } }), transduce, true)).toEqual([])
})

test('teacher forcing that is linear changes', () => {
  const linear = (from: number, to: number) =>
    trainProblems(trainOptions({ steps: 8, teacherForcing: { type: 'linear', from, to } }), transduce)
  expect([linear(1, 0.5), linear(0, 1)]).toEqual([[], []])
  expect(linear(1, 1)).toEqual([
    {
      path: 'train.teacherForcing.to',
      message: 'the probability would never change: it is 1 at the first step and at the last one',
      expected: 'another number, or train.teacherForcing: always',
      received: '1',
      hint: 'A fixed probability is { type: ratio, ratio: 1 }.',
    },
  ])
  expect(linear(0.5, 0.5)).toMatchObject([{ expected: 'another number', received: '0.5' }])
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
