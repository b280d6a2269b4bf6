import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromSeed } from '../../src/core/random.js'
import { type Tensor2D, tf } from '../../src/core/tf.js'
import { plainBeam } from '../../src/decode/beam.js'
import { searchMethods } from '../../src/decode/index.js'
import { decodeProblems } from '../../src/decode/rules.js'
import { drawFrom } from '../../src/decode/sample.js'
import { everyChoice } from '../support/choices.js'
import { decoded, markov, scores, secondOrder, sourceOf, specials, tableOf, uneven } from './markov.js'

const settings = { specials, maxLength: 4, alignments: 99, seed: 7 }
const beamOf = (width: number, more: { lengthNormalisation?: number; nBest?: number } = {}) =>
  searchMethods.build({ type: 'beam', width, lengthNormalisation: 0, nBest: 1, ...more })

interface Output {
  readonly ids: readonly number[]
  readonly score: number
}

/** Symbols 0 and 1 are padding and the beginning: never part of an output. Every output of at most `maxLength` symbols with its log probability; cut ones have no eos. */
function enumerate(table: Tensor2D, shift: number, maxLength: number): { ids: number[]; score: number }[] {
  const rows = table.arraySync()
  const from = (ids: number[], score: number, previous: number): { ids: number[]; score: number }[] => {
    const row = rows[(previous + shift) % 5] ?? []
    const ended = { ids, score: score + (row[specials.eos] ?? 0) }
    if (ids.length === maxLength) return [ended, { ids, score }]
    const others = [3, 4].flatMap((id) => from([...ids, id], score + (row[id] ?? 0), id))
    return [ended, ...others]
  }
  return from([], 0, specials.bos)
}

describe('every search', () => {
  // Padding and the beginning are the most probable by far, then 4, then the end.
  const tempting = tableOf(Array.from({ length: 5 }, () => [9, 9, 1, 0, 2]))

  it.each(everyChoice(searchMethods))('never gives padding or the beginning: %o', async (options) => {
    const [found] = await decoded(searchMethods.build(options), markov(tempting), sourceOf([0]), [0], settings)
    expect(found?.ids.every((id) => id >= 3)).toBe(true)
    expect(found?.alignment?.length).toBeGreaterThan(0)
  })
})

describe('alignments', () => {
  const chain = markov(tableOf(Array.from({ length: 5 }, () => [0, 0, 1, 0, 2])))

  it.each(everyChoice(searchMethods))('are of the first examples of the split: %o', async (options) => {
    const search = searchMethods.build(options)
    const found = await decoded(search, chain, sourceOf([0, 0, 0]), [1, 2, 3], { ...settings, alignments: 2 })
    expect(found.map(({ alignment }) => alignment !== undefined)).toEqual([true, false, false])
  })

  it.each(everyChoice(searchMethods))('are of chosen examples, wherever these are: %o', async (options) => {
    const search = searchMethods.build(options)
    const chosen = { ...settings, alignments: new Set([0, 3]) }
    const found = await decoded(search, chain, sourceOf([0, 0, 0]), [1, 2, 3], chosen)
    expect(found.map(({ alignment }) => alignment !== undefined)).toEqual([false, false, true])
  })
})

describe('a model without alignments', () => {
  const chain = uneven([0, 1, 2, 3, 4].map((row) => [0, 0, row % 2, 1, row / 2]))

  it.each(everyChoice(searchMethods))('has none in its outputs, also where they are asked for: %o', async (options) => {
    const [found] = await decoded(searchMethods.build(options), secondOrder(chain), sourceOf([1]), [0], settings)
    expect(Object.keys(found ?? {})).toEqual(['ids', 'score'])
  })
})

describe('functions of a search', () => {
  it.each(everyChoice(searchMethods))('have another name where they give alignments: %o', async (options) => {
    const table = tableOf(Array.from({ length: 5 }, () => [0, 0, 1, 0, 2]))
    const names = async (alignments: number | ReadonlySet<number>) => {
      const seen = new Set<string>()
      const search = searchMethods.build(options)
      await decoded(search, markov(table), sourceOf([0]), [0], { ...settings, alignments }, (name) => seen.add(name))
      seen.delete('encode')
      return [...seen]
    }
    const [name = ''] = await names(0)
    expect(await names(0)).toEqual([name])
    expect(await names(1)).toEqual([`${name}-with-alignments`])
    expect(await names(new Set())).toEqual([name])
    expect(await names(new Set([5]))).toEqual([`${name}-with-alignments`])
  })
})

