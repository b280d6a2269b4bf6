import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { conform } from './checks.js'
import { type Combination, everyCombination, isLegal, resolve } from './combinations.js'

// A seeded sample of what `npm run test:grid` runs in whole: of each kind so many that are legal.
const kinds: Readonly<Record<string, number>> = {
  alone: 3,
  tag: 1,
  classify: 1,
  'language-model': 1,
  forecast: 1,
  generate: 1,
  transduce: 6,
}

function sample(): readonly Combination[] {
  const left = { ...kinds }
  const chosen: Combination[] = []
  for (const written of randomStream(20, 'test').shuffle(everyCombination())) {
    const kind = Object.keys(kinds).find((name) => written[0].startsWith(name)) ?? 'transduce'
    if (left[kind] === 0) continue
    const combination = resolve(written)
    if (!isLegal(combination)) continue
    left[kind] = (left[kind] ?? 0) - 1
    chosen.push(combination)
  }
  return chosen
}

let compiled: Engine
let reference: Engine
beforeAll(async () => {
  compiled = await createEngine('compiled', { threads: 1 })
  reference = await createEngine('tfjs-cpu', { threads: 1 })
})
afterAll(async () => {
  await compiled.dispose()
  await reference.dispose()
})

describe('conformance', () => {
  const chosen = sample()

  it.each(chosen.map((combination) => [combination.name, combination] as const))('%s', async (_, combination) => {
    await conform(combination, compiled, reference)
  })

  it('has no two combinations of one name', () => {
    const names = everyCombination().map(([name]) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
