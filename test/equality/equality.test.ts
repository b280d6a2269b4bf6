import { expect, test } from 'vitest'
import { everyCombination, isLegal, resolve } from '../conformance/combinations.js'
import { compare } from './compare.js'
import type { Trained } from './trained.js'
import { evaluatedOnce, trainBriefly } from './trained.js'

const trained: Trained = {
  graphs: { 'train 4x4': { digest: 'a', structure: 's', operations: { Add: 2, Mul: 3 } } },
  parameters: { kernel: ['d', 2, 1] },
  values: [1, 0, 0.5],
  predictions: 'p',
}

function difference(change: Partial<Trained>) {
  return compare({ graphs: { model: trained } }, { graphs: { model: { ...trained, ...change } } })
}

test('the same combination gives the same twice', async () => {
  const [written] = everyCombination().filter(([name]) => name.startsWith('classify | gru | one layer'))
  if (written === undefined) throw new RangeError('there is no such combination')
  const [first, second] = [await trainBriefly(written, { steps: 2 }), await trainBriefly(written, { steps: 2 })]
  expect(second).toEqual(first)
  expect(Object.keys(first?.graphs ?? {}).some((name) => name.startsWith('train '))).toBe(true)
  expect(Object.keys(first?.parameters ?? {})).not.toEqual([])
})

test('no legal combination is left out because of what it is evaluated on', () => {
  const tried = new Set<string>()
  for (const [name, spec] of everyCombination()) {
    const data = JSON.stringify(spec.data)
    if (tried.has(data) || !isLegal(resolve([name, spec]))) continue
    tried.add(data)
    expect(resolve([name, { ...spec, data: evaluatedOnce(spec.data) }])).toHaveProperty('spec')
  }
  expect(tried.size).toBeGreaterThan(10)
})

test('equal files have no difference', () => {
  expect(difference({}).flagged).toBe(0)
  expect(difference({}).lines[1]).toMatch(/^1 compared, 0 with changed graphs, .* 0 with other values, 0 flags$/)
})

test('a changed graph is reported by its operations', () => {
  const graph = { digest: 'b', structure: 't', operations: { Add: 3, Neg: 1 } }
  const { lines, flagged } = difference({ graphs: { 'train 4x4': graph } })
  expect(flagged).toBe(0)
  expect(lines.join('\n')).toContain(
    'train: Add +1, Mul -3, Neg +1\n     in 1, such as model (Add 2 -> 3, Mul 3 -> 0, Neg 0 -> 1)',
  )
})

test('values beyond the tolerance are flagged, with the relative size of the difference', () => {
  expect(difference({ values: [1, 0, 0.5000001] }).flagged).toBe(0)
  expect(difference({ values: [1, 0, 0.51] }).lines).toContain('FLAG model: training loss: 0.5 -> 0.51, 2.0e-2')
  expect(difference({ parameters: { kernel: ['e', 2.1, 1] } }).lines).toContain(
    'FLAG model: norm of kernel: 2 -> 2.1, 5.0e-2',
  )
  expect(difference({ parameters: { weights: ['d', 2, 1] } }).flagged).toBe(2)
  expect(difference({ error: 'Error: no' }).flagged).toBe(1)
})

test('what another shard holds is not gone', () => {
  const graphs = { model: trained, other: trained }
  expect(compare({ graphs }, { graphs: { model: trained } }).flagged).toBe(1)
  expect(compare({ graphs }, { shard: '1/2', graphs: { model: trained } }).flagged).toBe(0)
})
