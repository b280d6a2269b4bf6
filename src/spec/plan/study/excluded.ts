import type { Problem } from '../../../core/errors.js'
import { didYouMean, oneOf } from '../../../core/suggest.js'
import { type MapNode, toJson } from '../../document/nodes.js'
import { type Point, valueKey } from './point.js'

/** The points of a grid that no rule matches, and what is wrong with the rules. */
export interface Excluded {
  readonly kept: readonly Point[]
  readonly problems: readonly Problem[]
}

/** Paths that a study varies. */
export interface Varied {
  /** By its grid, also those whose values are wrong. */
  readonly grid: readonly string[]
  /** By random draws, which no rule leaves out. */
  readonly random: readonly string[]
}

/**
 * Drops what matches a rule. A rule of a path that the grid does not vary, or that matches nothing, is an error; of a path whose
 * values are wrong themselves nothing is said: `points` do not have it, `varied` does.
 */
export function excludedFrom(points: readonly Point[], rules: readonly MapNode[], varied: Varied): Excluded {
  const kept = points.filter((point) => !rules.some((rule) => matchesRule(point, rule)))
  const known = new Set(points.flatMap((point) => point.map(({ path }) => path)))
  return { kept, problems: rules.flatMap((rule) => ruleProblems(rule, points, known, varied)) }
}

function ruleProblems(
  rule: MapNode,
  points: readonly Point[],
  known: ReadonlySet<string>,
  { grid, random }: Varied,
): Problem[] {
  const others = [...rule.entries].filter(([path]) => !grid.includes(path))
  if (others.length > 0) {
    return others.map(([path, { keyPlace }]) => ({
      path: 'exclude',
      message: `the grid does not vary \`${path}\`${didYouMean(path, grid)}`,
      ...(grid.length > 0 && { expected: oneOf(grid) }),
      ...(random.includes(path) && {
        hint: 'rules leave out combinations of the grid; what `random` draws is not left out',
      }),
      place: keyPlace,
    }))
  }
  const isJudged = [...rule.entries.keys()].every((path) => known.has(path))
  if (!isJudged || points.some((point) => matchesRule(point, rule))) return []
  const message = 'this rule matches no combination of the grid'
  return [{ path: 'exclude', message, expected: `values of ${oneOf(grid)}`, place: rule.place }]
}

function matchesRule(point: Point, rule: MapNode): boolean {
  return [...rule.entries].every(([path, { value }]) => {
    const choice = point.find((each) => each.path === path)
    if (choice === undefined) return false
    const wanted = toJson(value)
    const values = Array.isArray(wanted) ? wanted : [wanted]
    return values.some((each) => valueKey(each) === valueKey(toJson(choice.node)))
  })
}
