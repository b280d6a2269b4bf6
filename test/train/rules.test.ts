import { expect, test } from 'vitest'
import { tasks } from '../../src/task/index.js'
import type { TrainOptions } from '../../src/train/options.js'
import { nameMatcher, refuseUnmatched } from '../../src/train/parameter-patterns.js'
import { trainProblems } from '../../src/train/rules.js'
import { trainOptions } from '../support/options.js'

const { transduce, tag, forecast } = tasks.parts
const paths = (more: Partial<TrainOptions>, task: Parameters<typeof trainProblems>[2] = transduce) =>
  trainProblems(trainOptions({ steps: 5, ...more }), ['ser', 'cer'], task).map(({ path }) => path)

test('what train must not combine', () => {
  expect(paths({})).toEqual([])
  expect(paths({ epochs: 3 })).toEqual(['train'])
  expect(trainProblems(trainOptions(), [], transduce).map(({ path }) => path)).toEqual(['train'])
  expect(paths({ validate: { every: 1, select: 'cer' } })).toEqual([])
  expect(paths({ validate: { every: 1, select: 'loss' } })).toEqual([])
  expect(paths({ validate: { every: 1, select: 'bleu' } })).toEqual(['train.validate.select'])
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
