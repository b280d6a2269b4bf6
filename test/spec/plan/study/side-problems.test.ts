import { expect, test } from 'vitest'
import { sidesProblems } from '../../../../src/spec/plan/study/side-problems.js'
import type { ClaimSide, LoadedSpec } from '../../../../src/spec/types.js'
import { variantOf, withEncoder } from '../resolved.js'

const [cell, hidden] = ['model.encoder.cell', 'model.encoder.hidden']

function variant(type: string, size: number): LoadedSpec {
  const reset = type === 'gru' ? { reset: 'after' } : {}
  const spec = withEncoder({ cell: { type, ...reset }, hidden: size })
  return variantOf(`${type}-${size}`, { [cell]: type, [hidden]: size }, spec)
}

const [gru8, gru16, lstm8] = [variant('gru', 8), variant('gru', 16), variant('lstm', 8)]

const problemsOf = (left: ClaimSide, right: ClaimSide | number, specs: readonly LoadedSpec[] = [gru8, gru16, lstm8]) =>
  sidesProblems('claims.0', { left, right, metric: 'token-accuracy', relation: 'better' }, specs)

test('sides that can be compared', () => {
  expect(problemsOf('gru-8', 'lstm-8')).toEqual([])
  expect(problemsOf({ [cell]: 'gru' }, { [cell]: 'lstm' })).toEqual([])
  expect(problemsOf({ [hidden]: 16 }, { [hidden]: 8 })).toEqual([])
  expect(problemsOf({ 'train.batchSize': 2, [cell]: 'gru' }, { [cell]: 'lstm' })).toEqual([])
  expect(problemsOf({ [cell]: 'gru' }, 0.8)).toEqual([])
  expect(problemsOf('gru-9', 0.8).map(({ path }) => path)).toEqual(['claims.0.left'])
})

test('a label that no variant has, on each side', () => {
  const expected = '`gru-8`, `gru-16` or `lstm-8`'
  expect(problemsOf('gru-9', 'elman')).toEqual([
    {
      path: 'claims.0.left',
      message: 'there is no variant `gru-9`; did you mean `gru-8`?',
      expected,
      received: 'gru-9',
    },
    { path: 'claims.0.right', message: 'there is no variant `elman`', expected, received: 'elman' },
  ])
})

test('a setting that no variant has: the nearest, of those that vary and all others', () => {
  const misspelt = (path: string, specs?: readonly LoadedSpec[]) => problemsOf({ [path]: 1 }, { [cell]: 'lstm' }, specs)
  const expected = 'a path such as `model.encoder.cell` or `model.encoder.hidden`'
  const problem = { code: 'unknown-key', expected }
  expect(misspelt('model.encoder.cel')).toEqual([
    {
      ...problem,
      path: 'claims.0.left.model.encoder.cel',
      message: 'no variant has a setting `model.encoder.cel`; did you mean `model.encoder.cell`?',
    },
  ])
  expect(misspelt('train.batchsize')[0]?.message).toBe(
    'no variant has a setting `train.batchsize`; did you mean `train.batchSize`?',
  )
  expect(misspelt('x')[0]?.message).toBe('no variant has a setting `x`')
  const one = { ...gru8, variant: { [cell]: 'gru' } }
  expect(misspelt('x', [one])[0]?.expected).toBe('a path such as `model.encoder.cell`')
  const plain = { ...gru8, variant: {} }
  expect(misspelt('x', [plain]).map((each) => each.expected)).toEqual(['the path of a setting', '`gru(reset=after)`'])
})

test('a value that no variant has: the nearest, and all there are', () => {
  const [text, number, ...others] = problemsOf({ [cell]: 'lstn' }, { [hidden]: 9, [cell]: 'gru' })
  expect(text).toEqual({
    path: 'claims.0.left.model.encoder.cell',
    message: 'no variant has this value of `model.encoder.cell`; did you mean `lstm`?',
    expected: '`gru` or `lstm`',
    received: '"lstn"',
  })
  expect(number).toMatchObject({ path: 'claims.0.right.model.encoder.hidden', expected: '`8` or `16`', received: '9' })
  expect(others).toEqual([])
})

test('a setting that only some variants have is known', () => {
  const clipped = { ...gru8, variant: { ...gru8.variant, 'train.clipNorm': null }, label: 'unclipped' }
  expect(problemsOf({ 'train.clipNorm': null, [hidden]: 8 }, { [hidden]: 16 }, [clipped, gru16])).toEqual([])
})

test('settings that no variant has together', () => {
  expect(problemsOf({ [cell]: 'lstm', [hidden]: 16 }, { [cell]: 'gru' })).toEqual([
    {
      path: 'claims.0.left',
      message: 'no variant has all of `model.encoder.cell`, `model.encoder.hidden` as written here',
      expected: 'settings of `gru-8`, `gru-16` or `lstm-8`',
    },
  ])
})

test('the same variants on both sides', () => {
  const path = 'claims.0'
  expect(problemsOf('gru-8', 'gru-8')).toEqual([{ path, message: 'a variant is compared with itself' }])
  expect(problemsOf('gru-8', { [cell]: 'gru' })).toEqual([{ path, message: 'both sides have `gru-8`' }])
  expect(problemsOf({ [cell]: 'gru' }, { [cell]: 'gru' })).toEqual([
    { path, message: 'both sides have `gru-8`, `gru-16`' },
  ])
})

test('variants that no other setting connects', () => {
  expect(problemsOf({ [cell]: 'gru' }, { [cell]: 'lstm' }, [gru16, lstm8])).toEqual([
    {
      path: 'claims.0',
      message: 'no variant of gru has the same other settings as one of lstm, so nothing can be averaged over',
      hint: 'Name the settings in which they differ on both sides.',
    },
  ])
})
