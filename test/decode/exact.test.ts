import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tensor2D } from '../../src/core/tf.js'
import { leaf } from '../../src/core/tree.js'
import { encode } from '../../src/decode/encode.js'
import { searchMethods } from '../../src/decode/index.js'
import { coverage } from '../../src/decode/rank.js'
import type { RunPure } from '../../src/decode/types.js'
import { download, upload } from '../support/tensors.js'
import { decoded, markov, scores, sourceOf, specials, tableOf, uneven } from './markov.js'

interface Output {
  readonly ids: readonly number[]
  readonly score: number
  readonly ended: boolean
}
interface Limits {
  readonly width: number
  readonly nBest: number
  readonly lengthNormalisation: number
  readonly minLength: number
  readonly maxLength: number
}

const limits: fc.Arbitrary<Limits> = fc
  .record({
    width: fc.integer({ min: 1, max: 5 }),
    nBest: fc.integer({ min: 1, max: 5 }),
    lengthNormalisation: fc.constantFrom(0, 0.6, 1, 3),
    minLength: fc.integer({ min: 0, max: 3 }),
    maxLength: fc.integer({ min: 3, max: 7 }),
  })
  .map((each) => ({ ...each, nBest: Math.min(each.nBest, each.width) }))

const rankValue = ({ ids, score }: Output, alpha: number) => score / ((5 + ids.length) / 6) ** alpha

/** Every extension by one symbol that may be chosen, in the order of parents and symbols. */
function extensions(table: readonly number[][], parents: readonly Output[], shift: number, minLength: number) {
  return parents.flatMap((parent) => {
    const row = table[((parent.ids.at(-1) ?? specials.bos) + shift) % 5] ?? []
    return [2, 3, 4].flatMap((id) => {
      const ended = id === specials.eos
      if (ended && parent.ids.length < minLength) return []
      return [{ parent, ended, ids: ended ? parent.ids : [...parent.ids, id], score: parent.score + (row[id] ?? 0) }]
    })
  })
}

/** The beam of constant width, run to the longest output whatever has ended: all that ended, ranked at the end. */
function referenceBeam(chain: Tensor2D, shift: number, limits: Limits): Output[] {
  const table = chain.arraySync()
  let alive: Output[] = [{ ids: [], score: 0, ended: false }]
  const done: Output[] = []
  for (let step = 0; step <= limits.maxLength; step++) {
    const all = extensions(table, alive, shift, limits.minLength)
    const kept = all.sort((a, b) => b.score - a.score).slice(0, limits.width)
    done.push(...kept.filter(({ ended }) => ended))
    const full = kept.filter(({ ended, ids }) => !ended && ids.length > limits.maxLength)
    done.push(...new Set(full.map(({ parent }) => parent)))
    alive = kept.filter(({ ended, ids }) => !ended && ids.length <= limits.maxLength)
  }
  const alpha = limits.lengthNormalisation
  return done.sort((a, b) => rankValue(b, alpha) - rankValue(a, alpha)).slice(0, limits.nBest)
}

/** Every output there is, those without an end only at the longest. */
function everyOutput(chain: Tensor2D, shift: number, { minLength, maxLength }: Limits): Output[] {
  const table = chain.arraySync()
  const from = (parent: Output): Output[] => {
    const next = extensions(table, [parent], shift, minLength)
    const ended = next.filter((each) => each.ended)
    if (parent.ids.length === maxLength) return [...ended, parent]
    return [...ended, ...next.filter((each) => !each.ended).flatMap(from)]
  }
  return from({ ids: [], score: 0, ended: false })
}

async function nBest(chain: Tensor2D, shifts: readonly number[], { maxLength, ...options }: Limits) {
  const settings = { specials, maxLength, alignments: 0, seed: 1 }
  const examples = shifts.map((_, example) => example)
  const search = searchMethods.build({ type: 'beam', ...options })
  const found = await decoded(search, markov(chain), sourceOf(shifts), examples, settings)
  return found.map(({ candidates, ids, score }) => candidates ?? [{ ids, score }])
}

function same(found: readonly { ids: readonly number[]; score: number }[] | undefined, expected: readonly Output[]) {
  expect(found?.map(({ ids }) => ids)).toEqual(expected.map(({ ids }) => ids))
  expected.forEach(({ score }, rank) => {
    expect(found?.[rank]?.score).toBeCloseTo(score, 5)
  })
}

