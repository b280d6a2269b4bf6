import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floats, ints } from '../../src/core/tensors.js'
import { type Tensor2D, tf } from '../../src/core/tf.js'
import { leaf } from '../../src/core/tree.js'
import { encode } from '../../src/decode/encode.js'
import { searchMethods } from '../../src/decode/index.js'
import type { RunPure } from '../../src/decode/types.js'
import type { Transducer } from '../../src/model/decoder/types.js'
import { everyChoice } from '../support/choices.js'
import { download, upload } from '../support/tensors.js'
import { decoded, markov, scores, secondOrder, sourceOf, specials, tableOf, uneven } from './markov.js'

const settings = { specials, maxLength: 4, alignments: 99, seed: 7 }
const beamOf = (width: number, nBest = 1) => searchMethods.build({ type: 'beam', width, lengthNormalisation: 0, nBest })

// From bos: 3 by 0.6, 4 by 0.4. After 3: the end by 0.3, 3 by 0.2, 4 by 0.5; after 4 the end is sure.
const garden = tableOf([
  [0, 0, 0, 0, 0],
  [-30, -30, -30, Math.log(0.6), Math.log(0.4)],
  [0, 0, 0, 0, 0],
  [-30, -30, Math.log(0.3), Math.log(0.2), Math.log(0.5)],
  [-30, -30, 0, -30, -30],
])

/** What each step of a beam of two reads, for two examples whose batch has one row of padding. */
async function rowsOfSteps(rowsStep?: number) {
  const seen: { examples: number[]; parents: number[]; previous: number[] }[] = []
  const run: RunPure = async (name, pure, inputs) => {
    const row = (of: string) => [...leaf(inputs, of).data]
    if (name.startsWith('step'))
      seen.push({ examples: row('examples'), parents: row('parents'), previous: row('previous') })
    return download(pure({}, upload(inputs)))
  }
  const transducer: Transducer = markov(garden)
  const encoded = await encode(run, transducer, sourceOf([0, 0]))
  const packed = rowsStep === undefined ? {} : { rowsStep }
  const found = await beamOf(2, 2)([{ run, transducer, encoded }], [0, 1], { ...settings, ...packed })
  return { found, seen }
}

it('each source has its own steps, padding none', async () => {
  const run: RunPure = async (_, pure, inputs) => download(pure({}, upload(inputs)))
  const source = { ids: ints([5, 6, 7, 8, 0, 0], [3, 2]), mask: floats([1, 1, 1, 0, 0, 0], [3, 2]) }
  expect(await encode(run, markov(garden), source)).toMatchObject({ rows: 3, lengths: [2, 1, 0] })
})

describe('the rows of a beam', () => {
  // Step 1 reads bos, step 2 reads 3 and 4. Then 4 has ended, and step 3 reads the 4 of 3 4, which goes on from 3.
  it('are as many as there may be hypotheses; those without one follow the first of their example', async () => {
    const { seen } = await rowsOfSteps()
    const examples = [0, 0, 1, 1, 2, 2]
    expect(seen).toEqual([
      { examples, parents: [0, 0, 1, 1, 0, 0], previous: [1, 0, 1, 0, 0, 0] },
      { examples, parents: [0, 0, 2, 2, 0, 0], previous: [3, 4, 3, 4, 0, 0] },
      { examples, parents: [0, 0, 2, 2, 0, 0], previous: [4, 0, 4, 0, 0, 0] },
    ])
  })

  it('are as many as there are hypotheses, up to a multiple of what is asked for: the others are copies of the first', async () => {
    const { seen } = await rowsOfSteps(4)
    expect(seen).toEqual([
      { examples: [0, 1, 0, 0], parents: [0, 1, 0, 0], previous: [1, 1, 1, 1] },
      { examples: [0, 0, 1, 1], parents: [0, 0, 1, 1], previous: [3, 4, 3, 4] },
      { examples: [0, 1, 0, 0], parents: [0, 2, 0, 0], previous: [4, 4, 4, 4] },
    ])
    const thirds = (await rowsOfSteps(3)).seen
    expect(thirds.map(({ parents }) => parents)).toEqual([
      [0, 1, 0],
      [0, 0, 1, 1, 0, 0],
      [0, 2, 0],
    ])
    const exact = (await rowsOfSteps(1)).seen
    expect(exact.map(({ parents }) => parents)).toEqual([
      [0, 1],
      [0, 0, 1, 1],
      [0, 2],
    ])
  })

  it('make no difference to what is found', async () => {
    const spread = await rowsOfSteps()
    expect((await rowsOfSteps(4)).found).toEqual(spread.found)
    const shifts = [0, 1, 3]
    const property = fc.asyncProperty(scores, fc.integer({ min: 1, max: 5 }), async (table, rowsStep) => {
      for (const transducer of [markov(uneven(table)), secondOrder(uneven(table))]) {
        const by = (more: object) =>
          decoded(beamOf(3, 2), transducer, sourceOf(shifts), shifts, { ...settings, ...more })
        expect(await by({ rowsStep })).toEqual(await by({}))
      }
    })
    await fc.assert(property, { numRuns: 10, seed: 6 })
  })
})

describe('an output', () => {
  // Whatever is read, what is read next is sure: bos 3 4 and the end.
  const sure = (id: number) => Array.from({ length: 5 }, (_, at) => (at === id ? 0 : -90))
  const line = markov(tableOf([sure(2), sure(3), sure(2), sure(4), sure(2)]))

  it.each(everyChoice(searchMethods))('goes on from a symbol that is given: %o', async (options) => {
    const search = searchMethods.build(options)
    const [whole] = await decoded(search, line, sourceOf([0]), [0], settings)
    const [rest] = await decoded(search, line, sourceOf([0]), [0], { ...settings, first: 3 })
    expect([whole?.ids, rest?.ids]).toEqual([[3, 4], [4]])
  })

  it('of a beam has no symbol that is more than sure', async () => {
    // Log probabilities a little above 0, as rounding makes them: they count as 0.
    const above = (id: number) => Array.from({ length: 5 }, (_, at) => (at === id ? 0.25 : -90))
    const rounded = tf.tensor2d([above(2), above(3), above(2), above(4), above(2)]) as Tensor2D
    const [found] = await decoded(beamOf(2), markov(rounded), sourceOf([0]), [0], settings)
    expect(found).toMatchObject({ ids: [3, 4], score: 0 })
  })
})
