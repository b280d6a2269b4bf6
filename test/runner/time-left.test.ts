import { describe, expect, it } from 'vitest'
import {
  makespan,
  nothingSpent,
  type PlannedTimes,
  plannedMs,
  type SpentTimes,
  timeLeft,
  timesLeft,
} from '../../src/runner/time-left.js'

const noGraphs = { graphs: 0, ms: 0 }
const noCompilation = { train: noGraphs, validate: noGraphs, test: noGraphs }
const planned: PlannedTimes = {
  ...{ start: 30, train: 1000, steps: 500, validate: 500, validations: 5, test: 200, write: 10 },
  compile: noCompilation,
}
const compiling: PlannedTimes = {
  ...planned,
  compile: { train: { graphs: 4, ms: 100 }, validate: { graphs: 2, ms: 20 }, test: { graphs: 2, ms: 20 } },
}
/** Twice as slow as planned in everything that has been done: starting, and a fifth of the training. */
const begun: SpentTimes = { ...nothingSpent, doing: 'train', start: 60, train: 400, share: 0.2 }

/** The pace of all that is done: the plan itself counts as a second of it. */
const overall = (ms: number, of: number) => (ms + 1000) / (of + 1000)
/** Of training: 20 steps of 500 are taken from the overall pace. */
const blended = (ms: number, of: number, expected: number) => (ms + 40 * expected) / (of + 40)

