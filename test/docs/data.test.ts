import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { loadDataset } from '../../src/data/load.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { tasks } from '../../src/task/index.js'
import { folder } from '../support/data.js'

// Each snippet of docs/data.md is merged into the config of its task's family, and must be valid there.
const families: Record<string, string> = {
  transduce: 'machine-learning',
  tag: 'tickets-tag',
  classify: 'names-classify',
  'language-model': 'char-lm',
  forecast: 'forecast',
}
const page = readFileSync('docs/data.md', 'utf8')
const snippets = [...page.matchAll(/^```yaml (\S+)\n(.*?)^```$/gms)].map(([, task = '', yaml = '']) => ({ task, yaml }))

test('the page has a snippet of every family', () => {
  expect(new Set(snippets.map(({ task }) => task))).toEqual(new Set(Object.keys(families)))
})

test.each(snippets)('$task: $yaml', async ({ task: name, yaml }) => {
  const family = parse(readFileSync(`configs/${families[name]}.yaml`, 'utf8'))
  const own = parse(yaml)
  const merged = { ...family, ...own, model: { ...family.model, ...own.model } }
  const made = await folder({ 'snippet.yaml': stringify(merged) })
  const { specs, problems } = loadSpecs([`${made.baseDir}/snippet.yaml`])
  await made.remove()
  expect(problems).toEqual([])
  const data = specs[0]?.spec.data
  if (data === undefined) throw new RangeError(name)
  if (data.source.type !== 'inline') return
  const { train, dev, test } = await loadDataset(data, tasks.get(name).sides, { baseDir: '.' })
  for (const split of [train, dev, test]) expect(split.size).toBeGreaterThan(0)
})
