import { describe, expect, it } from 'vitest'
import { lookUpRows, matrix } from '../../src/core/ops.js'
import { floats, type HostTensor, ints } from '../../src/core/tensors.js'
import { type Tensor1D, type Tensor2D, tf } from '../../src/core/tf.js'
import { leaf, mapTree, type Tree } from '../../src/core/tree.js'
import { encode } from '../../src/decode/encode.js'
import { greedySteps, searchBySteps } from '../../src/decode/greedy-steps.js'
import { searchMethods } from '../../src/decode/index.js'
import { withAlignments, withoutAlignments } from '../../src/decode/names.js'
import type { RunPure } from '../../src/decode/types.js'
import { exportFunction } from '../../src/engine/compiled/export.js'
import { runExported } from '../../src/inference/exported/run.js'
import type { Transducer } from '../../src/model/decoder/types.js'
import { download, upload } from '../support/tensors.js'

const specials = { pad: 0, bos: 1, eos: 2 }
const vocabulary = 24

/** Runs a pure function at once on TF.js. */
const atOnce: RunPure = async (_, pure, inputs) => download(pure({}, upload(inputs)))

/** Row i: 0.7 at i, the rest shared equally. */
const sharp = (): Tensor2D => tf.log(tf.add(tf.mul(tf.eye(vocabulary), 0.7 - rest), rest)) as Tensor2D
const rest = 0.3 / (vocabulary - 1)

const ids = (source: Parameters<Transducer['start']>[1]) => ('ids' in source ? source.ids : source.mask)

const untrained = () => {
  throw new Error('not trained')
}

/**
 * Counts down from the source's first number s: s, s-1, ..., 3, eos. What is next is in the state alone, each row's own. The
 * alignment has the number of symbols before it at every place of the source.
 */
const countdown: Transducer = {
  parameters: {},
  noise: () => ({}),
  start: (_, source) => ({
    memory: { mask: source.mask },
    // Times 1, as the CPU's cast alone leaves the numbers an Int32Array.
    state: { next: tf.mul(tf.slice(ids(source), [0, 0], [-1, 1]), tf.scalar(1)), out: tf.zerosLike(source.mask) },
  }),
  step: (_, __, memory, state) => {
    const next = matrix(state, 'next')
    const row = tf.cast(tf.reshape(next, [-1]), 'int32') as Tensor1D
    return {
      logProbs: lookUpRows(sharp(), row) as Tensor2D,
      alignment: tf.mul(leaf(memory, 'mask'), leaf(state, 'out')) as Tensor2D,
      state: { next: tf.maximum(tf.sub(next, 1), specials.eos), out: tf.add(leaf(state, 'out'), 1) },
    }
  },
  loss: untrained,
  lossFrom: untrained,
  outline: { nodes: [], arrows: [] },
  copies: false,
  hasAlignment: true,
}

/** The same by the symbol before: after p comes p-1, and after bos, of which nothing is known, 9. */
const byPrevious: Transducer = {
  ...countdown,
  step: (_, previous, memory, { next: _next, ...state }) => {
    const after = [0, 9, 2, ...Array.from({ length: vocabulary - 3 }, (_, at) => at + 2)]
    const logProbs = lookUpRows(lookUpRows(sharp(), tf.tensor1d(after, 'int32')), previous as Tensor1D)
    return { logProbs, state: { ...state, out: tf.add(leaf(state, 'out'), leaf(memory, 'mask')) } }
  },
  start: (_, source) => ({ memory: { mask: source.mask }, state: { out: tf.zerosLike(source.mask) } }),
  hasAlignment: false,
}

/** Sizes at which a function is traced, by the axis that has it: examples, states, rows, steps. */
const sizes = { B: [11, 17, 13], M: [41, 53, 43], N: [31, 23, 37], T: [61, 59, 67] }

interface Call {
  readonly name: string
  readonly examples: readonly number[]
  readonly parents: readonly number[]
  readonly previous: readonly number[]
  readonly steps: readonly number[]
}

/** Runs functions in their exported form, by ONNX Runtime, and tells each call. */
function exporting(calls: Call[]): RunPure {
  return async (name, pure, inputs) => {
    const sized = (path: string, { dtype, shape: [, ...more] }: HostTensor, at: number) => {
      const axis = path.startsWith('memory/') ? 'B' : path.startsWith('state/') ? 'M' : path === 'steps' ? 'T' : 'N'
      return { dtype, shape: [sizes[axis][at] ?? 0, ...more] }
    }
    const signatures = [0, 1, 2].map((at) => ({
      state: {},
      inputs: mapTree(inputs, (each, path) => sized(path, each, at)),
    }))
    const form = exportFunction(name, (_, tensors) => ({ outputs: pure({}, tensors) }), signatures, sizes, {})
    const numbers = (path: string) => [...leaf(inputs, path).data]
    const [examples, parents, previous] = [numbers('examples'), numbers('parents'), numbers('previous')]
    calls.push({ name, examples, parents, previous, steps: leaf(inputs, 'steps').shape })
    const { run, dispose } = runExported(new Map([[withoutAlignments(name), form]]))
    const found = await run(name, pure, inputs)
    await dispose()
    return found
  }
}

const settings = { specials, maxLength: 20, alignments: 99, seed: 1, rowsStep: 1 }

