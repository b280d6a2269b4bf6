import { expect, test } from 'vitest'
import { teacherForcings } from '../../src/train/forcing/index.js'
import { schedules } from '../../src/train/schedules/index.js'
import { everyChoice } from '../support/choices.js'

type Choice = Parameters<typeof schedules.build>[0]

function factors(choice: Choice, totalSteps: number, ...steps: readonly number[]) {
  const schedule = schedules.build(choice)
  return steps.map((step) => Number(schedule({ step, totalSteps, validation: [] }).toFixed(6)))
}

test('factors at chosen steps of 10, by hand', () => {
  expect(factors({ type: 'constant' }, 10, 1, 6, 10)).toEqual([1, 1, 1])
  expect(factors({ type: 'linear' }, 10, 1, 6, 10)).toEqual([1, 0.5, 0.1])
  expect(factors({ type: 'step', every: 3, factor: 0.5 }, 10, 1, 3, 4, 7, 10)).toEqual([1, 1, 0.5, 0.25, 0.125])
  expect(factors({ type: 'cosine', floor: 0 }, 10, 1, 6, 11)).toEqual([1, 0.5, 0])
  expect(factors({ type: 'cosine', floor: 0.2 }, 10, 1, 6, 11)).toEqual([1, 0.6, 0.2])
  expect(factors({ type: 'inverse-square-root', from: 4 }, 100, 1, 4, 16, 64)).toEqual([1, 1, 0.5, 0.25])
})

test('plateau falls after `patience` validations without a better one, and again after as many', () => {
  const schedule = schedules.build({ type: 'plateau', factor: 0.5, patience: 2 })
  const factor = (...validation: (number | null)[]) => schedule({ step: 1, totalSteps: 10, validation })
  expect(factor()).toBe(1)
  expect(factor(5, 4, 4)).toBe(1)
  expect(factor(5, 4, 4, 4.5)).toBe(0.5)
  expect(factor(5, 4, 4, 4.5, 3)).toBe(0.5)
  expect(factor(5, 4, 4, 4.5, 4.6, 4.7)).toBe(0.25)
  // An undefined cost says nothing: it is as if that validation had not been made.
  expect(factor(null, null, null)).toBe(1)
  expect(factor(5, null, null, 6)).toBe(1)
  expect(factor(5, null, 6, null, 7)).toBe(0.5)
})

test('to a plateau, an undefined validation is one without improvement, from the first on', () => {
  const schedule = schedules.build({ type: 'plateau', factor: 0.5, patience: 2 })
  const factor = (...validation: (number | null)[]) => schedule({ step: 1, totalSteps: 10, validation })
  expect(factor(null)).toBe(1)
  expect(factor(null, null)).toBe(0.5)
  expect(factor(null, 5, null)).toBe(1)
  expect(factor(null, 5, null, 5)).toBe(0.5)
})

const steps = [1, 2, 50, 99, 100]

test.each(everyChoice(schedules))('every schedule gives a factor from 0 to 1: %o', (choice) => {
  for (const factor of factors(choice, 100, ...steps)) {
    expect(factor).toBeGreaterThanOrEqual(0)
    expect(factor).toBeLessThanOrEqual(1)
  }
  expect(factors(choice, 100, 1)).toEqual([1])
})

test.each(everyChoice(teacherForcings))('every teacher-forcing schedule gives a probability: %o', (choice) => {
  for (const probability of steps.map((step) => teacherForcings.build(choice)({ step, totalSteps: 100 }))) {
    expect(probability).toBeGreaterThanOrEqual(0)
    expect(probability).toBeLessThanOrEqual(1)
  }
})
