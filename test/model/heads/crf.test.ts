import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { at } from '../../../src/core/lists.js'
import { randomStream } from '../../../src/core/random.js'
import { tagFacts } from '../../../src/core/tags.js'
import { floats } from '../../../src/core/tensors.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../../src/core/tf.js'
import { leaf, leaves } from '../../../src/core/tree.js'
import { bestPaths } from '../../../src/decode/chain/viterbi.js'
import { units } from '../../../src/model/axes.js'
import { chainNats } from '../../../src/model/heads/chain-nats.js'
import { buildHead } from '../../../src/model/heads/index.js'
import { allowedTags } from '../../../src/model/heads/tag-constraints.js'
import { symbolMap } from '../../../src/train/loop/axis-map.js'
import { transferOf, transferTree } from '../../../src/train/loop/transfer.js'
import { chainsOf, everyPath } from '../../support/chains.js'
import { numbers } from '../../support/tensors.js'

const [V, S] = [3, 4]
const lengths = [4, 1, 0, 3]

/** Potentials and labels of examples that are padded, example after example. */
function made(scale: number, steps = S) {
  const random = randomStream(5, 'test')
  const draw = (...shape: number[]) => {
    const size = shape.reduce((product, each) => product * each, 1)
    return Array.from({ length: size }, () => scale * random.normal())
  }
  const of = { transitions: draw(V, V), start: draw(V), end: draw(V) }
  const rows = lengths.map((length) => ({
    emissions: draw(length, V),
    ids: draw(length).map((x) => Math.abs(Math.round(x * 9)) % V),
  }))
  const padded = (row: readonly number[], width: number) => [...row, ...Array<number>(width - row.length).fill(0.25)]
  return {
    ids: rows.map(({ ids }) => ids),
    potentials: {
      emissions: tf.tensor2d(
        rows.flatMap(({ emissions }) => padded(emissions, steps * V)),
        [lengths.length * steps, V],
      ),
      transitions: tf.tensor2d(of.transitions, [V, V]),
      start: tf.tensor1d(of.start),
      end: tf.tensor1d(of.end),
    },
    labels: tf.tensor1d(
      rows.flatMap(({ ids }) => padded(ids, steps).map(Math.floor)),
      'int32',
    ),
    form: {
      ...{ batch: lengths.length, steps, order: 'examples' as const },
      real: tf.tensor1d(
        lengths.flatMap((length) => Array.from({ length: steps }, (_, step) => (step < length ? 1 : 0))),
      ),
    },
  }
}

describe.each([1, 20])('the loss of a chain with potentials of about %s', (scale) => {
  const { ids, potentials, labels, form } = made(scale)
  const chains = chainsOf(potentials, [S, S, S, S]).map((chain, row) => ({ ...chain, steps: lengths[row] ?? 0 }))

  it('is the log partition of all paths less the potential of the labels, and nothing for an example of padding', () => {
    const expected = chains.map((chain, row) => {
      if (chain.steps === 0) return 0
      const paths = everyPath(chain)
      const own = paths.find((path) => path.ids.join() === ids[row]?.join())?.potential ?? Number.NaN
      const highest = Math.max(...paths.map(({ potential }) => potential))
      const sum = paths.reduce((total, { potential }) => total + Math.exp(potential - highest), 0)
      return highest + Math.log(sum) - own
    })
    near(numbers(chainNats(potentials, labels, form)), expected)
  })

  it('is the same however far it is padded, and with rows step by step', () => {
    const longer = made(scale, S + 3)
    const plain = numbers(chainNats(potentials, labels, form))
    near(numbers(chainNats(longer.potentials, longer.labels, longer.form)), plain)
    const turned = (x: Tensor, width: number) =>
      tf.reshape(tf.transpose(tf.reshape(x, [lengths.length, S, width]), [1, 0, 2]), [-1])
    const bySteps = {
      emissions: tf.reshape(turned(potentials.emissions, V), [-1, V]) as Tensor2D,
      labels: turned(labels, 1) as Tensor1D,
      real: turned(form.real, 1) as Tensor1D,
    }
    const stepwise = { ...form, order: 'steps' as const, real: bySteps.real }
    near(numbers(chainNats({ ...potentials, emissions: bySteps.emissions }, bySteps.labels, stepwise)), plain)
  })
})

// Made by test/goldens/make_crf_goldens.py, which also names the versions in the file.
interface Golden {
  readonly scale: number
  readonly potentials: Readonly<Record<'emissions' | 'transitions' | 'start' | 'end', number[]>>
  readonly gradients: Golden['potentials']
  readonly tags: number[]
  readonly nats: number[]
  readonly best: number[][]
}
const file = JSON.parse(readFileSync('test/goldens/pytorch-crf.json', 'utf8')) as {
  readonly generator: string
  readonly labels: number
  readonly lengths: number[]
  readonly cases: Golden[]
}

