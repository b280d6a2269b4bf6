import { describe, expect, it } from 'vitest'
import { matrix } from '../../src/core/ops.js'
import { floats, ints } from '../../src/core/tensors.js'
import { type Tensor2D, tf } from '../../src/core/tf.js'
import { leaf } from '../../src/core/tree.js'
import { encode } from '../../src/decode/encode.js'
import { searchMethods } from '../../src/decode/index.js'
import type { Encoded, RunPure, SearchSettings } from '../../src/decode/types.js'
import type { Transducer } from '../../src/model/decoder/types.js'
import { download, upload } from '../support/tensors.js'

const PAD = 0
const BOS = 1
const EOS = 2
const VOCABULARY = 12

/** Runs a pure function at once on TF.js. */
const run: RunPure = async (_, pure, inputs) => download(pure({}, upload(inputs)))

/**
 * A machine that counts down from the source's first symbol s, as s, s−1, ..., 3, eos: p(next) is 0.7 at the right
 * symbol. Its alignment points at the source step given by the number of symbols out so far, modulo the length.
 */
const countdown: Transducer = {
  parameters: {},
  noise: () => ({}),
  start: (_, source) => ({
    memory: { mask: source.mask },
    state: {
      next: tf.slice('ids' in source ? source.ids : source.mask, [0, 0], [-1, 1]),
      out: tf.zerosLike(source.mask),
    },
  }),
  step: (_, __, memory, state) => {
    const next = matrix(state, 'next')
    const right = tf.oneHot(tf.cast(tf.squeeze(next, [1]), 'int32'), VOCABULARY)
    const logProbs = tf.log(tf.add(tf.mul(right, 0.7 - 0.3 / 11), 0.3 / 11)) as Tensor2D
    const alignment = tf.mul(leaf(memory, 'mask'), leaf(state, 'out')) as Tensor2D
    return {
      logProbs,
      alignment,
      state: { next: tf.maximum(tf.sub(next, 1), EOS), out: tf.add(leaf(state, 'out'), 1) },
    }
  },
  loss: () => {
    throw new Error('not trained')
  },
  lossFrom: () => {
    throw new Error('not trained')
  },
  outline: { nodes: [], arrows: [] },
  copies: false,
  hasAlignment: true,
}

const search = searchMethods.build({ type: 'greedy' })
const searchGreedily = (
  run: RunPure,
  transducer: Transducer,
  encoded: Encoded,
  examples: readonly number[],
  settings: SearchSettings,
) => search([{ run, transducer, encoded }], examples, settings)
const settings = { specials: { pad: PAD, bos: BOS, eos: EOS }, maxLength: 20, alignments: 99, seed: 1 }
const source = {
  ids: ints([5, 4, 11, 0, 3, 3, 2, 0, 9, 9], [5, 2]),
  mask: floats([1, 1, 1, 0, 1, 1, 1, 0, 1, 1], [5, 2]),
}

