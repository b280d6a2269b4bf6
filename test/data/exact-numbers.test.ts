import { expect, test } from 'vitest'
import { exactNumbers, isMoreThanColumn } from '../../src/data/encoding/exact-numbers.js'
import type { Column } from '../../src/data/types.js'

test('references and naive forecasts are of what is forecast, without the covariates beside it', () => {
  const steps = [1, 2, 3, 4, 5].map((step) => [step, 10 * step, 100 * step])
  const windows = { window: 2, horizon: 2, season: 1 }
  expect(exactNumbers(steps, [0, 1], windows, 1)).toEqual({
    reference: Float64Array.of(3, 4, 4, 5),
    naive: Float64Array.of(2, 2, 3, 3),
  })
  expect(exactNumbers(steps, [1], windows, 2)).toEqual({
    reference: Float64Array.of(4, 40, 5, 50),
    naive: Float64Array.of(3, 30, 3, 30),
  })
})

test('a column without numbers as their file has them tells all', () => {
  const column = (...data: number[]): Column => ({
    ...{ kind: 'values', width: 1, offsets: Int32Array.of(0, data.length), data: Float32Array.from(data) },
  })
  const exact = { reference: Float64Array.of(16384, 16384.0001) }
  expect(isMoreThanColumn({ target: column(16384, 16384) })).toBe(false)
  expect(isMoreThanColumn({ target: column(16384, 16384), exact })).toBe(true)
  expect(isMoreThanColumn({ target: column(1, 2), exact: { reference: Float64Array.of(1, 2) } })).toBe(false)
})
