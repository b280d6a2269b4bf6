import { canonicalJson } from '../../../core/canonical-json.js'
import type { Place, Problem } from '../../../core/errors.js'
import { oneOf } from '../../../core/suggest.js'
import { child, type MapNode, type Node, placeOf, toJson } from '../../document/nodes.js'
import type { StudyOptions } from '../../study-options.js'
import { drawPoints, spaceOf } from './draws.js'
import { type Point, pointKey } from './point.js'

export interface Points {
  readonly points: readonly Point[]
  readonly problems: readonly Problem[]
  /** What authors should know of the points that were drawn. */
  readonly notes: readonly string[]
}

/** Grid x random draws, without what is excluded, with what is included. `study` has the places. */
export function pointsOf(options: StudyOptions, study: MapNode): Points {
  const axes = axesOf(study)
  const problems: Problem[] = [...axes.problems]
  const grid = axes.axes.reduce<readonly Point[]>(
    (points, axis) => points.flatMap((point) => axis.map((choices) => [...point, ...choices])),
    [[]],
  )
  const { kept, unmatched } = excluded(grid, study)
  const ranges = badRanges(study)
  problems.push(...unmatched, ...variedTwice(study), ...ranges)
  const { points: drawn, notes } = ranges.length > 0 ? { points: [], notes: [] } : drawPoints(options, study)
  const extra = itemsOf(study, 'include').map((rule) => choicesOf(rule))
  const combined = drawn.length === 0 ? kept : withDraws(kept, drawn, extra)
  const points = options.grid === undefined && drawn.length === 0 && extra.length > 0 ? extra : [...combined, ...extra]
  const nothing = points.length > 0 ? [] : [nothingLeft(grid.length, study)]
  const all = [...problems, ...nothing, ...(problems.length > 0 ? [] : repeated(points))]
  return { points, problems: all, notes }
}

/** Every point with every draw, without those that are included anyway: which they are is chance. */
function withDraws(points: readonly Point[], draws: readonly Point[], included: readonly Point[]): readonly Point[] {
  const keys = new Set(included.map(pointKey))
  const all = points.flatMap((point) => draws.map((draw) => [...point, ...draw]))
  return all.filter((point) => !keys.has(pointKey(point)))
}

/** For each axis its values, each a list of choices: one, or one a path where several move together. */
function axesOf(study: MapNode): {
  readonly axes: readonly (readonly Point[])[]
  readonly problems: readonly Problem[]
} {
  const grid = child(study, 'grid')
  if (grid?.kind !== 'map') return { axes: [], problems: [] }
  const problems: Problem[] = []
  const axes = [...grid.entries].map(([key, { keyPlace, value }]) => {
    const paths = pathsIn(key)
    const values = value.kind === 'list' ? value.items : []
    return values.map((item): Point => {
      if (paths.length === 1) return [{ path: key, node: item, keyPlace }]
      if (item.kind === 'list' && item.items.length === paths.length) return zip(paths, item.items, keyPlace)
      problems.push({
        path: 'grid',
        message: `[${key}] takes ${paths.length} values at a time`,
        expected: `a list of ${paths.length} values`,
        received: JSON.stringify(toJson(item)),
        place: item.place,
      })
      return []
    })
  })
  return { axes, problems }
}

/** `a, b`: several paths that move together. */
function pathsIn(key: string): readonly string[] {
  return key.split(/,\s*/)
}

function zip(paths: readonly string[], nodes: readonly Node[], keyPlace: Place): Point {
  return paths.flatMap((path, index) => {
    const node = nodes[index]
    return node === undefined ? [] : [{ path, node, keyPlace }]
  })
}

function itemsOf(study: MapNode, key: string): readonly MapNode[] {
  const list = child(study, key)
  return list?.kind === 'list' ? list.items.filter((item): item is MapNode => item.kind === 'map') : []
}

function choicesOf(rule: MapNode): Point {
  return [...rule.entries].map(([path, { keyPlace, value }]) => ({ path, node: value, keyPlace }))
}

function nothingLeft(combinations: number, study: MapNode): Problem {
  const message = `these rules exclude all of the grid's ${combinations} combinations`
  return { path: 'exclude', message, expected: 'at least one variant', place: placeOf(study, 'exclude') }
}

/** A path is varied in one place. */
function variedTwice(study: MapNode): Problem[] {
  const entries = [child(study, 'grid'), child(child(study, 'random'), 'space')].flatMap((map) =>
    map?.kind === 'map' ? [...map.entries] : [],
  )
  const paths = entries.flatMap(([key, { keyPlace }]) => pathsIn(key).map((path) => ({ path, place: keyPlace })))
  return paths
    .filter(({ path }, index) => paths.findIndex((other) => other.path === path) < index)
    .map((each) => ({ ...each, message: `\`${each.path}\` is varied twice` }))
}

/** From and to are in order, and what is drawn by its logarithm is above 0. */
function badRanges(study: MapNode): Problem[] {
  const space = child(child(study, 'random'), 'space')
  if (space?.kind !== 'map') return []
  return [...space.entries].flatMap(([path, { value }]): Problem[] => {
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
    return [{ path: `random.space.${path}`, message, expected: expected.join(', and '), received, place: value.place }]
  })
}

/** Drops what matches a rule; a rule that matches nothing is an error. */
function excluded(points: readonly Point[], study: MapNode): { kept: readonly Point[]; unmatched: readonly Problem[] } {
  const rules = itemsOf(study, 'exclude')
  const kept = points.filter((point) => !rules.some((rule) => matchesRule(point, rule)))
  const paths = [...new Set(points.flatMap((point) => point.map(({ path }) => path)))]
  const unmatched = rules
    .filter((rule) => !points.some((point) => matchesRule(point, rule)))
    .map(({ place }) => ({
      path: 'exclude',
      message: 'this rule matches no combination of the grid',
      expected: `values of ${oneOf(paths)}`,
      place,
    }))
  return { kept, unmatched }
}

function matchesRule(point: Point, rule: MapNode): boolean {
  return [...rule.entries].every(([path, { value }]) => {
    const choice = point.find((each) => each.path === path)
    if (choice === undefined) return false
    const wanted = toJson(value)
    const values = Array.isArray(wanted) ? wanted : [wanted]
    return values.some((each) => canonicalJson(each) === canonicalJson(toJson(choice.node)))
  })
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
