import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { openModel, type TrainedModel } from '../../src/inference/open-model.js'
import { withExportedForm } from '../support/exported-model.js'

let folder: string
let model: TrainedModel

beforeAll(async () => {
  folder = await withExportedForm('transduce')
  model = await openModel(folder)
})
afterAll(async () => {
  await model.dispose()
  rmSync(folder, { recursive: true })
})

/** Words of 1 to 12 of the model's symbols; some are there twice. */
function words(count: number): string[] {
  const symbols = model.description.vocabularies.source?.symbols.slice(4) ?? []
  const random = randomStream(3, 'test')
  const below = (limit: number) => Math.floor(random.uniform() * limit)
  return Array.from({ length: count }, () => {
    return Array.from({ length: 1 + below(12) }, () => symbols[below(symbols.length)]).join('')
  })
}

const searches = {
  'greedy search': { type: 'greedy' },
  'a beam of one': { type: 'beam', width: 1, lengthNormalisation: 0, nBest: 1 },
  'a beam of three': { type: 'beam', width: 3, lengthNormalisation: 0, nBest: 3 },
} as const

describe.each(Object.entries(searches))('%s', (_, decode) => {
  it('gives each source what it gives it alone, to the last bit, in batches of any size and at any place', async () => {
    const sources = words(128)
    const alone = []
    for (const source of sources) alone.push(...(await model.predict([source], { decode, alignments: true })))
    for (const size of [2, 3, 7, 64]) {
      for (let at = 0; at < sources.length; at += size) {
        const together = await model.predict(sources.slice(at, at + size), { decode, alignments: true })
        expect(together).toEqual(alone.slice(at, at + size))
      }
    }
  })
})

it('greedy search is a beam of one to the last bit, whatever outputs may be at most', async () => {
  const sources = words(40)
  for (const maxLength of [1, 5, 6, 7, 20]) {
    const [greedy, beam] = [
      await model.predict(sources, { decode: searches['greedy search'], maxLength, alignments: true }),
      await model.predict(sources, { decode: searches['a beam of one'], maxLength, alignments: true }),
    ]
    expect(greedy).toEqual(beam)
  }
})
