import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { metrics } from '../../src/metrics/index.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import type { LoadedSpec } from '../../src/spec/types.js'
import { readStartingState } from '../../src/store/index.js'
import { tasks } from '../../src/task/index.js'
import { runTrial } from '../../src/train/loop/trial.js'
import type { TrialPorts } from '../../src/train/types.js'
import { estimateOf } from '../metrics/estimate.js'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine('compiled', { threads: 1 })
})
afterAll(() => engine.dispose())

const ports: TrialPorts = {
  readState: readStartingState,
  stopRequested: () => false,
  emit: () => {},
  record: () => {},
  sample: () => {},
  save: async () => {},
}

/** The spec of a config, cut to `steps` steps. */
function specOf(name: string, steps: number, more: readonly string[] = []): LoadedSpec {
  const set = [`train.steps=${steps}`, `train.validate.every=${steps}`, ...more]
  const { specs, problems } = loadSpecs([`configs/${name}.yaml`], { set })
  expect(problems).toEqual([])
  const [spec] = specs
  if (spec === undefined) throw new RangeError(name)
  return spec
}

async function run(name: string, steps: number, more: readonly string[] = []) {
  const { spec, baseDir } = specOf(name, steps, more)
  const dataset = await loadDataset(spec.data, tasks.get(spec.task.type).sides, { baseDir })
  const result = await runTrial(spec, spec.seed, dataset, engine, undefined, ports)
  if (result.error !== undefined) throw new Error(result.error.message)
  return { spec, dataset, result }
}

// The configs on cmudict are run by tests of their own, with their data.
const large = ['attention-additive', 'last-state', 'transform']
const families = readdirSync('configs')
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''))
  .filter((name) => !large.includes(name))

test('there is a config for every shape of problem', () => {
  const used = families.map((name) => specOf(name, 1).spec.task.type)
  expect(new Set(used)).toEqual(new Set(Object.keys(tasks.parts)))
})

test.each(families)('configs/%s.yaml trains, predicts and scores', async (name) => {
  const { spec, dataset, result } = await run(name, 4)
  expect(result.status).toBe('completed')
  expect(result.stepsDone).toBe(4)
  expect(result.predictions).toHaveLength(dataset.dev.size + dataset.test.size)
  for (const { type } of spec.metrics) {
    const { value, low, high, method } = estimateOf(result.metrics.test[type])
    // Where every resample gives the same value, the interval is of the share of examples with an error.
    if (method === 'clopper-pearson-errors') continue
    expect(low).toBeLessThanOrEqual(value)
    expect(value).toBeLessThanOrEqual(high)
    const [least, most] = metrics.get(type).range
    expect(value).toBeGreaterThanOrEqual(least)
    expect(value).toBeLessThanOrEqual(most)
  }
})

test('two readings of one word: a recurrent model learns them, a feed-forward one cannot', async () => {
  const readings = async (cell: string) => {
    const { result } = await run('tickets-tag', 120, [`model.encoder.cell=${cell}`])
    const labelOf = (sentence: string) =>
      result.predictions
        .find(({ split, source }) => split === 'test' && source.join(' ') === sentence)
        ?.hypothesis.at(-1)
    return [labelOf('我 去 郑州'), labelOf('我 离开 郑州')]
  }
  expect(await readings('elman')).toEqual(['destination', 'origin'])
  const [after, before] = await readings('feed-forward')
  expect(after).toBeDefined()
  expect(after).toBe(before)
})
