import { expect, test } from 'vitest'
import { threadsFor, threadsOf } from '../../src/runner/agents/threads.js'

const trial = (flops: number) => ({
  cost: {
    flops,
    parameters: 0,
    checkpointBytes: 0,
    bytes: 0,
    millisecondsAStep: 0,
    steps: 1,
    milliseconds: 0,
    evaluation: { validations: 0, dev: 0, test: 0 },
    reading: 0,
    compile: { train: { graphs: 0, ms: 0 }, dev: { graphs: 0, ms: 0 }, test: { graphs: 0, ms: 0 } },
  },
})

test('a lone trial has as many threads as pay for its size, up to the cores', () => {
  // The sizes of bench:step with a GRU and attention: tiny, small, medium.
  expect([0.12e9, 2.25e9, 22.9e9].map((flops) => threadsFor(flops, 2))).toEqual([1, 2, 2])
  expect([0.12e9, 2.25e9, 22.9e9].map((flops) => threadsFor(flops, 16))).toEqual([1, 3, 16])
  expect(threadsOf([trial(22.9e9)], 1)).toBe(1)
})

test('trials side by side have one thread each', () => {
  expect(threadsOf([trial(22.9e9), trial(22.9e9)], 16)).toBe(1)
  expect(threadsOf([], 16)).toBe(1)
})

test('a trial whose cost is not known has all cores', () => {
  expect(threadsOf([{}], 4)).toBe(4)
})
