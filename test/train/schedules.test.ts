import { expect, test } from 'vitest'
import { schedules } from '../../src/train/schedules/index.js'

const { constant, linear, step, cosine, plateau } = schedules.parts
const inverse = schedules.parts['inverse-square-root']
const at = (steps: readonly number[], factor: (step: number) => number) =>
  steps.map((t) => Number(factor(t).toFixed(6)))

test('factors at chosen steps of 10, by hand', () => {
  expect(at([1, 6, 10], (t) => constant.factor({}, t, 10, []))).toEqual([1, 1, 1])
  expect(at([1, 6, 10], (t) => linear.factor({}, t, 10, []))).toEqual([1, 0.5, 0.1])
  expect(at([1, 3, 4, 7, 10], (t) => step.factor({ every: 3, factor: 0.5 }, t, 10, []))).toEqual([
    1, 1, 0.5, 0.25, 0.125,
  ])
  expect(at([1, 6, 11], (t) => cosine.factor({ floor: 0 }, t, 10, []))).toEqual([1, 0.5, 0])
  expect(at([1, 6, 11], (t) => cosine.factor({ floor: 0.2 }, t, 10, []))).toEqual([1, 0.6, 0.2])
  expect(at([1, 4, 16, 64], (t) => inverse.factor({ from: 4 }, t, 100, []))).toEqual([1, 1, 0.5, 0.25])
})

test('plateau falls after `patience` validations without a better one, and again after as many', () => {
  const factor = (...validation: number[]) => plateau.factor({ factor: 0.5, patience: 2 }, 1, 10, validation)
  expect(factor()).toBe(1)
  expect(factor(5, 4, 4)).toBe(1)
  expect(factor(5, 4, 4, 4.5)).toBe(0.5)
  expect(factor(5, 4, 4, 4.5, 3)).toBe(0.5)
  expect(factor(5, 4, 4, 4.5, 4.6, 4.7)).toBe(0.25)
})
