import { expect, test } from 'vitest'
import { alignEdits, editsOf } from '../../../src/report/analysis/edits.js'

test('an insertion has no reference and a deletion no prediction, not even one that is undefined', () => {
  expect(alignEdits(['a', 'b'], ['b'])).toStrictEqual([
    { kind: 'delete', reference: 'a' },
    { kind: 'match', reference: 'b', predicted: 'b' },
  ])
  expect(editsOf('labels', { references: [['a']], hypothesis: ['a', 'b'] })).toStrictEqual([
    { kind: 'match', reference: 'a', predicted: 'a' },
    { kind: 'insert', predicted: 'b' },
  ])
})
