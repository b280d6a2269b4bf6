import { canonicalJson } from '../../../core/canonical-json.js'
import type { Place } from '../../../core/errors.js'
import { type Node, toJson } from '../../document/nodes.js'

/** One value of a variant: where it goes, what it is, where it was written. */
export interface Choice {
  readonly path: string
  readonly node: Node
  /** Where the path was written. */
  readonly keyPlace: Place
}

/** A variant of a study: its values in the grid's order. */
export type Point = readonly Choice[]

/** Equal for points of equal values. */
export function pointKey(point: Point): string {
  return canonicalJson(Object.fromEntries(point.map(({ path, node }) => [path, toJson(node)])))
}
