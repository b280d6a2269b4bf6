import { describe, expect, test } from 'vitest'
import { thinFrames } from '../../../../src/report/analysis/samples/thin.js'
import type { Frame } from '../../../../src/report/analysis/samples/types.js'

// Frames of equal length, one for each step from 1 to 9, so that a room in frames is one in characters.

const frame = (step: number): Frame => ({ step, dev: 'PER 10.0 %', best: false, outputs: [] })
const framesUntil = (last: number) => Array.from({ length: last }, (_, at) => frame(at + 1))
// {"step":1,"dev":"PER 10.0 %","best":false,"outputs":[]}
const size = 55

const steps = (count: number, characters: number) => thinFrames(framesUntil(count), characters).map(({ step }) => step)

describe('validations for a page', () => {
  test('are all there where they just fit', () => {
    expect(JSON.stringify(frame(1))).toHaveLength(size)
    expect(steps(5, 5 * size)).toEqual([1, 2, 3, 4, 5])
    expect(steps(0, 0)).toEqual([])
  })

  test('are every second one where one character is too much, the last among them', () => {
    expect(steps(5, 5 * size - 1)).toEqual([1, 3, 5])
    expect(steps(4, 4 * size - 1)).toEqual([2, 4])
    expect(steps(9, 5 * size)).toEqual([1, 3, 5, 7, 9])
  })

  test('are halved as often as it takes', () => {
    expect(steps(5, 3 * size)).toEqual([1, 3, 5])
    expect(steps(5, 3 * size - 1)).toEqual([1, 5])
    expect(steps(9, 4 * size)).toEqual([1, 5, 9])
    expect(steps(5, 2 * size - 1)).toEqual([5])
  })

  test('are the last one at least, however long it is', () => {
    expect(steps(2, 0)).toEqual([2])
    expect(steps(1, 0)).toEqual([1])
  })

  test('are measured one by one: a long one is dropped before short ones are', () => {
    // The second of three is longer than the room; the two others fit.
    const long: Frame = { ...frame(2), dev: 'c'.repeat(1000) }
    expect(thinFrames([frame(1), long, frame(3)], 2 * size)).toEqual([frame(1), frame(3)])
  })
})