/** Sources of two places, the first numbers of which are these, and one row of padding. */
async function search(transducer: Transducer, numbers: readonly number[], own: object = {}) {
  const source: Tree<HostTensor> = {
    ids: ints([...numbers.flatMap((number) => [number, 3]), 0, 0], [numbers.length + 1, 2]),
    mask: floats([...numbers.flatMap(() => [1, 1]), 0, 0], [numbers.length + 1, 2]),
  }
  const encoded = await encode(atOnce, transducer, source)
  const calls: Call[] = []
  const member = { run: exporting(calls), transducer, encoded }
  const examples = numbers.map((_, at) => at)
  const method = searchMethods.build({ type: 'greedy' })
  const found = await method([member], examples, { ...settings, ...own })
  const { rowsStep: _, ...plain } = { ...settings, ...own }
  const wanted = await method([{ ...member, run: atOnce }], examples, plain)
  return { found, calls, wanted }
}

/** What counting down from a number gives: each symbol, and the end, with probability 0.7. */
function counted(from: number) {
  const ids = Array.from({ length: from - 2 }, (_, at) => from - at)
  const steps = [...ids, specials.eos]
  return { ids, score: expect.closeTo(steps.length * Math.log(0.7), 4), alignment: steps.map((_, at) => [at, at]) }
}

describe('greedy steps in an exported form', () => {
  it('are taken six at a time, and examples that have ended leave the batch with their states', async () => {
    const numbers = [5, 13, 7, 2, 8]
    const { found, calls, wanted } = await search(countdown, numbers)
    expect(found).toEqual(numbers.map(counted))
    expect(found.map(({ ids }) => ids)).toEqual(wanted.map(({ ids }) => ids))
    const name = withAlignments(greedySteps)
    const all = [0, 1, 2, 3, 4]
    // The sixth step of 7 is its end, that of 8 its last symbol. 13 ends with its twelfth step.
    expect(calls).toEqual([
      { name, examples: all, parents: all, previous: [1, 1, 1, 1, 1], steps: [6] },
      { name, examples: [1, 4], parents: [1, 4], previous: [8, 3], steps: [6] },
    ])
  })

  it('have as many rows as a function wants, those beyond the examples like the first', async () => {
    const { found, calls } = await search(countdown, [5, 13, 3, 13, 4], { rowsStep: 4 })
    expect(found).toEqual([5, 13, 3, 13, 4].map(counted))
    expect(calls.map(({ examples, previous }) => ({ examples, previous }))).toEqual([
      { examples: [0, 1, 2, 3, 4, 0, 0, 0], previous: [1, 1, 1, 1, 1, 1, 1, 1] },
      { examples: [1, 3, 1, 1], previous: [8, 8, 8, 8] },
    ])
  })

  it('end after as many symbols as there may be, and one step for the end', async () => {
    const stepsAt = async (maxLength: number) => {
      const { found, calls, wanted } = await search(countdown, [9, 4], { maxLength })
      expect(found.map(({ ids }) => ids)).toEqual(wanted.map(({ ids }) => ids))
      expect(found[1]).toEqual(counted(4))
      return { ids: found[0]?.ids, rows: found[0]?.alignment?.length, steps: calls.map(({ steps }) => steps) }
    }
    expect(await stepsAt(2)).toEqual({ ids: [9, 8], rows: 2, steps: [[3]] })
    expect(await stepsAt(5)).toEqual({ ids: [9, 8, 7, 6, 5], rows: 5, steps: [[6]] })
    expect(await stepsAt(6)).toEqual({ ids: [9, 8, 7, 6, 5, 4], rows: 6, steps: [[6], [1]] })
    expect(await stepsAt(7)).toEqual({ ids: [9, 8, 7, 6, 5, 4, 3], rows: 8, steps: [[6], [2]] })
    const { found, calls } = await search(countdown, [4], { maxLength: 0 })
    expect([found.map(({ ids }) => ids), calls.map(({ steps }) => steps)]).toEqual([[[]], [[1]]])
    expect((await search(countdown, [])).calls).toEqual([])
  })

  it('begin with the symbol that is asked for, each going on from the one before', async () => {
    const own = await search(byPrevious, [3, 3])
    expect(own.found.map(({ ids }) => ids)).toEqual([
      [9, 8, 7, 6, 5, 4, 3],
      [9, 8, 7, 6, 5, 4, 3],
    ])
    const after = await search(byPrevious, [3], { first: 12 })
    expect(after.found.map(({ ids }) => ids)).toEqual([[11, 10, 9, 8, 7, 6, 5, 4, 3]])
    expect(after.calls.map(({ previous }) => previous)).toEqual([[12], [6]])
    expect(after.found[0]?.score).toBeCloseTo(10 * Math.log(0.7), 4)
  })

  it('give alignments of as many examples as asked for, where there are any', async () => {
    const alignments = async (transducer: Transducer, wanted: number) => {
      const { found, calls } = await search(transducer, [3, 4], { alignments: wanted })
      return { name: calls[0]?.name, rows: found.map(({ alignment }) => alignment?.length) }
    }
    const plain = greedySteps
    expect(await alignments(countdown, 0)).toEqual({ name: plain, rows: [undefined, undefined] })
    expect(await alignments(countdown, 1)).toEqual({ name: withAlignments(plain), rows: [2, undefined] })
    expect(await alignments(byPrevious, 2)).toEqual({ name: withAlignments(plain), rows: [undefined, undefined] })
  })

  it('are of an exported form alone', async () => {
    const encoded = await encode(atOnce, countdown, { ids: ints([5, 4], [1, 2]), mask: floats([1, 1], [1, 2]) })
    const member = { run: atOnce, transducer: countdown, encoded }
    await expect(searchBySteps(member, [0], settings)).rejects.toThrow(
      new RangeError('Greedy steps are one recurrence in an exported form alone'),
    )
  })
})

it('a name with alignments is that without them and an ending', () => {
  expect(withAlignments('step')).toBe('step-with-alignments')
  expect(withoutAlignments('step-with-alignments')).toBe('step')
  expect(withoutAlignments('greedy-steps')).toBe('greedy-steps')
})