describe('beam search', () => {
  it('of width 1 is greedy search', async () => {
    await fc.assert(
      fc.asyncProperty(scores, async (table) => {
        const transducer = markov(uneven(table))
        const greedy = await decoded(
          searchMethods.build({ type: 'greedy' }),
          transducer,
          sourceOf([0, 1, 3]),
          [0, 1, 2],
          settings,
        )
        const found = await decoded(beamOf(1), transducer, sourceOf([0, 1, 3]), [0, 1, 2], settings)
        expect(found.map(({ ids }) => ids)).toEqual(greedy.map(({ ids }) => ids))
        for (const [i, { score, alignment }] of found.entries()) {
          expect(score).toBeCloseTo(greedy[i]?.score ?? Number.NaN, 4)
          expect(alignment).toEqual(greedy[i]?.alignment)
        }
      }),
      { numRuns: 25, seed: 1 },
    )
  })

  it('that is wide enough finds the most probable of all outputs that end', async () => {
    await fc.assert(
      fc.asyncProperty(scores, async (table) => {
        const chain = uneven(table)
        const [found] = await decoded(beamOf(400, { nBest: 400 }), markov(chain), sourceOf([2]), [0], {
          ...settings,
          maxLength: 3,
        })
        const [best] = enumerate(chain, 2, 3).sort((a, b) => b.score - a.score)
        const score = found?.candidates?.[0]?.score ?? Number.NaN
        expect(score).toBeGreaterThanOrEqual((best?.score ?? 0) - 1e-4)
      }),
      { numRuns: 10, seed: 2 },
    )
  })

  it('that is wide enough finds every output of at most maxLength symbols once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(scores, async (table) => {
        const chain = uneven(table)
        const short = { ...settings, maxLength: 3 }
        const [found] = await decoded(beamOf(30, { nBest: 30 }), markov(chain), sourceOf([1]), [0], short)
        // 1 + 2 + 4 + 8 that end, and 8 of three symbols that were cut.
        const all = enumerate(chain, 1, 3).sort((a, b) => b.score - a.score)
        expect(all).toHaveLength(23)
        expect(found?.candidates?.map(({ ids }) => ids)).toEqual(all.map(({ ids }) => ids))
        for (const [at, { score }] of all.entries()) expect(found?.candidates?.[at]?.score).toBeCloseTo(score, 4)
      }),
      { numRuns: 5, seed: 3 },
    )
  })

  // From bos: 3 by 0.6, 4 by 0.4. After 3: the end by 0.3, 3 by 0.2, 4 by 0.5; after 4 the end is sure. Greedy
  // search takes 3 4 (0.3), the beam 4 (0.4).
  const garden = tableOf([
    [0, 0, 0, 0, 0],
    [-30, -30, -30, Math.log(0.6), Math.log(0.4)],
    [0, 0, 0, 0, 0],
    [-30, -30, Math.log(0.3), Math.log(0.2), Math.log(0.5)],
    [-30, -30, 0, -30, -30],
  ])

  it('finds what greedy search walks past', async () => {
    const [greedy] = await decoded(
      searchMethods.build({ type: 'greedy' }),
      markov(garden),
      sourceOf([0]),
      [0],
      settings,
    )
    const [found] = await decoded(beamOf(2), markov(garden), sourceOf([0]), [0], settings)
    expect(greedy?.ids).toEqual([3, 4])
    expect(found?.ids).toEqual([4])
    expect(found?.score).toBeCloseTo(Math.log(0.4), 4)
  })

  it('goes on from the state of each hypothesis and of each example', async () => {
    const chain = uneven([0, 1, 2, 3, 4].map((row) => [0, 0, row % 2, 1, row / 2]))
    const rows = chain.arraySync()
    const every = (shift: number, ids: number[], score: number, previous: number, before: number): Output[] => {
      const row = rows[(previous + 2 * before + shift) % 5] ?? []
      const ended = { ids, score: score + (row[specials.eos] ?? 0) }
      if (ids.length === 3) return [ended, { ids, score }]
      const others = [3, 4].flatMap((id) => every(shift, [...ids, id], score + (row[id] ?? 0), id, previous))
      return [ended, ...others]
    }
    const shifts = [0, 1, 2]
    const wide = beamOf(40, { nBest: 40 })
    const found = await decoded(wide, secondOrder(chain), sourceOf(shifts), shifts, { ...settings, maxLength: 3 })
    for (const shift of shifts) {
      const all = every(shift, [], 0, specials.bos, shift).sort((a, b) => b.score - a.score)
      expect(found[shift]?.candidates).toEqual(all.map(({ ids, score }) => ({ ids, score: expect.closeTo(score, 4) })))
    }
  })

  it('gives equally probable outputs in the order of their symbols', async () => {
    // 3 5 and 4 5, by 1/2 each, after three steps.
    const sure = (id: number) => Array.from({ length: 6 }, (_, at) => (at === id ? 0 : -30))
    const half = [-30, -30, -30, 0, 0, -30]
    const even = markov(tableOf([sure(2), half, sure(2), sure(5), sure(5), sure(2)]))
    const [found] = await decoded(beamOf(2, { nBest: 2 }), even, sourceOf([0]), [0], settings)
    expect(found?.candidates?.map(({ ids }) => ids)).toEqual([
      [3, 5],
      [4, 5],
    ])
  })

  it('needs a symbol that is possible', async () => {
    const impossible = markov(tf.fill([5, 5], Number.NEGATIVE_INFINITY) as Tensor2D)
    await expect(decoded(beamOf(2), impossible, sourceOf([0]), [0], settings)).rejects.toThrow(
      'at least one hypothesis',
    )
  })

  it('takes no step after the last hypothesis has ended', async () => {
    // 3 and 4; the end after 4, and 3 4; the end after 3 4: three steps, where four symbols and an end would be five.
    const steps: string[] = []
    await decoded(beamOf(2), markov(garden), sourceOf([0]), [0], settings, (name) => steps.push(name))
    expect(steps).toHaveLength(3)
  })

  it('takes no step for what could only come to rank equally', async () => {
    // The end, 3 and 4 are equally probable: what follows 3 is at most as probable as the end.
    const even = markov(tableOf(Array.from({ length: 5 }, () => [-90, -90, 0, 0, 0])))
    const steps: string[] = []
    const told = (name: string) => steps.push(name)
    await decoded(beamOf(2), even, sourceOf([0]), [0], { ...settings, alignments: 0 }, told)
    expect(steps).toEqual(['encode', 'step'])
  })

  it('without anything else is plain', () => {
    expect(plainBeam(4)).toEqual({ type: 'beam', width: 4, lengthNormalisation: 0, nBest: 1 })
  })

  it('reports the n best in order, with their log probabilities', async () => {
    const [found] = await decoded(beamOf(4, { nBest: 3 }), markov(garden), sourceOf([0]), [0], settings)
    expect(found?.candidates?.map(({ ids }) => ids)).toEqual([[4], [3, 4], [3]])
    const expected = [0.4, 0.6 * 0.5, 0.6 * 0.3].map(Math.log)
    for (const [i, { score }] of (found?.candidates ?? []).entries()) expect(score).toBeCloseTo(expected[i] ?? 0, 4)
  })

  it('prefers longer outputs under length normalisation', async () => {
    const [found] = await decoded(beamOf(3, { lengthNormalisation: 8 }), markov(garden), sourceOf([0]), [0], settings)
    // −ln 0.4 / 1 = 0.92 against −ln 0.3 / (7/6)^8 = 0.35
    expect(found?.ids).toEqual([3, 4])
    expect(found?.score).toBeCloseTo(Math.log(0.3), 4)
  })

  it('divides by ((5 + length) / 6)^α: what wins changes at α = 1.7713', async () => {
    // ln 0.4 = ln 0.3 / (7/6)^α at α = ln(ln 0.3 / ln 0.4) / ln(7/6) = 0.273049 / 0.154151. With another constant in place
    // of 5 it would be at another α: 1.498 with 4, 2.045 with 6.
    const winner = async (lengthNormalisation: number) => {
      const [found] = await decoded(beamOf(3, { lengthNormalisation }), markov(garden), sourceOf([0]), [0], settings)
      return found?.ids
    }
    expect(await winner(1.771)).toEqual([4])
    expect(await winner(1.772)).toEqual([3, 4])
  })

  // From bos: 3 by 0.6, 4 by 0.4. After 3: 3 by 0.55, the end by 0.45; after 4 the end is sure.
  const corridor = tableOf([
    [0, 0, 0, 0, 0],
    [-30, -30, -30, Math.log(0.6), Math.log(0.4)],
    [0, 0, 0, 0, 0],
    [-30, -30, Math.log(0.45), Math.log(0.55), -30],
    [-30, -30, 0, -30, -30],
  ])

  it('stays as wide when hypotheses end, and cuts what does not end', async () => {
    // Of two, 4 ends (0.4) and 3 3 goes on (0.33): then 3 3 3 (0.1815) and 3 3 with its end (0.1485) are both kept.
    const [found] = await decoded(beamOf(2, { nBest: 2 }), markov(corridor), sourceOf([0]), [0], settings)
    expect(found?.candidates).toMatchObject([
      { ids: [4], score: expect.closeTo(Math.log(0.4), 4) },
      { ids: [3, 3], score: expect.closeTo(Math.log(0.6 * 0.55 * 0.45), 4) },
    ])
    // Its length counts the four symbols: (9/6)^8 = 25.6.
    const long = beamOf(2, { lengthNormalisation: 8 })
    expect((await decoded(long, markov(corridor), sourceOf([0]), [0], settings))[0]?.ids).toEqual([3, 3, 3, 3])
  })

  it('takes the earlier of equally probable symbols, and of equal outputs the first to end', async () => {
    // The end, 3 and 4 are equally probable: a beam of two keeps the end and 3, then the end after 3.
    const even = markov(tableOf(Array.from({ length: 5 }, () => [-30, -30, 0, 0, 0])))
    const [found] = await decoded(beamOf(2, { nBest: 2 }), even, sourceOf([0]), [0], settings)
    expect(found?.candidates?.map(({ ids }) => ids)).toEqual([[], [3]])
  })

  it('gives each example of a batch what it gives it alone', async () => {
    const chain = uneven([
      [0, 0, 1, 0, 0],
      [0, 0, 0, 1, 2],
      [0, 0, 0, 2, 0],
      [0, 0, 1, 1, 0],
      [0, 0, 2, 1, 0],
    ])
    const shifts = [0, 1, 2, 3, 4]
    const together = await decoded(beamOf(3, { nBest: 3 }), markov(chain), sourceOf(shifts), shifts, settings)
    for (const shift of shifts) {
      const [alone] = await decoded(beamOf(3, { nBest: 3 }), markov(chain), sourceOf([shift]), [shift], settings)
      expect(together[shift]).toEqual(alone)
    }
  })

  it('has candidates only where more than one is asked for, and alignments only where some are', async () => {
    const none = { ...settings, alignments: 0 }
    const [found] = await decoded(beamOf(2), markov(garden), sourceOf([0]), [0], none)
    expect(found).toStrictEqual({ ids: [4], score: expect.closeTo(Math.log(0.4), 4) })
    const [one] = await decoded(beamOf(2), markov(garden), sourceOf([0]), [0], { ...settings, alignments: 1 })
    expect(one?.alignment).toHaveLength(2)
  })

  it('carries the state of the hypothesis that goes on, and keeps its alignments', async () => {
    const [found] = await decoded(beamOf(3), markov(garden), sourceOf([0]), [0], settings)
    expect(found?.alignment).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('cannot report more than it keeps', () => {
    const problems = decodeProblems({ type: 'beam', width: 2, lengthNormalisation: 0, nBest: 3 }, 'decode')
    expect(problems.map(({ path }) => path)).toEqual(['decode.nBest'])
    expect(decodeProblems({ type: 'beam', width: 3, lengthNormalisation: 0, nBest: 3 }, 'decode')).toEqual([])
    expect(decodeProblems({ type: 'greedy' }, 'decode')).toEqual([])
  })

  it('penalises what its source leaves uncovered only where the model attends', () => {
    const beam = (more: object) => ({ type: 'beam', width: 3, lengthNormalisation: 0, nBest: 1, ...more }) as const
    expect(decodeProblems(beam({ coveragePenalty: 0.5 }), 'decode', false)).toEqual([
      {
        path: 'decode.coveragePenalty',
        message: 'the model does not attend to its source, and this needs alignments',
        expected: 'model.context: attention',
      },
    ])
    expect(decodeProblems(beam({ coveragePenalty: 0.5 }), 'decode')).toEqual([])
    expect(decodeProblems(beam({ coveragePenalty: 0 }), 'decode', false)).toEqual([])
    expect(decodeProblems(beam({}), 'decode', false)).toEqual([])
    expect(decodeProblems({ type: 'greedy' }, 'decode', false)).toEqual([])
  })
})

