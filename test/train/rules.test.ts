import { expect, test } from 'vitest'
import { tasks } from '../../src/task/index.js'
import type { TrainOptions } from '../../src/train/options.js'
import { nameMatcher, refuseUnmatched } from '../../src/train/parameter-patterns.js'
import { trainProblems } from '../../src/train/rules.js'
import { greedy, trainOptions } from '../support/options.js'

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