describe('greedy search', () => {
  it('follows the most probable symbols to eos, across chunks, and sums their log probabilities', async () => {
    const found = await searchGreedily(run, countdown, await encode(run, countdown, source), [0, 1, 2, 3], settings)
    expect(found.map(({ ids }) => ids)).toEqual([[5, 4, 3], [11, 10, 9, 8, 7, 6, 5, 4, 3], [3], []])
    const steps = [4, 10, 2, 1]
    for (const [row, { score }] of found.entries()) expect(score).toBeCloseTo((steps[row] ?? 0) * Math.log(0.7), 4)
  })

  it('keeps one row of alignment for each symbol and one for eos', async () => {
    const found = await searchGreedily(run, countdown, await encode(run, countdown, source), [0, 1, 2, 3], settings)
    expect(found[0]?.alignment).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ])
    expect(found[1]?.alignment).toHaveLength(10)
    expect(found[1]?.alignment?.[9]).toEqual([9, 0])
  })

  it('stops at maxLength, and then counts no eos', async () => {
    const found = await searchGreedily(run, countdown, await encode(run, countdown, source), [0, 1], {
      ...settings,
      maxLength: 3,
      alignments: 0,
    })
    expect(found.map(({ ids }) => ids)).toEqual([
      [5, 4, 3],
      [11, 10, 9],
    ])
    expect(found[0]?.score).toBeCloseTo(4 * Math.log(0.7), 4)
    expect(found[1]?.score).toBeCloseTo(3 * Math.log(0.7), 4)
    expect(found[0]?.alignment).toBeUndefined()
  })

  it('counts the eos that comes right after maxLength symbols, in whichever chunk of steps, and none later', async () => {
    const one = {
      ids: ints([6, 3, 0, 0], [2, 2]),
      mask: floats([1, 1, 0, 0], [2, 2]),
    }
    const cutAt = async (maxLength: number) => {
      const encoded = await encode(run, countdown, one)
      const [found] = await searchGreedily(run, countdown, encoded, [0], { ...settings, maxLength })
      return found
    }
    // 6 5 4 3 eos: the fifth step is the first of the second chunk.
    const rows = [0, 1, 2, 3, 4].map((step) => [step, step])
    const whole = { ids: [6, 5, 4, 3], score: expect.closeTo(5 * Math.log(0.7), 4), alignment: rows }
    expect(await cutAt(5)).toEqual(whole)
    expect(await cutAt(4)).toEqual(whole)
    // Of three symbols the chunk's fourth is 3, of two its third and fourth are left out.
    const cut = (ids: number[]) => ({
      ids,
      score: expect.closeTo(ids.length * Math.log(0.7), 4),
      alignment: rows.slice(0, ids.length),
    })
    expect(await cutAt(3)).toEqual(cut([6, 5, 4]))
    expect(await cutAt(2)).toEqual(cut([6, 5]))
    // The first symbol of 5 4 3 eos: eos is in the chunk, but beyond maxLength.
    const encoded = await encode(run, countdown, source)
    const [short] = await searchGreedily(run, countdown, encoded, [0], { ...settings, maxLength: 2 })
    expect(short).toMatchObject({ ids: [5, 4], score: expect.closeTo(2 * Math.log(0.7), 4) })
  })

  it('keeps the alignments of the first examples of the split', async () => {
    const encoded = await encode(run, countdown, source)
    const found = await searchGreedily(run, countdown, encoded, [1, 2, 3], { ...settings, alignments: 2 })
    expect(found.map(({ alignment }) => alignment === undefined)).toEqual([false, true, true])
    const [first, second] = await searchGreedily(run, countdown, encoded, [0, 1], { ...settings, alignments: 1 })
    expect([first?.alignment?.length, second?.alignment]).toEqual([4, undefined])
  })

  it('computes no alignments where none are asked for', async () => {
    const outputs: string[][] = []
    const seen: RunPure = async (name, pure, inputs) => {
      const found = await run(name, pure, inputs)
      outputs.push(Object.keys(found))
      return found
    }
    const encoded = await encode(run, countdown, source)
    await searchGreedily(seen, countdown, encoded, [0], { ...settings, alignments: 0 })
    expect(outputs[0]?.toSorted()).toEqual(['finished', 'ids', 'logProbs', 'previous', 'state'])
  })

  it('runs no chunk of steps after the last that may be needed', async () => {
    const names: string[] = []
    const counted: RunPure = (name, pure, inputs) => {
      names.push(name)
      return run(name, pure, inputs)
    }
    const runs = async (maxLength: number) => {
      names.length = 0
      await searchGreedily(counted, countdown, await encode(counted, countdown, source), [0, 1], {
        ...settings,
        maxLength,
      })
      return names.length - 1
    }
    // 11 ... 3 eos are ten steps: three chunks of four; three symbols and eos are one chunk, four and eos two.
    expect([await runs(20), await runs(3), await runs(4)]).toEqual([3, 1, 2])
  })

  it('does not run for rows beyond the examples', async () => {
    let runs = 0
    const counted: RunPure = (name, pure, inputs) => {
      runs++
      return run(name, pure, inputs)
    }
    await searchGreedily(counted, countdown, await encode(counted, countdown, source), [0], settings)
    expect(runs).toBe(2)
  })
})
