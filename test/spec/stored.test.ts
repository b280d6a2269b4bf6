import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { resolveStored } from '../../src/spec/plan/stored.js'
import { tasks } from '../../src/task/index.js'

const configs = readdirSync('configs')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => `configs/${name}`)
const goldens = tasks.names.map((task) => `test/goldens/models/${task}/model.json`)

// What a run writes into model.json is read by the same version: a search that a task does not have is filled in there.
test.each(configs)('a resolved spec that was stored is the same spec: %s', (file) => {
  const [loaded] = loadSpecs([file]).specs
  expect(loaded).toBeDefined()
  expect(resolveStored(JSON.parse(JSON.stringify(loaded?.spec)), file)).toEqual(loaded?.spec)
})

test('these are specs of every task', () => {
  const { specs } = loadSpecs(configs)
  expect([...new Set(specs.map(({ spec }) => spec.task.type))].sort()).toEqual([...tasks.names].sort())
})

test.each(goldens)('one of an earlier version is complete, and then stays what it is: %s', (file) => {
  const resolved = resolveStored(JSON.parse(readFileSync(file, 'utf8')).spec, file)
  expect(resolved.train.validate.decode).toEqual({ type: 'greedy' })
  expect(resolveStored(JSON.parse(JSON.stringify(resolved)), file)).toEqual(resolved)
})

test('what nothing searches with is refused where it is anything else', () => {
  const [loaded] = loadSpecs(['configs/names-classify.yaml']).specs
  const { validate, ...train } = loaded?.spec.train ?? { validate: {} }
  const stored = { ...loaded?.spec, train: { ...train, validate: { ...validate, patience: 'none' } } }
  expect(() => resolveStored(JSON.parse(JSON.stringify(stored)), 'model.json')).toThrow('train.validate.patience')
})
