import { describe, expect, it } from 'vitest'
import { floats } from '../../src/core/tensors.js'
import { logMean, meanOfAlignments, meanOfProbabilities } from '../../src/decode/average.js'
import { encode } from '../../src/decode/encode.js'
import { type DecodeOptions, searchMethods } from '../../src/decode/index.js'
import type { RunPure, SearchMember } from '../../src/decode/types.js'
import type { Transducer } from '../../src/model/decoder/types.js'
import { everyChoice } from '../support/choices.js'
import { download, upload } from '../support/tensors.js'
import { markov, sourceOf, specials, tableOf } from './markov.js'

const run: RunPure = async (_, pure, inputs) => download(pure({}, upload(inputs)))
const settings = { specials, maxLength: 4, alignments: 99, seed: 7 }

async function found(options: DecodeOptions, transducers: readonly Transducer[]) {
  const source = sourceOf([0, 1])
  const members: SearchMember[] = []
  for (const transducer of transducers)
    members.push({ run, transducer, encoded: await encode(run, transducer, source) })
  return searchMethods.build(options)(members, [0, 1], settings)
}

// From bos: one model is for 3 (0.7), the other for 4 (0.9): their mean is for 4 by 0.55 to 0.4. After 3 and 4 one model
// has the end by 0.8, the other by 0.4: the mean is 0.6.
const one = tableOf([
  [0, 0, 0, 0, 0],
  [-30, -30, Math.log(0.1), Math.log(0.7), Math.log(0.2)],
  [0, 0, 0, 0, 0],
  [-30, -30, Math.log(0.8), Math.log(0.1), Math.log(0.1)],
  [-30, -30, Math.log(0.8), Math.log(0.1), Math.log(0.1)],
])
const other = tableOf([
  [0, 0, 0, 0, 0],
  [-30, -30, -30, Math.log(0.1), Math.log(0.9)],
  [0, 0, 0, 0, 0],
  [-30, -30, Math.log(0.4), Math.log(0.3), Math.log(0.3)],
  [-30, -30, Math.log(0.4), Math.log(0.3), Math.log(0.3)],
])

describe('an ensemble', () => {
  it.each<DecodeOptions>([{ type: 'greedy' }, { type: 'beam', width: 3, lengthNormalisation: 0, nBest: 1 }])(
    'averages probabilities at each step: $type',
    async (options) => {
      const [alone] = await found(options, [markov(one)])
      const [together] = await found(options, [markov(one), markov(other)])
      expect(alone).toMatchObject({ ids: [3], score: expect.closeTo(Math.log(0.7 * 0.8), 5) })
      expect(together).toMatchObject({ ids: [4], score: expect.closeTo(Math.log(0.55 * 0.6), 5) })
    },
  )

  it.each(everyChoice(searchMethods))('of a model and itself is the model: %o', async (options) => {
    expect(await found(options, [markov(one), markov(one), markov(one)])).toEqual(await found(options, [markov(one)]))
  })

  it('of greedy searches walks past what a beam finds', async () => {
    // From bos: 3 by 0.6, 4 by 0.4. After 3: the end by 0.3, 4 by 0.5; after 4 the end is sure: 4 is 0.4, 3 4 is 0.3.
    const garden = tableOf([
      [0, 0, 0, 0, 0],
      [-30, -30, -30, Math.log(0.6), Math.log(0.4)],
      [0, 0, 0, 0, 0],
      [-30, -30, Math.log(0.3), Math.log(0.2), Math.log(0.5)],
      [-30, -30, 0, -30, -30],
    ])
    const twice = [markov(garden), markov(garden)]
    expect((await found({ type: 'greedy' }, twice))[0]?.ids).toEqual([3, 4])
    expect((await found({ type: 'beam', width: 2, lengthNormalisation: 0, nBest: 1 }, twice))[0]?.ids).toEqual([4])
  })

  it('has the mean of the alignments of those that have one', async () => {
    const twice: Transducer = {
      ...markov(one),
      step: (...of) => {
        const stepped = markov(one).step(...of)
        return { ...stepped, ...(stepped.alignment && { alignment: stepped.alignment.mul(3) }) }
      },
    }
    const blind: Transducer = {
      ...markov(one),
      step: (...of) => {
        const { alignment: _, ...stepped } = markov(one).step(...of)
        return stepped
      },
    }
    const [together] = await found({ type: 'greedy' }, [markov(one), twice, blind])
    expect(together?.alignment).toEqual([
      [2, 2],
      [4, 4],
    ])
  })
})

describe('means', () => {
  it('of probabilities are of what all have; a symbol that one lacks has probability 0 there', () => {
    const log = (...of: number[]) => of.map(Math.log)
    const narrow = floats(log(0.5, 0.5), [1, 2])
    const wide = floats(log(0.25, 0.25, 0.5), [1, 3])
    const { data, shape } = meanOfProbabilities([narrow, wide])
    expect(shape).toEqual([1, 3])
    expect([...data].map(Math.exp)).toEqual([0.375, 0.375, 0.25].map((p) => expect.closeTo(p, 6)))
  })

  it('of probabilities are of each row, of one model what it has', () => {
    const log = (...of: number[]) => of.map(Math.log)
    const wide = floats(log(0.25, 0.25, 0.5, 0.125, 0.125, 0.75), [2, 3])
    const narrow = floats(log(0.5, 0.5, 0.25, 0.75), [2, 2])
    for (const members of [
      [wide, narrow],
      [narrow, wide],
    ]) {
      const { data, shape } = meanOfProbabilities(members)
      expect(shape).toEqual([2, 3])
      const means = [0.375, 0.375, 0.25, 0.1875, 0.4375, 0.375]
      expect([...data].map(Math.exp)).toEqual(means.map((p) => expect.closeTo(p, 6)))
    }
    expect(meanOfProbabilities([wide])).toBe(wide)
    expect(meanOfAlignments([narrow])).toBe(narrow)
    expect(meanOfAlignments([])).toBeUndefined()
    expect(meanOfProbabilities([])).toEqual(floats([], [0, 0]))
  })

  it('do not overflow, and of nothing is nothing', () => {
    expect(logMean([-1e4, -1e4])).toBe(-1e4)
    expect(logMean([-Infinity, Math.log(0.5)])).toBeCloseTo(Math.log(0.25), 12)
    expect(logMean([-Infinity, -Infinity])).toBe(-Infinity)
  })

  it('of alignments leave out the padding of the wider', () => {
    const wide = meanOfAlignments([floats([1, 0, 0, 0, 1, 0], [2, 3]), floats([0, 1, 1, 0], [2, 2])])
    expect(wide).toEqual(floats([0.5, 0.5, 0.5, 0.5], [2, 2]))
    const others = meanOfAlignments([floats([1, 0, 0.25, 0.75], [2, 2]), floats([0.5, 0.5, 0, 0.75, 0.25, 0], [2, 3])])
    expect(others).toEqual(floats([0.75, 0.25, 0.5, 0.5], [2, 2]))
  })
})
