/** One bucket: pairs of lengths up to these that no bucket before it holds. Lengths in stored tokens. */
export interface Bucket {
  readonly source: number
  readonly target: number
}

/** Maximum number of candidate boundaries per side, more on one side where the other has few. The search is quadratic. */
const boundariesPerSide = 40
const mostBoundaries = 240

/** A further shape must save this share of all padded-out positions, or it is not worth its compilation. */
const worthwhile = 0.01

/**
 * The at most `maxShapes` buckets that make the padded positions fewest, by dynamic programming: ranges of source
 * lengths, each cut into ranges of target lengths. The positions of a bucket are its rows, rounded up to whole batches,
 * times (source + target) steps. Of plans that are nearly as good the one with fewer shapes is taken. Buckets are in rising
 * order of source, then of target.
 */
export function chooseBuckets(sources: Int32Array, targets: Int32Array, settings: Settings): Bucket[] {
  if (sources.some((length, row) => length !== targets[row])) return search(sources, targets, settings)
  // Tags and running text have one length, so one dimension is enough.
  const found = search(sources, new Int32Array(sources.length), settings)
  return found.map(({ source }) => ({ source, target: source }))
}

interface Settings {
  readonly batch: number
  readonly maxShapes: number
}

function search(sources: Int32Array, targets: Int32Array, { batch, maxShapes }: Settings): Bucket[] {
  const targetBounds = boundaries(targets, boundariesPerSide)
  const sourceBounds = boundaries(sources, Math.min(mostBoundaries, boundariesPerSide ** 2 / targetBounds.length))
  const counts = cumulativeCounts(sources, targets, sourceBounds, targetBounds)
  const cost = (above: number, upTo: number) =>
    cutTargets(counts, sourceBounds, targetBounds, above, upTo, batch, maxShapes)
  const plans = cutSources(cost, sourceBounds.length, maxShapes)
  const best = plans.at(-1)?.cost ?? 0
  const chosen = plans.find((plan) => plan.cost <= best * (1 + worthwhile))
  return (chosen?.cells ?? []).map(({ source, target }) => ({
    source: sourceBounds[source] ?? 0,
    target: targetBounds[target] ?? 0,
  }))
}

/** A cell by indices of its upper boundaries. */
type Cell = Bucket

interface CutPlan {
  readonly cost: number
  readonly cells: readonly Cell[]
}

/**
 * Distinct lengths in rising order; where there are more than `most`, those that cut the data into equal numbers of
 * tokens (long rows cost more, so they get the finer cuts). The longest is always one.
 */
function boundaries(lengths: Int32Array, most: number): number[] {
  const sorted = Int32Array.from(lengths).sort()
  const distinct = [...new Set(sorted)]
  if (distinct.length <= most) return distinct
  const total = sorted.reduce((sum, length) => sum + length, 0)
  const found: number[] = []
  let tokens = 0
  for (const length of sorted) {
    tokens += length
    if (tokens >= ((found.length + 1) * total) / most) found.push(length)
  }
  return [...new Set(found), ...(found.at(-1) === distinct.at(-1) ? [] : [distinct.at(-1) ?? 0])]
}

/** counts[i][j]: how many examples have source index < i and target index < j. */
function cumulativeCounts(
  sources: Int32Array,
  targets: Int32Array,
  sourceBounds: readonly number[],
  targetBounds: readonly number[],
): readonly Float64Array[] {
  const counts = Array.from({ length: sourceBounds.length + 1 }, () => new Float64Array(targetBounds.length + 1))
  sources.forEach((source, row) => {
    const line = counts[indexOf(sourceBounds, source) + 1]
    const column = indexOf(targetBounds, targets[row] ?? 0) + 1
    if (line !== undefined) line[column] = (line[column] ?? 0) + 1
  })
  for (let i = 1; i < counts.length; i++) {
    const line = counts[i] ?? new Float64Array()
    let running = 0
    for (let j = 1; j < line.length; j++) {
      running += line[j] ?? 0
      line[j] = running + (counts[i - 1]?.[j] ?? 0)
    }
  }
  return counts
}

/** Index of the first boundary that is not below the length. */
function indexOf(bounds: readonly number[], length: number): number {
  let low = 0
  let high = bounds.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((bounds[middle] ?? 0) < length) low = middle + 1
    else high = middle
  }
  return low
}

/** For one range of sources: the cheapest cut of its targets into 1, 2, ... cells (empty cells are left out). */
function cutTargets(
  counts: readonly Float64Array[],
  sourceBounds: readonly number[],
  targetBounds: readonly number[],
  above: number,
  upTo: number,
  batch: number,
  most: number,
): CutPlan[] {
  const high = counts[upTo + 1] ?? new Float64Array()
  const low = counts[above + 1] ?? new Float64Array()
  const upToTarget = (index: number) => (high[index + 1] ?? 0) - (low[index + 1] ?? 0)
  const cost = (targetAbove: number, target: number): CutPlan[] => {
    const rows = upToTarget(target) - upToTarget(targetAbove)
    if (rows === 0) return [{ cost: 0, cells: [] }]
    const steps = (sourceBounds[upTo] ?? 0) + (targetBounds[target] ?? 0)
    return [{ cost: Math.ceil(rows / batch) * batch * steps, cells: [{ source: upTo, target }] }]
  }
  return cutSources(cost, targetBounds.length, most)
}

/**
 * The cheapest way to cut indices 0..n-1 into ranges with at most 1, 2, ... `most` cells in all, where `choices(above,
 * upTo)` lists the plans of one range. Result k has the best plan with at most k + 1 cells.
 */
function cutSources(choices: (above: number, upTo: number) => CutPlan[], n: number, most: number): CutPlan[] {
  const nothing: CutPlan = { cost: 0, cells: [] }
  // best[i][k]: indices below i, at most k cells.
  const best: (CutPlan | undefined)[][] = [Array.from({ length: most + 1 }, () => nothing)]
  for (let end = 1; end <= n; end++) {
    const row: (CutPlan | undefined)[] = Array.from({ length: most + 1 })
    for (let start = 0; start < end; start++) {
      for (const plan of choices(start - 1, end - 1)) extend(row, best[start] ?? [], plan)
    }
    best.push(row)
  }
  return (best[n] ?? []).filter((plan) => plan !== undefined)
}

function extend(row: (CutPlan | undefined)[], before: readonly (CutPlan | undefined)[], plan: CutPlan): void {
  for (let cells = plan.cells.length; cells < row.length; cells++) {
    const head = before[cells - plan.cells.length]
    if (head === undefined) continue
    const cost = head.cost + plan.cost
    const held = row[cells]
    if (held === undefined || cost < held.cost) row[cells] = { cost, cells: [...head.cells, ...plan.cells] }
  }
}
