import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/core/canonical-json.js'
import { evaluationId, trainHash, trialId } from '../../src/spec/hash.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { planTrials } from '../../src/spec/plan/trials.js'
import type { LoadedSpec, Spec } from '../../src/spec/types.js'

const files = ['test/spec/broken/base.yaml']
const digests = { training: 'd1', test: 't1' }
const ready = (specs: readonly LoadedSpec[]) => specs.map((spec) => ({ ...spec, dataset: { digests } }))

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reordered(child)]),
  )
}

describe('canonical JSON', () => {
  test('sorts keys and knows one zero', () => {
    expect(canonicalJson({ b: [1, -0], a: { d: 'x', c: null } })).toBe('{"a":{"c":null,"d":"x"},"b":[1,0]}')
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(RangeError)
  })

  test('does not depend on the order of keys and reads back to the value', () => {
    const json = fc.jsonValue({ noUnicodeString: false } as never)
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reordered(value))).toBe(canonicalJson(value))
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value))
      }),
    )
  })
})

describe('a trial id', () => {
  const [loaded] = loadSpecs(files).specs
  if (loaded === undefined) throw new RangeError('the base spec must load')
  const { spec } = loaded

  test('is a sha-256 that anybody can make again', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const trains = [spec.task, spec.model, spec.train].map(canonicalJson).join(',')
    expect(trainHash(spec)).toBe(sha256(`[${trains}]`))
    expect(trialId(spec, 1, 'd1')).toBe(sha256(`[${trains},1,"d1"]`).slice(0, 16))
    const evaluates = [spec.decode, spec.metrics].map(canonicalJson).join(',')
    expect(evaluationId(spec, 't1')).toBe(sha256(`[${evaluates},"t1"]`).slice(0, 8))
  })

  test('depends on what trains, the seed and the data, not on what is done afterwards', () => {
    const longer = { ...spec, train: { ...spec.train, batchSize: 3 } }
    const ids = [trialId(spec, 1, 'd'), trialId(spec, 2, 'd'), trialId(spec, 1, 'e'), trialId(longer, 1, 'd')]
    expect(new Set(ids).size).toBe(4)
    const afterwards: Partial<Spec> = { name: 'other', seed: 9, metrics: [], decode: { type: 'greedy' } }
    expect(trialId({ ...spec, ...afterwards }, 1, 'd')).toBe(ids[0])
    expect(trainHash({ ...spec, ...afterwards })).toBe(trainHash(spec))
    expect(trainHash(longer)).not.toBe(trainHash(spec))
  })

  test('counts a warm start by what it takes, wherever that was found', () => {
    const from = (path: string, parameters = ['*']): Spec => {
      const init = { from: path, parameters, take: 'parameters' as const }
      return { ...spec, train: { ...spec.train, init } }
    }
    const [one, moved] = [from('runs/a/1'), from('elsewhere/model', ['encoder/*'])]
    expect(trialId(moved, 1, 'd', 'taken')).toBe(trialId(one, 1, 'd', 'taken'))
    expect(trainHash(moved, 'taken')).toBe(trainHash(one, 'taken'))
    const others = [trialId(one, 1, 'd', 'other'), trialId(one, 1, 'd'), trialId(spec, 1, 'd', 'taken')]
    expect(new Set([trialId(one, 1, 'd', 'taken'), ...others]).size).toBe(4)
    expect(trialId(spec, 1, 'd', 'taken')).toBe(trialId(spec, 1, 'd'))
  })

  test('has evaluations by search, metrics and test split', () => {
    const beam = { ...spec, decode: { type: 'beam', width: 2, lengthNormalisation: 0, nBest: 1 } } as const
    const ids = [evaluationId(spec, 't'), evaluationId(spec, 'u'), evaluationId({ ...spec, metrics: [] }, 't')]
    expect(new Set([...ids, evaluationId(beam, 't')]).size).toBe(4)
    expect(evaluationId({ ...spec, train: { ...spec.train, batchSize: 3 } } as Spec, 't')).toBe(ids[0])
  })
})

describe('a search', () => {
  test('has no options that its spec does not write: its evaluations are those of before there were more', () => {
    const beam = { type: 'beam', width: 5, lengthNormalisation: 0, nBest: 1 }
    const sample = { type: 'sample', temperature: 1 }
    for (const own of [beam, sample]) {
      const { specs } = loadSpecs(files, { set: [`decode=${own.type}`, `train.validate.decode=${own.type}`] })
      expect(specs[0]?.spec.decode).toEqual(own)
      expect(specs[0]?.spec.train.validate.decode).toEqual(own)
    }
  })
})

describe('a plan', () => {
  test('one spec is a study of its own name', () => {
    const { plan, problems } = planTrials(ready(loadSpecs(files).specs))
    expect(problems).toEqual([])
    expect([plan.study, plan.trials.length, plan.trials[0]?.label]).toEqual(['base', 1, 'base'])
  })

  test('several are one by a name made of their ids, or by a given one', () => {
    const { specs } = loadSpecs(files, { set: ['model.encoder.hidden=8,16'] })
    const { plan } = planTrials(ready(specs))
    expect(plan.study).toMatch(/^adhoc-[0-9a-f]{8}$/)
    expect(planTrials(ready(specs)).plan).toEqual(plan)
    expect(planTrials(ready(specs), { name: 'mine' }).plan.study).toBe('mine')
  })

  test('seeds multiply', () => {
    const { plan } = planTrials(ready(loadSpecs(files).specs), { seeds: [1, 2, 3] })
    expect(plan.trials.map(({ seed, spec }) => [seed, spec.seed])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ])
    expect(new Set(plan.trials.map((trial) => trial.trainHash)).size).toBe(1)
  })

  test('the same trial twice is refused', () => {
    const { problems } = planTrials(ready(loadSpecs([...files, ...files]).specs))
    expect(problems.map(({ message }) => message)).toEqual([
      '"base (test/spec/broken/base.yaml)" and "base (test/spec/broken/base.yaml)" are the same trial: same training, seed (1) and data, evaluated in the same way',
    ])
  })
})
