import { describe, expect, it } from 'vitest'
import { floats, ints } from '../../src/core/tensors.js'
import { encode } from '../../src/decode/encode.js'
import { forceOutputs } from '../../src/decode/forced.js'
import { searchMethods } from '../../src/decode/index.js'
import type { RunPure } from '../../src/decode/types.js'
import type { Transducer } from '../../src/model/decoder/types.js'
import { download, upload } from '../support/tensors.js'
import { decoded, markov, secondOrder, sourceOf, specials, tableOf, uneven } from './markov.js'

const run: RunPure = async (_, pure, inputs) => download(pure({}, upload(inputs)))

/** bos + y, y + eos, and where they are, for each output; at the end a row of padding. */
function targetOf(outputs: readonly (readonly number[])[]) {
  const steps = Math.max(...outputs.map((output) => output.length)) + 1
  const size = [outputs.length + 1, steps]
  const padded = (row: readonly number[]) => [...row, ...Array(steps - row.length).fill(specials.pad)]
  const none = Array(steps).fill(0)
  return {
    input: ints([...outputs.flatMap((output) => padded([specials.bos, ...output])), ...none], size),
    output: ints([...outputs.flatMap((output) => padded([...output, specials.eos])), ...none], size),
    mask: floats([...outputs.flatMap((output) => padded([...output, 1].fill(1))), ...none], size),
  }
}

async function forced(transducer: Transducer, shifts: readonly number[], outputs: number[][], alignments = true) {
  const encoded = await encode(run, transducer, sourceOf(shifts))
  const member = { run, transducer, encoded }
  return forceOutputs(member, targetOf(outputs), shifts.length, { alignments, specials })
}

describe('forced decoding', () => {
  // From bos: 3 by 0.6, 4 by 0.4. After 3: the end by 0.3, 3 by 0.2, 4 by 0.5; after 4 the end is sure.
  const garden = markov(
    tableOf([
      [0, 0, 0, 0, 0],
      [-30, -30, -30, Math.log(0.6), Math.log(0.4)],
      [0, 0, 0, 0, 0],
      [-30, -30, Math.log(0.3), Math.log(0.2), Math.log(0.5)],
      [-30, -30, 0, -30, -30],
    ]),
  )
  const costs = (...probabilities: number[]) => probabilities.map((p) => expect.closeTo(Math.log(p), 5))

  it('gives what each symbol and the end cost, and what they attend to', async () => {
    const found = await forced(garden, [0, 0, 0], [[3, 4], [4], []])
    expect(found).toEqual([
      {
        logProbs: costs(0.6, 0.5, 1),
        alignment: [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
      },
      {
        logProbs: costs(0.4, 1),
        alignment: [
          [1, 1],
          [2, 2],
        ],
      },
      { logProbs: [expect.closeTo(-30, 5)], alignment: [[1, 1]] },
    ])
  })

  it('has no alignments where none are asked for, or the model has none', async () => {
    expect(await forced(garden, [0], [[3]], false)).toEqual([{ logProbs: costs(0.6, 0.3) }])
    const [found] = await forced(secondOrder(uneven([1, 2, 3, 4, 5].map((n) => [0, 0, n, 0, 1]))), [0], [[3]])
    expect(Object.keys(found ?? {})).toEqual(['logProbs'])
  })

  it('gives an output that a search found the score that it found', async () => {
    const chain = secondOrder(uneven([0, 1, 2, 3, 4].map((row) => [0, 0, row % 2, 1, row / 2])))
    const search = searchMethods.build({ type: 'beam', width: 6, lengthNormalisation: 0, nBest: 6 })
    const settings = { specials, maxLength: 8, alignments: 0, seed: 1 }
    const [{ candidates = [] } = {}] = await decoded(search, chain, sourceOf([2]), [0], settings)
    const ended = candidates.filter(({ ids }) => ids.length < 8)
    expect(ended.length).toBeGreaterThan(2)
    const outputs = ended.map(({ ids }) => [...ids])
    const found = await forced(
      chain,
      outputs.map(() => 2),
      outputs,
    )
    const scores = found.map(({ logProbs }) => logProbs.reduce((sum, cost) => sum + cost))
    expect(scores).toEqual(ended.map(({ score }) => expect.closeTo(score, 5)))
  })
})