it.each(file.cases.map((golden) => [golden.scale, golden] as const))(
  `agrees with ${file.generator}, potentials of about %s: loss, gradients and best paths`,
  (_, { potentials: given, gradients, tags, nats, best }) => {
    const [batch, steps, labels] = [file.lengths.length, Math.max(...file.lengths), file.labels]
    const real = file.lengths.flatMap((length) => Array.from({ length: steps }, (_, step) => (step < length ? 1 : 0)))
    const potentials = {
      emissions: tf.tensor2d(given.emissions, [batch * steps, labels]),
      transitions: tf.tensor2d(given.transitions, [labels, labels]),
      start: tf.tensor1d(given.start),
      end: tf.tensor1d(given.end),
    }
    const ids = tf.tensor1d(tags, 'int32')
    const form = { batch, steps, order: 'examples', real: tf.tensor1d(real) } as const
    near(numbers(chainNats(potentials, ids, form)), nats)
    const value = (emissions: Tensor, transitions: Tensor, start: Tensor, end: Tensor) => {
      const all = { emissions, transitions, start, end } as typeof potentials
      return tf.sum(chainNats(all, ids, form))
    }
    const { emissions, transitions, start, end } = potentials
    const slopes = tf.grads(value)([emissions, transitions, start, end])
    const names = ['emissions', 'transitions', 'start', 'end'] as const
    for (const [place, name] of names.entries()) near(numbers(at(slopes, place)), gradients[name])
    const chains = chainsOf(
      potentials,
      file.lengths.map(() => steps),
    )
    expect(chains.map((chain, row) => at(bestPaths({ ...chain, steps: at(file.lengths, row) }, 1), 0).ids)).toEqual(
      best,
    )
  },
)

it('scales the gradient of each example by its own weight', () => {
  const { potentials, labels, form } = made(1)
  const slope = (weights: number[]) =>
    numbers(
      tf.grad((transitions: Tensor) =>
        tf.sum(tf.mul(chainNats({ ...potentials, transitions: transitions as Tensor2D }, labels, form), weights)),
      )(potentials.transitions),
    )
  const [first, last, both] = [slope([1, 0, 0, 0]), slope([0, 0, 0, 1]), slope([2, 0, 0, -3])]
  near(
    both,
    first.map((value, place) => 2 * value - 3 * at(last, place)),
  )
})

it('takes transitions over from another model by the labels that they are between', () => {
  const labels = { name: 'V_t', size: 3, index: 'labels' } as const
  const { parameters } = buildHead(
    { type: 'crf', constraints: 'none' },
    { input: units('R', 2), symbols: labels, tied: false },
  )
  const taken = leaves(parameters).filter(([path]) => path === 'transitions')
  // Here a, b and c; there c and a: b is new.
  const transfer = transferOf(taken, { labels: symbolMap(['a', 'b', 'c'], ['c', 'a']) })
  const fresh = { transitions: floats([-1, -1, -1, -1, -1, -1, -1, -1, -1], [3, 3]) }
  const there = new Map([['transitions', floats([1, 2, 3, 4], [2, 2])]])
  const { data } = leaf(transferTree(transfer, fresh, there), 'transitions')
  expect([...data]).toEqual([4, -1, 3, -1, -1, -1, 2, -1, 1])
})

describe('constraints of tags', () => {
  /** Which of the labels may come first, which last, and which pairs may not be. */
  const found = (rows: string[][]) => {
    const symbols = [...new Set(rows.flat())].sort()
    const allowed = allowedTags({ symbols, tags: tagFacts(rows) })
    if (allowed === undefined) return undefined
    const chosen = (flags: Float32Array) => symbols.filter((_, id) => flags[id] === 1).join(' ')
    const barred = symbols.flatMap((from, i) =>
      symbols.flatMap((to, j) => (allowed.transitions[i * symbols.length + j] === 0 ? [`${from} ${to}`] : [])),
    )
    return { start: chosen(allowed.start), end: chosen(allowed.end), barred }
  }

  it('iob2: I goes on with a span of its type', () => {
    expect(found([['B-x', 'I-x', 'O', 'B-y', 'I-y']])).toEqual({
      start: 'B-x B-y O',
      end: 'B-x B-y I-x I-y O',
      barred: ['B-x I-y', 'B-y I-x', 'I-x I-y', 'I-y I-x', 'O I-x', 'O I-y'],
    })
  })

  it('iob1: B is only where a span follows one of its type', () => {
    expect(found([['I-x', 'B-x', 'I-x', 'O', 'I-y']])).toEqual({
      start: 'I-x I-y O',
      end: 'B-x I-x I-y O',
      barred: ['I-y B-x', 'O B-x'],
    })
  })

  it('iobes: spans are begun and ended, single tokens are S', () => {
    expect(found([['B-x', 'I-x', 'E-x', 'O', 'S-x']])).toEqual({
      start: 'B-x O S-x',
      end: 'E-x O S-x',
      barred: [
        ...['B-x B-x', 'B-x O', 'B-x S-x', 'E-x E-x', 'E-x I-x', 'I-x B-x', 'I-x O', 'I-x S-x'],
        ...['O E-x', 'O I-x', 'S-x E-x', 'S-x I-x'],
      ],
    })
  })

  it('bmes without types, as in word segmentation', () => {
    expect(found([['B', 'M', 'E', 'S', 'B', 'E']])).toEqual({
      start: 'B S',
      end: 'E S',
      barred: ['B B', 'B S', 'E E', 'E M', 'M B', 'M S', 'S E', 'S M'],
    })
  })

  it('are none where tags follow no scheme, or are not known', () => {
    expect(found([['NN', 'VB', 'DT']])).toBeUndefined()
    expect(found([['X-a', 'B-a']])).toBeUndefined()
    expect(allowedTags({ symbols: ['B-x', 'I-x'] })).toBeUndefined()
  })
})

function near(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  for (const [place, value] of expected.entries()) {
    const difference = Math.abs(at(found, place) - value) / Math.max(1, Math.abs(value))
    expect(difference, `${at(found, place)} for ${value} at ${place}`).toBeLessThan(2e-5)
  }
}
