import { expect, test } from 'vitest'
import { matches } from '../../../src/core/checked-json.js'
import { localJob } from '../../../src/runner/executors/redis/local-job.js'
import { wireJobSchema } from '../../../src/runner/executors/redis/wire.js'
import { tinyPlan } from '../support/plan.js'

const shape = { seeds: 1, steps: 4, every: 2 }

test('a job elsewhere has its spec with the keys in the order in which it was planned', async () => {
  // The default `seed` of a limit comes after what is written, and first where nothing is.
  const [tiny] = (await tinyPlan('data', shape)).trials
  const { source, sourceTokens, targetTokens } = JSON.parse(JSON.stringify(tiny?.spec.data))
  const change = { data: { source, sourceTokens, targetTokens, limit: { train: 8 } } }
  const [trial] = (await tinyPlan('order', { ...shape, change })).trials
  if (trial === undefined) throw new Error('there is no trial')
  expect(Object.keys(trial.spec.data.limit ?? {})).toEqual(['train', 'seed'])
  const { id: trialId, spec, seed, label, digests } = trial
  const about = { schemaVersion: 1, study: '0123456789abcdef01234567', trialId, attempt: 1, seed, label, spec, digests }
  const limits = { trialMs: null, hostBytes: null, parts: [], engine: { name: 'tfjs-cpu' } }
  const dataset = { sha256: '0'.repeat(64), bytes: 0 }
  const wire = JSON.parse(JSON.stringify({ kind: 'train', ...about, ...limits, dataset }))
  if (!matches(wireJobSchema, wire)) throw new Error('it is no job')
  const there = localJob(wire, { directory: 'here', dataset: 'data' })
  expect(JSON.stringify(there.spec)).toBe(JSON.stringify(spec))
})