describe('sampling', () => {
  const chain = uneven([
    [0, 0, 1, 0, 0],
    [0, 0, 0, 1, 2],
    [0, 0, 0, 0, 0],
    [0, 0, 1, 1, 0],
    [0, 0, 2, 1, 0],
  ])
  const draw = async (temperature: number, seed: number, examples = [0, 1]) =>
    decoded(
      searchMethods.build({ type: 'sample', temperature }),
      markov(chain),
      sourceOf(examples.map(() => 0)),
      examples,
      {
        ...settings,
        seed,
      },
    )

  it('is the same for the same seed and example, whatever the rest of the batch', async () => {
    const both = await draw(1, 3)
    expect(await draw(1, 3)).toEqual(both)
    const [alone] = await draw(1, 3, [1])
    expect(alone).toEqual(both[1])
    const others = await Promise.all([4, 5, 6, 7].map((seed) => draw(1, seed)))
    expect(others.some((other) => JSON.stringify(other) !== JSON.stringify(both))).toBe(true)
  })

  it('scores what it drew by the model', async () => {
    for (const { ids, score } of await draw(1, 3)) {
      const all = enumerate(chain, 0, 4)
      const same = all.filter((other) => JSON.stringify(other.ids) === JSON.stringify(ids))
      expect(same.some((other) => Math.abs(other.score - score) < 1e-4)).toBe(true)
    }
  })

  it('near temperature 0 is greedy search', async () => {
    const near = searchMethods.build({ type: 'sample', temperature: 1e-3 })
    const [greedy, found] = await Promise.all(
      [searchMethods.build({ type: 'greedy' }), near].map((search) =>
        decoded(search, markov(chain), sourceOf([0, 1, 3]), [0, 1, 2], settings),
      ),
    )
    expect(found?.map(({ ids }) => ids)).toEqual(greedy?.map(({ ids }) => ids))
  })

  it('counts the end that comes right after maxLength symbols, and takes no step after it', async () => {
    // 3 4 and the end are sure.
    const sure = (id: number) => Array.from({ length: 5 }, (_, at) => (at === id ? 0 : -90))
    const line = markov(tableOf([sure(2), sure(3), sure(2), sure(4), sure(2)]))
    const steps = async (maxLength: number) => {
      const names: string[] = []
      const search = searchMethods.build({ type: 'sample', temperature: 1 })
      const told = (name: string) => names.push(name)
      const [found] = await decoded(search, line, sourceOf([0]), [0], { ...settings, maxLength }, told)
      return [found?.ids, found?.alignment?.length, names.filter((name) => name.startsWith('step')).length]
    }
    expect(await steps(2)).toEqual([[3, 4], 3, 3])
    expect(await steps(4)).toEqual([[3, 4], 3, 3])
  })

  it('draws among symbols that are all improbable beyond what numbers can be: e^-2000', () => {
    const random = fromSeed(5)
    expect(new Set(Array.from({ length: 50 }, () => drawFrom([-2000, -2000], 1, random)))).toEqual(new Set([0, 1]))
  })

  it('stops at maxLength, and then counts no end', async () => {
    // 3 is all but sure: four symbols, four steps in the score.
    const endless = markov(tableOf(Array.from({ length: 5 }, () => [-30, -30, -30, 0, -30])))
    const search = searchMethods.build({ type: 'sample', temperature: 1 })
    const [found] = await decoded(search, endless, sourceOf([0]), [0], settings)
    expect(found).toMatchObject({ ids: [3, 3, 3, 3], score: expect.closeTo(0, 6) })
    expect(found?.alignment).toEqual([1, 2, 3, 4].map((step) => [step, step]))
    const [without] = await decoded(search, endless, sourceOf([0]), [0], { ...settings, alignments: 0 })
    expect(without).toEqual({ ids: [3, 3, 3, 3], score: expect.closeTo(0, 6) })
  })

  it.each([0.5, 1, 2])('draws where a uniform number falls among the p^(1 / temperature): %d', (temperature) => {
    const weights = [0.1, 0.2, 0.7].map((p) => p ** (1 / temperature))
    const total = weights.reduce((sum, weight) => sum + weight)
    const [first = 0, second = 0] = weights
    const [random, same] = [fromSeed(5), fromSeed(5)]
    for (let n = 0; n < 500; n++) {
      const at = same.uniform() * total
      const expected = at < first ? 0 : at < first + second ? 1 : 2
      expect(drawFrom([0.1, 0.2, 0.7].map(Math.log), temperature, random)).toBe(expected)
    }
  })

  it('draws by the probabilities: 0.1, 0.2 and 0.7 within four standard deviations', () => {
    const random = fromSeed(5)
    const probabilities = [0.1, 0.2, 0.7]
    const counts = [0, 0, 0]
    for (let n = 0; n < 10_000; n++) {
      const id = drawFrom(probabilities.map(Math.log), 1, random)
      counts[id] = (counts[id] ?? 0) + 1
    }
    for (const [id, p] of probabilities.entries()) {
      expect(Math.abs((counts[id] ?? 0) - 10_000 * p)).toBeLessThan(4 * Math.sqrt(10_000 * p * (1 - p)))
    }
  })

  const countsOf = (probabilities: readonly number[], truncation: Parameters<typeof drawFrom>[3], temperature = 1) => {
    const random = fromSeed(3)
    const counts = probabilities.map(() => 0)
    for (let n = 0; n < 4000; n++) {
      const id = drawFrom(probabilities.map(Math.log), temperature, random, truncation)
      counts[id] = (counts[id] ?? 0) + 1
    }
    return counts.map((count) => count / 4000)
  }
  const near = (shares: readonly number[]) => shares.map((share) => (share === 0 ? 0 : expect.closeTo(share, 1)))

  it('draws from the k most probable symbols alone, of equals the earlier', () => {
    expect(countsOf([0.1, 0.2, 0.3, 0.4], { topK: 2 })).toEqual(near([0, 0, 3 / 7, 4 / 7]))
    expect(countsOf([0.25, 0.25, 0.25, 0.25], { topK: 2 })).toEqual(near([0.5, 0.5, 0, 0]))
    expect(countsOf([0.1, 0.2, 0.7], { topK: 1 })).toEqual([0, 0, 1])
  })

  it('draws from the nucleus: the fewest symbols that have p together', () => {
    expect(countsOf([0.125, 0.25, 0.125, 0.5], { topP: 0.5 })).toEqual([0, 0, 0, 1])
    expect(countsOf([0.125, 0.25, 0.125, 0.5], { topP: 0.51 })).toEqual(near([0, 1 / 3, 0, 2 / 3]))
    expect(countsOf([0.1, 0.2, 0.3, 0.4], { topP: 1e-9 })).toEqual([0, 0, 0, 1])
    // After top k, whose two are 3/7 and 4/7: 0.55 is in the first alone.
    expect(countsOf([0.1, 0.2, 0.3, 0.4], { topK: 2, topP: 0.55 })).toEqual([0, 0, 0, 1])
    // The temperature comes first: squared, 0.36, 0.09 and 0.01 of 0.46; the first has 0.78.
    expect(countsOf([0.6, 0.3, 0.1], { topP: 0.7 }, 0.5)).toEqual([1, 0, 0])
  })

  it('of all symbols draws what it draws without top k and top p', async () => {
    const random = [fromSeed(9), fromSeed(9)] as const
    for (let n = 0; n < 200; n++) {
      const logProbs = [0.1, 0.2, 0.7].map(Math.log)
      expect(drawFrom(logProbs, 1, random[0], { topK: 3, topP: 1 })).toBe(drawFrom(logProbs, 1, random[1]))
    }
  })
})

describe('the shortest output', () => {
  // The end is the most probable by far.
  const hasty = markov(tableOf(Array.from({ length: 5 }, () => [-30, -30, 6, 1, 0])))

  it.each(everyChoice(searchMethods).filter(({ type }) => type !== 'greedy'))(
    'has as many symbols as asked for, and its score is the log probability: %o',
    async (options) => {
      const [free] = await decoded(searchMethods.build(options), hasty, sourceOf([0]), [0], settings)
      const longer = searchMethods.build({ ...options, minLength: 3 } as never)
      const [found] = await decoded(longer, hasty, sourceOf([0]), [0], settings)
      expect(free?.ids.length).toBeLessThan(3)
      expect(found?.ids.length).toBeGreaterThanOrEqual(3)
      const [end, three, four] = [6, 1, 0].map((score) => score - Math.log(Math.exp(6) + Math.E + 1))
      const ids = found?.ids ?? []
      const score = ids.reduce((sum, id) => sum + ((id === 3 ? three : four) ?? 0), 0)
      expect(found?.score).toBeCloseTo(ids.length < 4 ? score + (end ?? 0) : (found?.score ?? 0), 4)
    },
  )
})