describe('the time left', () => {
  it('is the plan before anything is done, compilations included', () => {
    expect(plannedMs(planned)).toBe(30 + 1000 + 500 + 200 + 10)
    expect(timeLeft([{ planned: compiling }], 1)).toBe(plannedMs(planned) + 4 * 100 + 2 * 20 + 2 * 20)
    expect(timeLeft([{ planned: compiling, spent: { ...nothingSpent, start: 10 } }], 1)).toBe(plannedMs(compiling) - 10)
  })

  it('is unknown where nothing was planned', () => {
    const unknown = { ...planned, train: 0, validate: 0, validations: 0, test: 0 }
    expect(timeLeft([{ planned: unknown, spent: begun }], 1)).toBeUndefined()
    expect(timeLeft([], 1)).toBeUndefined()
  })

  it('takes a start that is overdue as the pace of all that follows', () => {
    // 9030 of 30 planned: with the plan's second, a pace of 10030 / 1030.
    expect(timeLeft([{ planned, spent: { ...nothingSpent, start: 9030 } }], 1)).toBeCloseTo(
      overall(9030, 30) * (1000 + 500 + 200 + 10),
      6,
    )
  })

  it('counts validation, search and writing before there is one, at the pace of training', () => {
    const all = overall(60 + 400, 30 + 200)
    const rest = 800 * blended(400, 200, all) + 10 * all
    expect(timeLeft([{ planned, spent: begun }], 1)).toBeCloseTo(rest + (500 + 200) * 2, 6)
  })

  it('knows the pace of validation after the first one, and subtracts what one has taken so far', () => {
    // One of five planned at 100 took 300: four are left at 300, and the test takes three times its 200.
    const spent = { ...begun, validate: 300, validations: 1 }
    // All that is done: 60 + 400 + 300 for planned 30 + 200 + 100. Writing goes by that, and a little of training.
    const all = overall(760, 330)
    const training = 800 * blended(400, 200, all)
    expect(timeLeft([{ planned, spent }], 1)).toBeCloseTo(training + 1200 + 600 + 10 * all, 6)
    const within: SpentTimes = { ...spent, doing: 'validate', validating: 100 }
    expect(timeLeft([{ planned, spent: within }], 1)).toBeCloseTo(training + 1100 + 600 + 10 * all, 6)
  })

  it('goes by the second half of the training so far, where that is known', () => {
    // All of a fifth took 400, its second half 100, which is the planned pace; starting took what was planned.
    const spent = { ...begun, start: 30, lately: { train: 100, share: 0.1 } }
    expect(timeLeft([{ planned, spent }], 1)).toBe(800 + 500 + 200 + 10)
  })

  it('believes the first steps as far as they go: some of the pace is what was expected', () => {
    // Twenty steps of 500 at ten times the plan: the mean of that and the pace of all, which is 1430 of 1070.
    const only = { ...planned, validate: 0, validations: 0, test: 0, write: 0 }
    const spent = { ...begun, start: 30, train: 400, share: 0.04 }
    expect(timeLeft([{ planned: only, spent }], 1)).toBeCloseTo((960 * (10 + 1430 / 1070)) / 2, 6)
  })

  it('counts compilations to come at the pace of those that are done, and few late in training', () => {
    const only: PlannedTimes = { ...compiling, validate: 0, validations: 0, test: 0, write: 0 }
    const compile = { ...noCompilation, train: { graphs: 1, ms: 300 } }
    // Training as planned; one of four graphs took 300, and two more count as all that is done.
    const early: SpentTimes = { ...begun, start: 30, train: 10, share: 0.01, compile }
    const all = overall(30 + 10 + 300, 30 + 10 + 100)
    const graphs = (300 + 200 * all) / (100 + 200)
    const expected = 990 * blended(10, 10, all) + 300 * graphs + (40 + 40) * 3
    expect(timeLeft([{ planned: only, spent: early }], 1)).toBeCloseTo(expected, 6)
    // The present graph has taken 50 of what it takes.
    expect(timeLeft([{ planned: only, spent: { ...early, compiling: 50 } }], 1)).toBeCloseTo(expected - 50, 6)
    // After a tenth of the steps, every shape has come up.
    const late: SpentTimes = { ...early, train: 100, share: 0.1 }
    const pace = blended(100, 100, overall(430, 530))
    // The one graph's 300 were all that training needed of planned 400.
    expect(timeLeft([{ planned: only, spent: late }], 1)).toBeCloseTo(900 * pace + 0.75 * (40 + 40), 6)
  })

  it('counts no compilation for a second validation', () => {
    const spent: SpentTimes = {
      ...{ ...begun, start: 30, train: 200, validate: 100, validations: 1 },
      compile: { ...noCompilation, train: { graphs: 4, ms: 400 }, validate: { graphs: 2, ms: 40 } },
    }
    // All as planned.
    expect(timeLeft([{ planned: compiling, spent }], 1)).toBeCloseTo(800 + 400 + 200 + 10 + 40, 6)
  })

  it('of a resumed trial is at the pace since then', () => {
    const spent = { ...begun, share: 0.8, from: 0.6 }
    const all = overall(460, 230)
    // Three of five validations had been made before.
    expect(timeLeft([{ planned, spent }], 1)).toBeCloseTo(200 * blended(400, 200, all) + (200 + 200) * 2 + 10 * all, 6)
  })

  it('counts what is spent of an evaluation, and never less than nothing', () => {
    const spent: SpentTimes = {
      ...{ ...begun, doing: 'test', train: 2000, share: 1, validate: 1000, validations: 5, test: 150 },
    }
    expect(timeLeft([{ planned, spent }], 1)).toBeCloseTo(400 - 150 + 10 * overall(3060, 1530), 6)
    expect(timeLeft([{ planned, spent: { ...spent, test: 900 } }], 1)).toBeCloseTo(
      // What is overdue says how slow the machine is.
      10 * overall(60 + 2000 + 1000 + 900, 1730),
      6,
    )
    expect(timeLeft([{ planned, spent: { ...spent, doing: 'nothing' } }], 1)).toBe(0)
  })

  it('of a trial that patience ended leaves nothing of training and validation', () => {
    const spent: SpentTimes = { ...begun, doing: 'test', train: 800, share: 0.4, validate: 400, validations: 2 }
    expect(timeLeft([{ planned, spent }], 1)).toBeCloseTo(400 + 10 * overall(60 + 2000 + 400, 30 + 1000 + 200), 6)
  })

  it('of a sweep is that of its last task, where each waiting one starts once a worker is free', () => {
    const waiting = { planned }
    const running = { planned, spent: begun }
    // The processes run already, so a task that waits has no start before it.
    const left = (steps: number, all: number) => steps * blended(400, 200, all) + (500 + 200) * 2 + 10 * all
    const two = overall(2 * 460, 2 * 230)
    const whole = left(1000, two)
    expect(timeLeft([running, running, waiting, waiting, waiting], 2)).toBeCloseTo(left(800, two) + 2 * whole, 6)
    // A worker without a task starts, at the pace of the other one's start.
    const one = overall(460, 230)
    expect(timeLeft([running, waiting], 2)).toBeCloseTo(left(1000, one) + 60, 6)
  })

  it('of a task is at its own pace where that is known', () => {
    const slow = { ...begun, train: 1200 }
    const [left = 0, slower = 0] = timesLeft(
      [
        { planned, spent: begun },
        { planned, spent: slow },
      ],
      2,
    )
    // Three times as slow in training; a fiftieth of the steps is taken from what both have done.
    expect(slower / left).toBeGreaterThan(2.7)
  })

  it('of evaluations of models that are trained is theirs alone', () => {
    const evaluation: PlannedTimes = { ...planned, train: 0, validate: 0, validations: 0 }
    const ended: SpentTimes = { ...nothingSpent, doing: 'nothing', share: 1, from: 1, start: 30, test: 500, write: 10 }
    expect(timeLeft([{ planned: evaluation, spent: ended }, { planned: evaluation }], 1)).toBe(500 + 10)
  })
})

describe('the end of the last task', () => {
  it('puts each task on the worker that is free first', () => {
    expect(makespan([], [5, 4, 3], 2)).toBe(7)
    expect(makespan([10, 1], [2, 2], 2)).toBe(10)
    expect(makespan([3], [4], 3)).toBe(4)
    expect(makespan([], [], 2)).toBe(0)
  })
})