describe('beam search is exact', () => {
  it('ends early with the n best of the same beam run to the longest output', async () => {
    await fc.assert(
      fc.asyncProperty(scores, limits, async (table, chosen) => {
        const chain = uneven(table)
        const found = await nBest(chain, [0, 1, 3], chosen)
        for (const [row, shift] of [0, 1, 3].entries()) same(found[row], referenceBeam(chain, shift, chosen))
      }),
      { numRuns: 150, seed: 4 },
    )
  })

  it('as wide as the tree, finds the n best of all outputs', async () => {
    await fc.assert(
      fc.asyncProperty(scores, limits, async (table, chosen) => {
        const chain = uneven(table)
        const wide = { ...chosen, width: 30, maxLength: 3 }
        const [found] = await nBest(chain, [2], wide)
        const alpha = wide.lengthNormalisation
        const all = everyOutput(chain, 2, wide).sort((a, b) => rankValue(b, alpha) - rankValue(a, alpha))
        same(found, all.slice(0, wide.nBest))
      }),
      { numRuns: 40, seed: 5 },
    )
  })

  it('takes no step that can change nothing', async () => {
    // The end is all but sure at once.
    const short = tableOf(Array.from({ length: 5 }, () => [-30, -30, 5, 0, -1]))
    const steps = async (lengthNormalisation: number, n: number) => {
      let count = 0
      const counted: RunPure = async (name, pure, inputs) => {
        if (name === 'step') count++
        return download(pure({}, upload(inputs)))
      }
      const transducer = markov(short)
      const encoded = await encode(counted, transducer, sourceOf([0]))
      const search = searchMethods.build({ type: 'beam', width: 3, nBest: n, lengthNormalisation })
      const member = { run: counted, transducer, encoded }
      await search([member], [0], { specials, maxLength: 50, alignments: 0, seed: 1 })
      return count
    }
    expect(await steps(0, 1)).toBe(1)
    // 3 with its end is second, the same bound at 50 symbols later: 5 nats over ((5 + 50) / 6)^α.
    expect(await steps(0, 2)).toBe(2)
    expect(await steps(3, 1)).toBeGreaterThan(1)
  })
})

describe('the coverage penalty', () => {
  it('is the sum of the logarithms of what each source step was attended to, 1 at most', () => {
    const alignment = [
      [0.5, 0.5, 0],
      [0.75, 0.05, 0.2],
    ]
    // 1.25 counts as 1; 0.55 and 0.2; the third column is padding where there are two steps.
    expect(coverage(alignment, 2)).toBeCloseTo(Math.log(0.55), 12)
    expect(coverage(alignment, 3)).toBeCloseTo(Math.log(0.55) + Math.log(0.2), 12)
  })

  it('is finite where a step is not attended to at all', () => {
    expect(coverage([[1, 0]], 2)).toBeCloseTo(Math.log(1e-10), 9)
  })

  // From bos: the end by 0.6, 3 by 0.4, and then the end. The alignment is 0.3 a step.
  const chain = tableOf([
    [0, 0, 0, 0, 0],
    [-30, -30, Math.log(0.6), Math.log(0.4), -30],
    [0, 0, 0, 0, 0],
    [-30, -30, 0, -30, -30],
    [-30, -30, 0, -30, -30],
  ])
  const faint = {
    ...markov(chain),
    step: (...of: Parameters<ReturnType<typeof markov>['step']>) => {
      const stepped = markov(chain).step(...of)
      return { ...stepped, alignment: leaf(of[2], 'mask').mul(0.3) as Tensor2D }
    },
  }
  const settings = { specials, maxLength: 4, alignments: 0, seed: 1 }
  const best = async (coveragePenalty: number) => {
    const search = searchMethods.build({ type: 'beam', width: 3, nBest: 1, lengthNormalisation: 0, coveragePenalty })
    const [found] = await decoded(search, faint, sourceOf([0]), [0], settings)
    return found
  }

  it('ranks an output that covers its source above one that is more probable', async () => {
    // One step covers 0.3 of both source steps, two 0.6: ln 0.6 + 2 β ln 0.3 against ln 0.4 + 2 β ln 0.6.
    const even = Math.log(0.6 / 0.4) / (2 * Math.log(0.6 / 0.3))
    expect((await best(0))?.ids).toEqual([])
    expect((await best(even - 0.01))?.ids).toEqual([])
    expect((await best(even + 0.01))?.ids).toEqual([3])
    expect((await best(1))?.ids).toEqual([3])
  })

  it('leaves the score what it is, the log probability, and gives no alignment that was not asked for', async () => {
    expect(await best(2)).toEqual({ ids: [3], score: expect.closeTo(Math.log(0.4), 5) })
  })
})
