import { expect, test } from 'vitest'
import type { Pilot, PilotSpread } from '../../../../src/report/analysis/planning/pilot.js'
import { claimPowers } from '../../../../src/report/analysis/planning/power.js'
import { planTrials } from '../../../../src/spec/plan/trials.js'
import type { Claim, Spec } from '../../../../src/spec/types.js'
import { powerOfDifference } from '../../../../src/stats/power.js'
import { variantOf, withEncoder } from '../../../spec/plan/resolved.js'

const digests = { training: 't', train: 'a', dev: 'b', test: 'c', vocabularies: 'v' }
const planned = (specs: Readonly<Record<string, Spec>>) =>
  planTrials(
    Object.entries(specs).map(([label, spec]) => ({
      ...{ ...variantOf(label, { decode: label }, spec), dataset: { digests } },
    })),
    { name: 'cells', seeds: [1, 2, 3] },
  ).plan.trials
const greedy = withEncoder({})
const other = withEncoder({ hidden: 5 })
const single = planned({ greedy })

const claim = (more: Partial<Claim>): Claim => ({
  ...{ left: 'greedy', right: 0.8, metric: 'slot-f1', relation: 'better' },
  ...more,
})
const powerOf = (more: Partial<Claim>, trials = single, pilot?: Pilot) => {
  const [power] = claimPowers(trials, [claim(more)], pilot)
  if (power === undefined) throw new Error('a power')
  return power
}
const pilotOf = (spread: Partial<PilotSpread>): Pilot => ({
  ...{
    directory: 'runs/pilot',
    measuresOf: () => [],
    spreadOf: () => ({ spread: 0.02, pairedSpread: undefined, variants: 4, ...spread }),
  },
})

test('a single claim beside a figure is not corrected, and needs no more seeds than it has where they are enough', () => {
  const enough = powerOf({ effect: 0.5, spread: 0.01 })
  // Far beyond 80 %: two seeds would do, but nobody asks for fewer.
  expect(enough.power).toBeGreaterThan(0.999)
  expect(enough.seedsNeeded).toBe(3)
  expect(enough.sentence).toBe(
    'greedy better than 80.0 % in slot-f1: effect 50.0 points, power 100 % with 3 seeds (spread between seeds 1.0 points, as given; without the variance of the examples)',
  )
  const [first] = claimPowers(single, [claim({ effect: 0.5, spread: 0.01 }), claim({ right: 0.7 })], undefined)
  expect(first?.sentence).toContain('; corrected for 2 tests;')
})

test('a curve is told by its statistic and its unit', () => {
  const textOf = (more: Partial<Claim>, trials = single) => {
    const { metric: _, ...curve } = claim({ effect: 0.5, ...more })
    return claimPowers(trials, [curve], undefined)[0]?.sentence
  }
  const unknown = 'no spread between seeds is known: give `spread`, or name a study that has results with --pilot'
  expect(textOf({ curve: 'validation-loss', relation: 'lower', right: 2 })).toBe(
    `greedy lower than 2.000 nats in mean validation loss: effect 0.500 nats; ${unknown}`,
  )
  // What a loss is measured in is the task's: of a forecast no nats.
  const forecasts = planned({ greedy: { ...greedy, task: { type: 'forecast', loss: 'squared' } } })
  expect(textOf({ curve: 'validation-loss', relation: 'lower', right: 2 }, forecasts)).toBe(
    `greedy lower than 2 in mean validation loss: effect 0.5; ${unknown}`,
  )
  expect(textOf({ curve: 'slot-f1', at: 'best' })).toBe(
    `greedy better than 80.0 % in best dev slot-f1: effect 50.0 points; ${unknown}`,
  )
})

test('a claim about variants that are not planned has no seeds, no family and no power', () => {
  const nothing = { seeds: 0, family: 0, effect: 0.5, spread: null, spreadFrom: null, power: null, seedsNeeded: null }
  expect(powerOf({ left: 'x', effect: 0.5, spread: 0.01 })).toMatchObject(nothing)
  expect(powerOf({ effect: 0.5, spread: 0.01 }, [])).toMatchObject(nothing)
})

test('evaluations of the same trained models are compared as pairs, by the spread of their differences', () => {
  const searches = planned({ greedy, beam: { ...greedy, decode: { type: 'beam', width: 4 } as Spec['decode'] }, other })
  const asked = { right: 'beam', effect: 0.05 }
  const found = powerOf(asked, searches, pilotOf({ pairedSpread: 0.03 }))
  expect(found.spread).toBe(0.03)
  expect(found.power).toBe(powerOfDifference(0.05, { seeds: 3, spread: 0.03, alpha: 0.05 / 3, oneSample: true }))
  expect(found.sentence).toContain(
    'with 3 seeds each; 80 % with 7 seeds (spread of the differences of a trained model 3.0 points, as in 4 variants of runs/pilot; corrected for 3 tests',
  )
  // A pilot without such pairs does not tell it: its spread between seeds is another one.
  expect(powerOf(asked, searches, pilotOf({})).sentence).toContain('no spread between seeds is known')
  expect(powerOf({ ...asked, right: 'other' }, searches, pilotOf({ pairedSpread: 0.03 })).spread).toBe(0.02)
})
