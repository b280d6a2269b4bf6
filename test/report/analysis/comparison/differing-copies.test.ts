import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { undefinedBecause } from '../../../../src/core/measured.js'
import { mergeCopies } from '../../../../src/report/analysis/comparison/copies.js'
import type { FoundTrial } from '../../../../src/report/analysis/comparison/read-trial.js'
import { type FoundOptions, foundTrial } from '../../found.js'

/** The trial `t` in a folder, with the digest of its curves' lines. */
const copy = (folder: string, record: FoundOptions['record'] = {}, metrics = ''): FoundTrial => ({
  ...foundTrial({ record: { trialId: 't', ...record } }),
  ...{ directory: resolve(folder), evaluation: 'final', lines: { metrics, predictions: '' } },
})
const differenceOf = (...trials: readonly FoundTrial[]) => mergeCopies(trials).copies[0]?.difference

test('a metric that one of the copies lacks is a difference', () => {
  const none = undefinedBecause('no token')
  const has = { metrics: { test: { per: none } } }
  const lacks = { metrics: { test: {} } }
  expect(differenceOf(copy('a', has), copy('b', lacks))).toBe(
    'test per is {"value":null,"reason":"no token"} in a and absent in b',
  )
  expect(differenceOf(copy('a', lacks), copy('b', has))).toBe(
    'test per is absent in a and {"value":null,"reason":"no token"} in b',
  )
})

test('lines that differ are named by the first twelve digits of both digests', () => {
  const digest = '0123456789abcdef'
  const other = [...digest].toReversed().join('')
  expect(differenceOf(copy('a', {}, digest), copy('b', {}, other))).toBe(
    'sha-256 of metrics.jsonl is 0123456789ab in a and fedcba987654 in b',
  )
})

test('what else differs between the copies is said, also what one of them alone has', () => {
  const has = { engine: 'onnx', versions: { seqlab: '1', node: '22' }, stepsDone: 10 }
  const lacks = { engine: 'onnx', versions: { seqlab: '1' }, stepsDone: 7 }
  expect(differenceOf(copy('a', has), copy('b', lacks))).toBe(
    'number of steps is 10 in a and 7 in b (node: 22 and none)',
  )
  expect(differenceOf(copy('a', lacks), copy('b', has))).toBe(
    'number of steps is 7 in a and 10 in b (node: none and 22)',
  )
})
