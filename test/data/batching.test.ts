import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epochBatches, planBuckets } from '../../src/data/batching.js'
import { packIds } from '../../src/data/encoding/columns.js'
import { chooseBuckets } from '../../src/data/shapes.js'
import type { Split } from '../../src/data/types.js'

function splitOf(lengths: readonly (readonly [source: number, target: number])[]): Split {
  const column = (side: 0 | 1) =>
    packIds(
      lengths.map((pair) => new Array<string>(pair[side]).fill('a')),
      () => 4,
    )
  return { size: lengths.length, source: column(0), target: column(1) }
}

test('two clear groups make two shapes without padding', () => {
  const split = splitOf([...Array(4).fill([2, 3]), ...Array(4).fill([7, 1])])
  const plan = planBuckets(split, { batchSize: 2, maxShapes: 8 })
  expect(plan.buckets.map(({ shape }) => shape)).toEqual([
    { batch: 2, source: 2, target: 3 },
    { batch: 2, source: 7, target: 1 },
  ])
  expect(plan.paddingShare).toBe(0)
})

test('a bound of one shape gives one shape; its padding is counted', () => {
  const split = splitOf([
    [2, 3],
    [7, 1],
    [7, 1],
  ])
  const plan = planBuckets(split, { batchSize: 2, maxShapes: 1 })
  expect(plan.buckets.map(({ shape }) => shape)).toEqual([{ batch: 2, source: 7, target: 3 }])
  expect(epochBatches(plan, false).map(({ indices }) => indices)).toEqual([[0, 1], [2]])
  // Two batches of two rows of 7 + 3 steps are 40 positions; 5 + 8 + 8 = 21 are real.
  expect(plan.paddingShare).toBeCloseTo(19 / 40, 12)
})

test('a further shape must save more than 1 % of the positions', () => {
  // 1,000 rows of 100 + 100 steps and m of 50 + 50: one shape has 100 m positions too many of 200,000 + 100 m.
  const shapes = (short: number) => {
    const split = splitOf([...Array(1000).fill([100, 100]), ...Array(short).fill([50, 50])])
    return planBuckets(split, { batchSize: 1, maxShapes: 8 }).buckets.map(({ shape }) => shape.source)
  }
  expect(shapes(20)).toEqual([100])
  expect(shapes(21)).toEqual([50, 100])
  const chosen = (lengths: number[]) =>
    planBuckets(splitOf(lengths.map((length) => [length, length])), { batchSize: 1, maxShapes: 8 }).buckets.map(
      ({ shape }) => shape.source,
    )
  // 202 positions where 200 would do are 1 % more; 100 where 99 would do are more than that.
  expect(chosen([...Array(99).fill(2), 1, 1])).toEqual([2])
  expect(chosen([...Array(9).fill(10), 9])).toEqual([9, 10])
})

test.each([
  // Three equal ranges pad least: all of 240 lengths are candidates.
  [240, [80, 160, 240]],
  // 80 (3,240 tokens) is none: of 240 parts of 29,161 tokens the 26th ends at 3,159.1 (79: 3,160), the 27th at 3,280.6 (81: 3,321).
  [241, [81, 161, 241]],
  // 100 (5,050 tokens) is none: of 240 parts of 45,150 tokens the 26th ends at 4,891.3 (99: 4,950), the 27th at 5,079.4 (101: 5,151).
  [300, [99, 199, 300]],
])(
  'of more than 240 lengths, those at which 240 equal parts of the tokens end are candidates: 1 to %d',
  (most, cuts) => {
    const lengths = Int32Array.from({ length: most }, (_, at) => at + 1)
    const buckets = chooseBuckets(lengths, lengths, { batch: 1, maxShapes: 3 })
    expect(buckets.map(({ source }) => source)).toEqual(cuts)
  },
)

test('with 37 lengths on the other side there are 1,600 / 37 parts, and the longest is a candidate all the same', () => {
  // Of 43.24 parts of 80,200 tokens the 43rd ends at 79,749: within the row of 399 (79,401 to 79,800). Cutting at 200 would pad
  // least (20,100 tokens); the 11th part ends at 20,401 (202: 20,503), the 10th at 18,546 (193: 18,721).
  const sources = Int32Array.from({ length: 400 }, (_, at) => at + 1)
  const targets = sources.map((length) => length % 37)
  expect(chooseBuckets(sources, targets, { batch: 1, maxShapes: 2 })).toEqual([
    { source: 202, target: 36 },
    { source: 400, target: 36 },
  ])
})

