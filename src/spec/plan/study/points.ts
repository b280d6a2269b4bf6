import type { Problem } from '../../../core/errors.js'
import { child, type MapNode, type Node, placeOf, toJson } from '../../document/nodes.js'
import type { StudyOptions } from '../../study-options.js'
import { drawPoints, spaceOf } from './draws.js'
import { excludedFrom } from './excluded.js'
import { type Axis, choicesOf, type Point, pathsIn, pointKey } from './point.js'

export interface Points {
  readonly points: readonly Point[]
  readonly problems: readonly Problem[]
  /** What authors should know of the points that were drawn. */
  readonly notes: readonly string[]
}

/** Grid x random draws, without what is excluded, with what is included. `study` has the places. */
export function pointsOf(options: StudyOptions, study: MapNode): Points {
  const grid = axesIn('grid', child(study, 'grid'))
  const space = axesIn('random.space', child(child(study, 'random'), 'space'))
  const axes = grid.axes.map(pointsOn)
  const all = axes.reduce<readonly Point[]>(
    (points, axis) => points.flatMap((point) => axis.map((choices) => [...point, ...choices])),
    [[]],
  )
  const varied = { grid: pathsOf(grid.keys), random: pathsOf(space.keys) }
  const { kept, problems: unmatched } = excludedFrom(all, itemsOf(study, 'exclude'), varied)
  const problems = [...grid.problems, ...unmatched, ...variedTwice([...grid.keys, ...space.keys]), ...space.problems]
  const { points: drawn, notes } = drawPoints(options, space.axes)
  const extra = itemsOf(study, 'include').map((rule) => choicesIn(rule))
  const combined = drawn.length === 0 ? kept : withDraws(kept, drawn, extra)
  const points = options.grid === undefined && drawn.length === 0 && extra.length > 0 ? extra : [...combined, ...extra]
  const nothing = points.length > 0 ? [] : [nothingLeft(all.length, study)]
  const found = [...problems, ...nothing, ...(problems.length > 0 ? [] : repeated(points))]
  // Of a part of a space it would not be true how many points there are.
  return { points, problems: found, notes: space.problems.length > 0 ? [] : notes }
}

/** Every point with every draw, without those that are included anyway: which they are is chance. */
function withDraws(points: readonly Point[], draws: readonly Point[], included: readonly Point[]): readonly Point[] {
  const keys = new Set(included.map(pointKey))
  const all = points.flatMap((point) => draws.map((draw) => [...point, ...draw]))
  return all.filter((point) => !keys.has(pointKey(point)))
}

/** Each once; of a comma without a path nothing. */
function pathsOf(keys: readonly Axis[]): readonly string[] {
  return [...new Set(keys.flatMap(({ key }) => pathsIn(key)))].filter((path) => path !== '')
}

interface Axes {
  /** What is varied and can be. */
  readonly axes: readonly Axis[]
  readonly problems: readonly Problem[]
  /** All that is written. */
  readonly keys: readonly Axis[]
}

/** A grid's axes, or those of a random space. */
function axesIn(at: 'grid' | 'random.space', map: Node | undefined): Axes {
  if (map?.kind !== 'map') return { axes: [], problems: [], keys: [] }
  const keys = [...map.entries].map(([key, entry]): Axis => ({ key, ...entry }))
  const judged = keys.map((axis) => ({ axis, problems: axisProblems(at, axis) }))
  return {
    axes: judged.filter(({ problems }) => problems.length === 0).map(({ axis }) => axis),
    problems: judged.flatMap(({ problems }) => problems),
    keys,
  }
}

function axisProblems(at: string, { key, keyPlace, value }: Axis): Problem[] {
  if (pathsIn(key).includes(''))
    return [{ path: at, message: `\`${key}\` has a comma without a path`, place: keyPlace }]
  return value.kind === 'list' ? wrongItems(at, { key, keyPlace }, value.items) : wrongRange(`${at}.${key}`, value)
}

function pointsOn({ key, keyPlace, value }: Axis): readonly Point[] {
  return value.kind === 'list' ? value.items.map((item) => choicesOf(key, keyPlace, item) ?? []) : []
}

/** Values of a key of several paths that do not have one item for each. */
function wrongItems(path: string, { key, keyPlace }: Omit<Axis, 'value'>, items: readonly Node[]): Problem[] {
  const count = pathsIn(key).length
  const wrong = items.filter((item) => choicesOf(key, keyPlace, item) === undefined)
  return wrong.map((item) => ({
    path,
    message: `[${key}] takes ${count} values at a time`,
    expected: `a list of ${count} values`,
    received: JSON.stringify(toJson(item)),
    place: item.place,
  }))
}

function itemsOf(study: MapNode, key: string): readonly MapNode[] {
  const list = child(study, key)
  return list?.kind === 'list' ? list.items.filter((item): item is MapNode => item.kind === 'map') : []
}

function choicesIn(rule: MapNode): Point {
  return [...rule.entries].map(([path, { keyPlace, value }]) => ({ path, node: value, keyPlace }))
}

function nothingLeft(combinations: number, study: MapNode): Problem {
  const message = `these rules exclude all of the grid's ${combinations} combinations`
  return { path: 'exclude', message, expected: 'at least one variant', place: placeOf(study, 'exclude') }
}

/** A path is varied in one place. */
function variedTwice(keys: readonly Axis[]): Problem[] {
  const paths = keys.flatMap(({ key, keyPlace }) => pathsIn(key).map((path) => ({ path, place: keyPlace })))
  return paths
    .filter(({ path }, index) => path !== '' && paths.findIndex((other) => other.path === path) < index)
    .map((each) => ({ ...each, message: `\`${each.path}\` is varied twice` }))
}

/** From and to are in order, and what is drawn by its logarithm is above 0. */
function wrongRange(path: string, value: Node): Problem[] {
  const { range, log, integers } = spaceOf(toJson(value))
  const bounds = range ?? log ?? integers
  if (bounds === undefined) return []
  const [low = 0, high = 0] = bounds
  const expected = [
    ...(low < high ? [] : ['a smaller number, then a larger one']),
    ...(log !== undefined && low <= 0 ? ['numbers above 0'] : []),
    ...(integers !== undefined && !bounds.every(Number.isInteger) ? ['whole numbers'] : []),
  ]
  if (expected.length === 0) return []
  const [message, received] = ['cannot be drawn from this range', JSON.stringify(bounds)]
  return [{ path, message, expected: expected.join(', and '), received, place: value.place }]
}

function repeated(points: readonly Point[]): Problem[] {
  const seen = new Set<string>()
  return points.flatMap((point): Problem[] => {
    const key = pointKey(point)
    const place = point[0]?.node.place
    if (!seen.has(key) || place === undefined) {
      seen.add(key)
      return []
    }
    return [{ path: '', message: `is a duplicate variant: ${key}`, place }]
  })
}
