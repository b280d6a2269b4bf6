import fc from 'fast-check'
import { distance } from 'fastest-levenshtein'
import { describe, expect, it } from 'vitest'
import { alignEdits, errorCount, nearestEdits } from '../../../src/report/analysis/edits.js'

const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 })

describe('alignEdits', () => {
  it('marks what was changed, put in and left out', () => {
    expect(alignEdits([...'kitten'], [...'sitting'])).toEqual([
      { kind: 'substitute', reference: 'k', given: 's' },
      { kind: 'match', reference: 'i', given: 'i' },
      { kind: 'match', reference: 't', given: 't' },
      { kind: 'match', reference: 't', given: 't' },
      { kind: 'substitute', reference: 'e', given: 'i' },
      { kind: 'match', reference: 'n', given: 'n' },
      { kind: 'insert', given: 'g' },
    ])
    expect(alignEdits(['a', 'b', 'c'], ['a', 'c'])).toEqual([
      { kind: 'match', reference: 'a', given: 'a' },
      { kind: 'delete', reference: 'b' },
      { kind: 'match', reference: 'c', given: 'c' },
    ])
  })

  it('has as few errors as the edit distance, and both sides whole', () => {
    fc.assert(
      fc.property(letters, letters, (reference, given) => {
        const edits = alignEdits(reference, given)
        expect(errorCount(edits)).toBe(distance(reference.join(''), given.join('')))
        expect(edits.flatMap((edit) => edit.reference ?? [])).toEqual(reference)
        expect(edits.flatMap((edit) => edit.given ?? [])).toEqual(given)
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
})