test('more lengths than candidates: the best four shapes of lengths 1 to 300, once each, are equal parts', () => {
  const plan = planBuckets(splitOf(Array.from({ length: 300 }, (_, at) => [at + 1, at + 1])), {
    batchSize: 1,
    maxShapes: 4,
  })
  expect(plan.buckets.map(({ shape, indices }) => [shape.source, shape.target, indices.length])).toEqual([
    [75, 75, 75],
    [150, 150, 75],
    [225, 225, 75],
    [300, 300, 75],
  ])
  // 75 (75 + 150 + 225 + 300) positions on each side, of which 300 * 301 / 2 are real.
  expect(plan.paddingShare).toBeCloseTo(1 - 45_150 / 56_250, 12)
})

test('sources are cut first, then the targets of each range', () => {
  const rows = [...Array(4).fill([2, 9]), ...Array(4).fill([2, 1]), ...Array(4).fill([8, 1]), ...Array(4).fill([8, 30])]
  const plan = planBuckets(splitOf(rows), { batchSize: 4, maxShapes: 8 })
  expect(plan.buckets).toEqual([
    { shape: { batch: 4, source: 2, target: 1 }, indices: [4, 5, 6, 7] },
    { shape: { batch: 4, source: 2, target: 9 }, indices: [0, 1, 2, 3] },
    { shape: { batch: 4, source: 8, target: 1 }, indices: [8, 9, 10, 11] },
    { shape: { batch: 4, source: 8, target: 30 }, indices: [12, 13, 14, 15] },
  ])
})

test('where both sides have one length, the shapes are cut along it', () => {
  const lengths = [...Array(6).fill([3, 3]), ...Array(6).fill([900, 900]), ...Array(6).fill([40, 40])]
  const plan = planBuckets(splitOf(lengths), { batchSize: 3, maxShapes: 3 })
  expect(plan.buckets.map(({ shape }) => [shape.source, shape.target])).toEqual([
    [3, 3],
    [40, 40],
    [900, 900],
  ])
  expect(plan.paddingShare).toBe(0)
})

test('a split smaller than a batch has a batch of its own size', () => {
  const plan = planBuckets(
    splitOf([
      [1, 1],
      [1, 1],
    ]),
    { batchSize: 128, maxShapes: 8 },
  )
  expect(plan.buckets.map(({ shape }) => shape.batch)).toEqual([2])
})

test('an empty split has no batches', () => {
  const plan = planBuckets(splitOf([]), { batchSize: 4, maxShapes: 8 })
  expect(plan).toEqual({ buckets: [], paddingShare: 0 })
  expect(epochBatches(plan, false)).toEqual([])
})

const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 60 })), {
  minLength: 1,
  maxLength: 300,
})

const same = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 300 })
const anyLengths = fc.oneof(
  lengths,
  same.map((all) => all.map((one): [number, number] => [one, one])),
)

test('every epoch has every example once, in a batch that holds it, in the same few shapes', () => {
  fc.assert(
    fc.property(
      anyLengths,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (rows, batchSize, maxShapes) => {
        const split = splitOf(rows)
        const plan = planBuckets(split, { batchSize, maxShapes })
        expect(plan.buckets.length).toBeLessThanOrEqual(maxShapes)
        for (const training of [false, { seed: 1, epoch: 0 }, { seed: 1, epoch: 1 }] as const) {
          const batches = epochBatches(plan, training)
          const seen = batches.flatMap((batch) => batch.indices).sort((a, b) => a - b)
          expect(seen).toEqual(rows.map((_, row) => row))
          for (const { indices, shape } of batches) {
            expect(indices.length).toBeLessThanOrEqual(shape.batch)
            for (const row of indices) {
              expect(rows[row]?.[0]).toBeLessThanOrEqual(shape.source)
              expect(rows[row]?.[1]).toBeLessThanOrEqual(shape.target)
            }
          }
        }
      },
    ),
    { numRuns: 60, seed: 5 },
  )
})

test('more shapes never mean more padding than the 1 % that a shape must save', () => {
  fc.assert(
    fc.property(lengths, (rows) => {
      const split = splitOf(rows)
      const shares = [1, 2, 4, 8].map((maxShapes) => planBuckets(split, { batchSize: 8, maxShapes }).paddingShare)
      for (let at = 1; at < shares.length; at++) {
        const [before = 0, after = 0] = [shares[at - 1], shares[at]]
        expect(1 / (1 - after)).toBeLessThanOrEqual((1 / (1 - before)) * 1.01 + 1e-9)
      }
    }),
    { numRuns: 40, seed: 5 },
  )
})

