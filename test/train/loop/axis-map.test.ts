import { describe, expect, it } from 'vitest'
import { type Axis, joined, times, units } from '../../../src/model/axes.js'
import { mapNumbers, placesOf, symbolMap } from '../../../src/train/loop/axis-map.js'

const symbols: Axis = { name: 'V_s', size: 3, index: 'source symbols' }
/** a, b, c here; c, a, x, y there. */
const correspondence = { 'source symbols': symbolMap(['a', 'b', 'c'], ['c', 'a', 'x', 'y']) }

describe('places along an axis', () => {
  it('are those of the same symbol; -1 for a new one', () => {
    expect(placesOf(symbols, correspondence)).toEqual({ there: 4, from: [1, -1, 0] })
  })

  it('stay where they are where no vocabulary indexes them', () => {
    expect(placesOf(units('H', 2), correspondence)).toEqual({ there: 2, from: [0, 1] })
    expect(placesOf({ ...symbols, index: 'labels' }, correspondence)).toEqual({ there: 3, from: [0, 1, 2] })
  })

  it('are mapped part by part where axes are joined, and in blocks', () => {
    const axis = joined(units('E', 2), symbols, units('D', 1))
    expect(placesOf(axis, correspondence)).toEqual({ there: 7, from: [0, 1, 3, -1, 2, 6] })
    expect(placesOf(times(2, symbols), correspondence)).toEqual({ there: 8, from: [1, -1, 0, 5, -1, 4] })
  })
})

describe('numbers', () => {
  it('go to the places of their symbols, along any axis; those of new symbols stay', () => {
    const rows = placesOf(symbols, correspondence)
    const units2 = placesOf(units('E', 2), correspondence)
    const fresh = Float32Array.of(-1, -2, -3, -4, -5, -6)
    expect([...mapNumbers(fresh, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [rows, units2])]).toEqual([
      3, 4, -3, -4, 1, 2,
    ])
    expect([...mapNumbers(fresh, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [units2, rows])]).toEqual([
      2, -2, 1, 6, -5, 5,
    ])
    expect([...mapNumbers(Float32Array.of(0), Float32Array.of(9), [])]).toEqual([9])
  })
})
