import { describe, expect, it } from 'vitest'
import { type PlannedTimes, type SpentTimes, timeLeft } from '../../src/runner/time-left.js'

const planned: PlannedTimes = { train: 1000, validate: 500, validations: 5, test: 200 }
const begun: SpentTimes = {
  prepare: 30,
  train: 100,
  validate: 0,
  test: 0,
  share: 0.05,
  from: 0,
  validations: 0,
  ended: false,
}

describe('the time left', () => {
  it('is unknown before the first step', () => {
    expect(timeLeft([{ planned }, { planned, spent: { ...begun, train: 0, share: 0 } }], 2)).toBeUndefined()
  })

  it('counts validation and search before there is one, at the pace of training', () => {
    // Twice as slow as planned: 95 % of 2000, five validations of 200, and a test of 400.
    expect(timeLeft([{ planned, spent: begun }], 1)).toBe(1900 + 1000 + 400)
  })

  it('knows the pace of validation after the first one', () => {
    // One of five planned at 100 took 300: four are left at 300, and the test takes three times its 200.
    const spent = { ...begun, train: 400, share: 0.2, validate: 300, validations: 1 }
    expect(timeLeft([{ planned, spent }], 1)).toBe(1600 + 1200 + 600)
  })

  it('goes by the second half of the training so far, where that is known', () => {
    // The first 5 % took 300, the second 50, which is the planned pace: 900 of training, 500 of validation, 200 of the test.
    const spent = { ...begun, train: 350, share: 0.1, lately: { train: 50, share: 0.05 } }
    expect(timeLeft([{ planned, spent }], 1)).toBe(900 + 500 + 200)
  })

  it('of a resumed trial is at the pace since then', () => {
    const spent = { ...begun, share: 0.65, from: 0.6 }
    expect(timeLeft([{ planned, spent }], 1)).toBeCloseTo(0.35 * 2000 + (2 / 5) * 1000 + 400, 6)
  })

  it('counts what is spent of an evaluation, and never less than nothing', () => {
    const spent = { ...begun, train: 2000, share: 1, validate: 1000, validations: 5, test: 150 }
    expect(timeLeft([{ planned, spent }], 1)).toBe(400 - 150)
    expect(timeLeft([{ planned, spent: { ...spent, test: 900 } }], 1)).toBe(0)
  })

  it('of a sweep is shared by the workers, starting included, and no shorter than its longest trial', () => {
    const waiting = { planned }
    // The running one has 3300 left; each waiting one 2000 + 1000 + 400 and 30 to start.
    expect(timeLeft([{ planned, spent: begun }, waiting, waiting], 2)).toBe((3300 + 3430 + 3430) / 2)
    expect(timeLeft([{ planned, spent: begun }, waiting], 8)).toBe(3430)
  })

  it('of evaluations of models that are trained is theirs alone', () => {
    const evaluation: PlannedTimes = { train: 0, validate: 0, validations: 0, test: 200 }
    const ended = { ...begun, train: 0, share: 1, test: 500, ended: true }
    expect(timeLeft([{ planned: evaluation, spent: ended }, { planned: evaluation }], 1)).toBe(500 + 30)
  })
})
