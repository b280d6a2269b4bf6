import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PartKind } from '../../src/core/part.js'
import { randomStream } from '../../src/core/random.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { cells } from '../../src/model/cells/index.js'
import { characterReaders } from '../../src/model/characters/index.js'
import { contexts } from '../../src/model/context/index.js'
import { unrollings } from '../../src/model/encoder/unroll.js'
import { featureJoins } from '../../src/model/features/index.js'
import { heads } from '../../src/model/heads/index.js'
import { initialisers } from '../../src/model/initialisers.js'
import { maps } from '../../src/model/maps/index.js'
import { normalisers } from '../../src/model/normalisers/index.js'
import { representations } from '../../src/model/representation/index.js'
import { scorers } from '../../src/model/scorers/index.js'
import { tasks } from '../../src/task/index.js'
import { conform } from './checks.js'
import { type Combination, everyCombination, isLegal, partsOf, resolve } from './combinations.js'
import type { WrittenSpec } from './variants.js'

// A seeded sample of what `npm run test:grid` runs in full: of each kind a number of legal ones, and then as many more as
// it takes for every part of a model to be in one.
const kinds: Readonly<Record<string, number>> = {
  alone: 1,
  tag: 1,
  classify: 1,
  'language-model': 1,
  forecast: 1,
  generate: 1,
  features: 2,
  characters: 1,
  factors: 1,
  transduce: 3,
}
const everyPart = new Set(
  [
    tasks,
    cells,
    unrollings,
    initialisers,
    representations,
    characterReaders,
    featureJoins,
    contexts,
    maps,
    scorers,
    normalisers,
    heads,
  ].flatMap(({ names }: PartKind): readonly string[] => names),
)

function sample(): readonly Combination[] {
  const all = randomStream(20, 'test').shuffle(everyCombination())
  const chosen = ofEachKind(all)
  const lacking = new Set(everyPart)
  const cover = ({ spec }: Combination) => {
    for (const name of partsOf(spec)) lacking.delete(name)
  }
  chosen.forEach(cover)
  for (const written of all) {
    if (![...lacking].some((name) => mentions(written, name))) continue
    const combination = resolve(written)
    if (!isLegal(combination) || ![...partsOf(combination.spec)].some((name) => lacking.has(name))) continue
    cover(combination)
    chosen.push(combination)
  }
  expect([...lacking], 'parts that are in no legal combination').toEqual([])
  return chosen
}

/** Whether a part's name is written in a spec: quicker than to resolve it. */
function mentions([, spec]: WrittenSpec, name: string): boolean {
  return JSON.stringify(spec).includes(`"${name}"`)
}

function ofEachKind(all: readonly WrittenSpec[]): Combination[] {
  const left = { ...kinds }
  const chosen: Combination[] = []
  for (const written of all) {
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
