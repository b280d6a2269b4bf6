import { describe, expect, it } from 'vitest'
import { cutAtEnd } from '../../src/decode/emitted.js'
import { barred } from '../../src/decode/stepwise.js'

const specials = { pad: 0, bos: 1, eos: 2 }

describe('an output', () => {
  it('ends with its end, whose probability and alignment count', () => {
    const emitted = { ids: [5, 2, 7], logProbs: [-1, -2, -4], alignment: [[0.1], [0.2], [0.3]] }
    expect(cutAtEnd(emitted, true, { specials, maxLength: 9 })).toEqual({
      ids: [5],
      score: -3,
      alignment: [[0.1], [0.2]],
    })
    // The end that comes right after as many symbols as there may be counts, a later one does not.
    expect(cutAtEnd(emitted, true, { specials, maxLength: 1 }).score).toBe(-3)
    expect(cutAtEnd({ ...emitted, ids: [5, 7, 2] }, true, { specials, maxLength: 1 })).toEqual({
      ids: [5],
      score: -1,
      alignment: [[0.1]],
    })
  })

  it('of no symbol has the alignment of its end alone, where it is asked for', () => {
    const emitted = { ids: [2], logProbs: [-0.5], alignment: [[0.5, 0.5]] }
    expect(cutAtEnd(emitted, true, { specials, maxLength: 3 })).toEqual({
      ids: [],
      score: -0.5,
      alignment: [[0.5, 0.5]],
    })
    expect(cutAtEnd(emitted, false, { specials, maxLength: 3 })).toEqual({ ids: [], score: -0.5 })
    expect(cutAtEnd({ ...emitted, alignment: [] }, true, { specials, maxLength: 3 })).toEqual({ ids: [], score: -0.5 })
  })

  it('is no more probable than 1, whatever rounding makes of a sure symbol', () => {
    const emitted = { ids: [5, 6, 2], logProbs: [1e-7, -0.25, 1e-7], alignment: [] }
    expect(cutAtEnd(emitted, false, { specials, maxLength: 9 }).score).toBe(-0.25)
  })
})

it('padding and the beginning are never chosen, and every other symbol may be', () => {
  const [never, may] = [Number.NEGATIVE_INFINITY, 0]
  expect([...barred(specials, 5).dataSync()]).toEqual([never, never, may, may, may])
  expect([...barred({ pad: 3, bos: 1, eos: 0 }, 5).dataSync()]).toEqual([may, never, may, never, may])
  expect([...barred({ pad: 0, bos: 2, eos: 1 }, 3).dataSync()]).toEqual([never, may, never])
})
