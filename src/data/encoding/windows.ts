import { datasetError } from '../data-error.js'
import type { DataOptions } from '../options.js'
import type { RawSeries, SeriesWidths, Windows } from '../sources/types.js'
import type { Encoded, SeriesScaling, SetName, Split } from '../types.js'
import { packValues } from './columns.js'
import { exactNumbers } from './exact-numbers.js'
import { largestOf, lostChanges, refuseTooLarge, refuseTooSmall } from './precision.js'
import { limitSet } from './split.js'
import { tallyInto } from './tokenise.js'

/** First steps of dev and of test, and the number of steps. */
interface Borders {
  readonly dev: number
  readonly test: number
  readonly end: number
}

/**
 * Windows of a series and what follows them. The last steps are test, those before them dev; a window belongs to the set
 * that its whole target lies in (what it sees may reach back), and is left out where the target crosses a border.
 */
export function seriesDataset(raw: RawSeries, windows: Windows, options: DataOptions): Encoded {
  const { names, steps, widths = targetsAlone(raw), carried = {}, ahead = 0 } = raw
  const borders = bordersOf(steps.length, options.split, windows)
  const scaling = names.map((name, index) => ({
    ...scalingOf(
      name,
      steps.slice(0, borders.dev).map((step) => step[index] ?? 0),
      windows,
    ),
    ...roleOf(index, widths),
  }))
  const scaled = scaledSteps(steps, scaling)
  refuseTooLarge({ names, steps, scaled })
  const training = { names, steps: steps.slice(0, borders.dev), scaled: scaled.slice(0, borders.dev) }
  refuseTooSmall(training)
  const starts = startsOf(borders, windows)
  refuseEmpty(starts)
  const dropped: Record<string, number> = {}
  const tally = tallyInto(dropped)
  if (ahead > 0) tally('step at the end without a target', ahead)
  if (starts.across > 0) tally('target across a border of the split', starts.across)
  const split = (name: SetName) => {
    const kept = limitSet(starts[name], name, options.limit)
    if (kept.length < starts[name].length) tally(`${name} beyond the limit`, starts[name].length - kept.length)
    const split = windowSplit(scaled, kept, windows, widths)
    return name === 'train' ? split : { ...split, exact: exactNumbers(steps, kept, windows, widths.targets) }
  }
  const parts = {
    sourceWidth: names.length,
    targetWidth: widths.targets,
    joiners: { source: ' ', target: ' ' },
    scaling,
    train: split('train'),
    dev: split('dev'),
    test: split('test'),
  }
  const kept = { train: parts.train.size, dev: parts.dev.size, test: parts.test.size }
  const read = starts.train.length + starts.dev.length + starts.test.length + starts.across
  const lost = lostChanges(training)
  const ofSeries = {
    ...(Object.keys(carried).length > 0 && { carried }),
    ...(Object.keys(lost).length > 0 && { lostChanges: lost }),
  }
  return { ...parts, counts: { read, kept, dropped, cut: {}, unknownTokens: {}, ...ofSeries } }
}

function roleOf(index: number, { targets, inputs }: SeriesWidths): Pick<SeriesScaling, 'role'> {
  if (index < targets) return {}
  return { role: index < targets + inputs ? 'input' : 'known-ahead' }
}

/**
 * The test windows of a series, scaled as training was: those of the split's last steps, with `whole` all of them.
 * Throws SeqlabError 'data' where the series are not those of the scaling, or there is no window.
 */
export function testWindows(
  raw: RawSeries,
  windows: Windows,
  scaling: readonly SeriesScaling[],
  options: DataOptions,
  { whole }: { readonly whole: boolean },
): Split {
  const { names, steps, widths = targetsAlone(raw) } = raw
  const expected = scaling.map(({ name }) => name)
  // Numbers within a spec have no names.
  const isNamed = whole && !expected.every((name, at) => name === `series ${at + 1}`)
  const otherRoles = scaling.some(({ role }, at) => roleOf(at, widths).role !== role)
  if (expected.length !== names.length || otherRoles || (isNamed && expected.some((name, at) => name !== names[at]))) {
    throw datasetError('data.source', 'the series are not those that the model was trained on', {
      expected: expected.join(', '),
      received: names.join(', '),
    })
  }
  const end = steps.length
  const borders = whole ? { dev: 0, test: 0, end } : bordersOf(end, options.split, windows)
  const starts = startsOf(borders, windows).test
  if (starts.length === 0) {
    const needed = windows.window + windows.horizon
    throw datasetError('data.source', 'the series has no window', {
      expected: `at least ${needed} steps (window and horizon)`,
      received: `${end}`,
    })
  }
  const scaled = scaledSteps(steps, scaling)
  refuseTooLarge({ names, steps, scaled })
  const kept = limitSet(starts, 'test', options.limit)
  // What was the season in training is the season that errors are compared with.
  const compared = { ...windows, season: scaling[0]?.season ?? 1 }
  return { ...windowSplit(scaled, kept, windows, widths), exact: exactNumbers(steps, kept, compared, widths.targets) }
}

