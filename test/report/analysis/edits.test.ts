import fc from 'fast-check'
import { distance } from 'fastest-levenshtein'
import { describe, expect, it } from 'vitest'
import { alignEdits, editsOf, errorCount, nearestEdits } from '../../../src/report/analysis/edits.js'

const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 })

describe('alignEdits', () => {
  it('marks substitutions, insertions and deletions', () => {
    expect(alignEdits([...'kitten'], [...'sitting'])).toEqual([
      { kind: 'substitute', reference: 'k', predicted: 's' },
      { kind: 'match', reference: 'i', predicted: 'i' },
      { kind: 'match', reference: 't', predicted: 't' },
      { kind: 'match', reference: 't', predicted: 't' },
      { kind: 'substitute', reference: 'e', predicted: 'i' },
      { kind: 'match', reference: 'n', predicted: 'n' },
      { kind: 'insert', predicted: 'g' },
    ])
    expect(alignEdits(['a', 'b', 'c'], ['a', 'c'])).toEqual([
      { kind: 'match', reference: 'a', predicted: 'a' },
      { kind: 'delete', reference: 'b' },
      { kind: 'match', reference: 'c', predicted: 'c' },
    ])
  })

  it('has as few errors as the edit distance, and both sides whole', () => {
    fc.assert(
      fc.property(letters, letters, (reference, predicted) => {
        const edits = alignEdits(reference, predicted)
        expect(errorCount(edits)).toBe(distance(reference.join(''), predicted.join('')))
        expect(edits.flatMap((edit) => edit.reference ?? [])).toEqual(reference)
        expect(edits.flatMap((edit) => edit.predicted ?? [])).toEqual(predicted)
      }),
      { seed: 2 },
    )
  })
})

describe('nearestEdits', () => {
  it('takes the nearest of several references', () => {
    const edits = nearestEdits(
      [
        ['a', 'b', 'c'],
        ['a', 'x'],
        ['a', 'y'],
      ],
      ['a', 'y'],
    )
    expect(edits.map(({ kind }) => kind)).toEqual(['match', 'match'])
    expect(nearestEdits([], ['a'])).toEqual([])
  })

  it('takes the first of equally near ones', () => {
    const both = [
      ['a', 'b'],
      ['a', 'c'],
    ]
    expect(nearestEdits(both, ['a', 'd'])[1]).toEqual({ kind: 'substitute', reference: 'b', predicted: 'd' })
  })
})

describe('editsOf', () => {
  const kinds = (reference: string, hypothesis: string, kind: 'sequence' | 'labels' = 'labels') =>
    editsOf(kind, { references: [[...reference]], hypothesis: [...hypothesis] }).map((edit) => edit.kind)

  it('goes place by place where outputs are labels, and shifts sequences', () => {
    expect(kinds('AB', 'AB')).toEqual(['match', 'match'])
    expect(kinds('ABC', 'AX')).toEqual(['match', 'substitute', 'delete'])
    expect(kinds('A', 'AB')).toEqual(['match', 'insert'])
    expect(kinds('ABC', 'BC')).toEqual(['substitute', 'substitute', 'delete'])
    expect(kinds('ABC', 'BC', 'sequence')).toEqual(['delete', 'match', 'match'])
    expect(editsOf('label', { references: [['A']], hypothesis: ['B'] })).toEqual([
      { kind: 'substitute', reference: 'A', predicted: 'B' },
    ])
    expect(editsOf('labels', { references: [], hypothesis: ['B'] })).toEqual([{ kind: 'insert', predicted: 'B' }])
  })
})

it('a predicted <unk> matches nothing', () => {
  expect(alignEdits(['X', '<unk>'], ['X', '<unk>']).map(({ kind }) => kind)).toEqual(['match', 'substitute'])
})