type Row = readonly [source: number, target: number]

/** Every way to cut the lengths into ranges, by their upper bounds. */
function everyCut(bounds: readonly number[]): number[][] {
  return Array.from({ length: 2 ** (bounds.length - 1) }, (_, bits) =>
    bounds.filter((_, at) => at === bounds.length - 1 || (bits >> at) % 2 === 1),
  )
}

const rowsIn = (rows: readonly Row[], bounds: readonly number[], side: 0 | 1) =>
  bounds.map((bound, at) => rows.filter((row) => row[side] <= bound && row[side] > (bounds[at - 1] ?? -1)))

/** The positions of n rows in whole batches. */
const positions = (rows: number, batch: number, steps: number) => Math.ceil(rows / batch) * batch * steps

/** Shapes and positions of every plan: ranges of sources, each cut into ranges of targets. */
function everyPlan(rows: readonly Row[], batch: number) {
  const bounds = (side: 0 | 1) => [...new Set(rows.map((row) => row[side]))].toSorted((a, b) => a - b)
  const targetCuts = everyCut(bounds(1))
  const cut = (members: readonly Row[], source: number, targets: readonly number[]) => {
    const cells = rowsIn(members, targets, 1).flatMap((cell, at) =>
      cell.length === 0 ? [] : [positions(cell.length, batch, source + (targets[at] ?? 0))],
    )
    return { shapes: cells.length, cost: cells.reduce((sum, cost) => sum + cost, 0) }
  }
  return everyCut(bounds(0)).flatMap((sources) =>
    rowsIn(rows, sources, 0).reduce(
      (plans, members, at) =>
        plans.flatMap((plan) =>
          targetCuts.map((targets) => {
            const { shapes, cost } = cut(members, sources[at] ?? 0, targets)
            return { shapes: plan.shapes + shapes, cost: plan.cost + cost }
          }),
        ),
      [{ shapes: 0, cost: 0 }],
    ),
  )
}

test('no other plan of as few shapes has fewer positions: all are tried, for a few short rows', () => {
  const row = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }))
  const sizes = fc.integer({ min: 1, max: 4 })
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), sizes, sizes, (rows, batchSize, maxShapes) => {
      const batch = Math.min(batchSize, rows.length)
      const plans = everyPlan(rows, batch)
      const least = (most: number) => Math.min(...plans.filter(({ shapes }) => shapes <= most).map(({ cost }) => cost))
      const fewest = [1, 2, 3, 4].find((shapes) => least(shapes) <= least(maxShapes) * 1.01) ?? 0
      const { buckets } = planBuckets(splitOf(rows), { batchSize, maxShapes })
      const cost = buckets.reduce(
        (sum, { shape, indices }) => sum + positions(indices.length, batch, shape.source + shape.target),
        0,
      )
      expect([buckets.length, cost]).toEqual([fewest, least(fewest)])
    }),
    { numRuns: 100, seed: 5 },
  )
})

test('training shuffles within buckets and shuffles the batches of all buckets', () => {
  const rows = [...Array(40).fill([2, 2]), ...Array(40).fill([9, 9])]
  const plan = planBuckets(splitOf(rows), { batchSize: 4, maxShapes: 2 })
  const inOrder = epochBatches(plan, false)
  expect(inOrder.flatMap(({ indices }) => indices)).toEqual(rows.map((_, row) => row))
  expect(inOrder.map(({ shape }) => shape.source)).toEqual([...Array(10).fill(2), ...Array(10).fill(9)])
  const shuffled = epochBatches(plan, { seed: 1, epoch: 0 })
  const sources = shuffled.map(({ shape }) => shape.source)
  expect(sources).not.toEqual([...sources].sort((a, b) => a - b))
  expect([...sources].sort((a, b) => a - b)).toEqual(inOrder.map(({ shape }) => shape.source))
  const together = shuffled.filter(({ indices }) => indices.every((row, at) => row === (indices[0] ?? 0) + at))
  expect(together.length).toBeLessThan(3)
})

test('the shuffle is a function of seed and epoch', () => {
  const plan = planBuckets(splitOf(Array.from({ length: 50 }, (_, at) => [1 + (at % 5), 2])), {
    batchSize: 4,
    maxShapes: 3,
  })
  const order = (seed: number, epoch: number) => JSON.stringify(epochBatches(plan, { seed, epoch }))
  expect(order(1, 0)).toBe(order(1, 0))
  expect(order(1, 0)).not.toBe(order(1, 1))
  expect(order(1, 0)).not.toBe(order(2, 0))
})
