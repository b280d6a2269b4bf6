import { describe, expect, test } from 'vitest'
import { evaluationId, trainHash, trialId } from '../../../src/spec/hash.js'
import { planTrials, type ReadySpec } from '../../../src/spec/plan/trials.js'
import type { Claim, LoadedSpec } from '../../../src/spec/types.js'
import { loadedFrom, transducerText } from './loaded.js'

const digests = { training: 'd1', test: 't1' }
const loaded = loadedFrom(transducerText, 'one', { seed: 1 })

const ready = (label: string, more: Partial<LoadedSpec['spec']> = {}, others: Partial<ReadySpec> = {}): ReadySpec => {
  return { ...loaded, label, spec: { ...loaded.spec, ...more }, dataset: { digests }, ...others }
}

const beam = { type: 'beam', width: 2, lengthNormalisation: 0, nBest: 1 } as const

test('a spec is a trial with one evaluation', () => {
  const { spec, baseDir, variant } = loaded
  const { plan, problems } = planTrials([ready('one')])
  expect(problems).toEqual([])
  const { decode, metrics, data } = spec
  expect(plan).toEqual({
    study: 'some',
    claims: [],
    trials: [
      {
        ...{ id: trialId(spec, 1, 'd1'), trainHash: trainHash(spec), spec, seed: 1, baseDir, digests, variant },
        label: 'one',
        evaluations: [
          {
            ...{ id: evaluationId(spec, 't1'), decode, metrics, testDigest: 't1', data, baseDir, variant },
            label: 'one',
          },
        ],
      },
    ],
  })
})

test('it has its cost and its start where they are known', () => {
  const cost = { parameters: 1, flops: 2, bytes: 3, millisecondsAStep: 4, steps: 5, milliseconds: 20 }
  const graphs = { graphs: 1, ms: 100 }
  const more = {
    evaluation: { validations: 1, dev: 2, test: 3 },
    reading: 6,
    checkpointBytes: 12,
    compile: { train: graphs, dev: graphs, test: graphs },
  }
  const [trial] = planTrials([ready('one', {}, { cost: { ...cost, ...more }, start: 'taken' })]).plan.trials
  expect(trial).toMatchObject({ cost: { ...cost, ...more }, start: 'taken' })
  expect(trial?.id).toBe(trialId(loaded.spec, 1, 'd1', 'taken'))
})

test('what a study asks is in its plan', () => {
  const claims: Claim[] = [{ left: 'a', right: 'b', metric: 'ser', relation: 'better' }]
  const compare = { metric: 'ser' }
  const published = { source: 'a paper', figures: [{ metric: 'ser', value: 0.1 }] }
  const { plan } = planTrials([ready('one')], { name: 'mine', claims, compare, published })
  expect({ ...plan, trials: [] }).toEqual({ study: 'mine', trials: [], claims, compare, published })
})

test('seeds multiply, those of a spec or of the study', () => {
  const seedsOf = (seeds?: readonly number[]) =>
    planTrials([ready('one', { seed: 7 }), ready('two', { seed: 8, decode: beam })], { seeds }).plan.trials.map(
      ({ seed, spec, label, evaluations }) => [seed, spec.seed, label, evaluations.map((each) => each.label)],
    )
  expect(seedsOf()).toEqual([
    [7, 7, 'one', ['one']],
    [8, 8, 'two', ['two']],
  ])
  expect(seedsOf([3, 2])).toEqual([
    [3, 3, 'one', ['one', 'two']],
    [2, 2, 'one', ['one', 'two']],
  ])
})

describe('equal trials', () => {
  test('are one, with the evaluations of all', () => {
    const train = { ...loaded.spec.train, batchSize: 3 }
    const specs = [ready('a'), ready('b', { decode: beam }), ready('c', { train }), ready('d', { metrics: [] })]
    const { plan, problems } = planTrials(specs)
    expect(problems).toEqual([])
    expect(plan.trials.map(({ label, evaluations }) => [label, evaluations.map((each) => each.label)])).toEqual([
      ['a', ['a', 'b', 'd']],
      ['c', ['c']],
    ])
    expect(plan.trials[0]?.spec.decode).toEqual({ type: 'greedy' })
  })

  test('that are evaluated in the same way are counted once', () => {
    const { problems } = planTrials([ready('a'), ready('b', { decode: beam }), ready('c'), ready('d')])
    const same = 'are the same trial: same training, seed (1) and data, evaluated in the same way'
    expect(problems).toEqual([
      { path: '', message: `"c" and "a" ${same}` },
      { path: '', message: `"d" and "a" ${same}` },
    ])
  })
})

test('labels are distinguished by their files where they are equal', () => {
  const specs = [ready('a'), ready('a', { decode: beam }, { file: 'other.yaml' }), ready('b', { seed: 2 })]
  const labels = planTrials(specs).plan.trials.flatMap(({ evaluations }) => evaluations.map(({ label }) => label))
  expect(labels).toEqual(['a (some.yaml)', 'a (other.yaml)', 'b'])
})

test('a plan without a name has that of its one trial, or one of all of its ids', () => {
  const studyOf = (...specs: readonly ReadySpec[]) => planTrials(specs).plan.study
  const two = [ready('a'), ready('b', { seed: 2 })] as const
  expect(studyOf(ready('a'))).toBe('some')
  expect(studyOf(...two)).toMatch(/^adhoc-[0-9a-f]{8}$/)
  expect(studyOf(ready('c'), ready('d', { seed: 2 }))).toBe(studyOf(...two))
  const others = [
    studyOf(ready('a'), ready('b', { seed: 3 })),
    studyOf(ready('a', { decode: beam }), ready('b', { seed: 2 })),
    studyOf(...two, ready('c', { seed: 3 })),
    studyOf(ready('b', { seed: 2 }), ready('a')),
  ]
  expect(new Set([studyOf(...two), ...others]).size).toBe(5)
})