function targetsAlone({ names }: RawSeries): SeriesWidths {
  return { targets: names.length, inputs: 0, knownAhead: 0 }
}

function scaledSteps(steps: RawSeries['steps'], scaling: readonly SeriesScaling[]): number[][] {
  return steps.map((step) => step.map((value, at) => (value - (scaling[at]?.mean ?? 0)) / (scaling[at]?.scale ?? 1)))
}

function bordersOf(end: number, split: DataOptions['split'], { window, horizon, season }: Windows): Borders {
  const stepsOf = (size = 0) => (size < 1 ? Math.round(size * end) : size)
  const sizes = { dev: stepsOf(split?.dev), test: stepsOf(split?.test) }
  const train = end - sizes.dev - sizes.test
  for (const [name, size, least] of [
    ['training', train, Math.max(window + horizon, season + 1)],
    ['dev', sizes.dev, horizon],
    ['test', sizes.test, horizon],
  ] as const) {
    if (size >= least) continue
    throw datasetError('data.split', `the ${name} part of the series is too short`, {
      expected: `at least ${least} of ${end} steps`,
      received: `${Math.max(0, size)}`,
      hint: 'set data.split.dev and data.split.test (steps, or fractions below 1), window and horizon',
    })
  }
  return { dev: train, test: train + sizes.dev, end }
}

function startsOf({ dev, test, end }: Borders, { window, horizon, stride }: Windows) {
  const starts: Record<SetName, number[]> & { across: number } = { train: [], dev: [], test: [], across: 0 }
  for (let start = 0; start + window + horizon <= end; start += stride) {
    const [first, after] = [start + window, start + window + horizon]
    if (after <= dev) starts.train.push(start)
    else if (first >= dev && after <= test) starts.dev.push(start)
    else if (first >= test) starts.test.push(start)
    else starts.across += 1
  }
  return starts
}

function refuseEmpty(starts: Readonly<Record<SetName, readonly number[]>>): void {
  for (const name of ['train', 'dev', 'test'] as const) {
    if (starts[name].length > 0) continue
    throw datasetError('data.source', `the ${name} part has no window`, {
      hint: 'a smaller stride leaves more windows',
    })
  }
}

function windowSplit(
  steps: readonly (readonly number[])[],
  starts: readonly number[],
  { window, horizon }: Windows,
  { targets, inputs, knownAhead }: SeriesWidths,
): Split {
  const width = targets + inputs + knownAhead
  const cut = (from: number, length: number, first: number, count: number) =>
    steps.slice(from, from + length).flatMap((step) => step.slice(first, first + count))
  const horizonOf = (first: number, count: number) =>
    packValues(
      starts.map((start) => cut(start + window, horizon, first, count)),
      count,
    )
  return {
    size: starts.length,
    source: packValues(
      starts.map((start) => cut(start, window, 0, width)),
      width,
    ),
    target: horizonOf(0, targets),
    ...(knownAhead > 0 && { ahead: horizonOf(targets + inputs, knownAhead) }),
  }
}

/** From the training part alone. A constant series is moved, not scaled. */
function scalingOf(name: string, values: readonly number[], { scale, season }: Windows): SeriesScaling {
  const naive = values.slice(season).map((value, index) => Math.abs(value - (values[index] ?? 0)))
  const naiveError = mean(naive)
  const centre = mean(values)
  const compared = { naiveError, ...(season === 1 ? {} : { season }) }
  if (scale === 'none') return { name, mean: 0, scale: 1, ...compared }
  if (scale === 'minmax') {
    const low = values.reduce((a, b) => Math.min(a, b))
    const high = values.reduce((a, b) => Math.max(a, b))
    return { name, mean: low, scale: high - low || 1, ...compared }
  }
  const isConstant = values.every((value) => value === values[0])
  return { name, mean: centre, scale: isConstant ? 1 : deviationOf(values, centre) || 1, ...compared }
}

/** From here on the square of a number has all its digits. */
const smallestSquared = 2 ** -511

/** In units of the largest distance where squares are too large for numbers (from 1e154 on), or too small (below 1e-154). */
function deviationOf(values: readonly number[], centre: number): number {
  const distances = values.map((value) => value - centre)
  const deviation = rootMeanSquare(distances)
  if (deviation >= smallestSquared && Number.isFinite(deviation)) return deviation
  const farthest = largestOf(distances)
  return farthest * rootMeanSquare(distances.map((distance) => distance / farthest))
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value ** 2)))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
