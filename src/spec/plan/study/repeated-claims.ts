import { canonicalJson } from '../../../core/canonical-json.js'
import type { Problem } from '../../../core/errors.js'
import type { Json } from '../../document/nodes.js'
import type { Claim, ClaimSide, LoadedSpec } from '../../types.js'
import { directionOf, opposite } from './direction.js'
import { valueKey } from './point.js'
import { matchSides, namedPaths, variantsOn } from './sides.js'

/**
 * Claims that say what one before says: each would count in the correction for several tests. The sides may be exchanged where
 * the relation is, too. `effect` and `spread` are no part of what is claimed. `whereIs` says where a path is written.
 */
export function repeatedClaims(
  claims: readonly Claim[],
  specs: readonly LoadedSpec[],
  whereIs: (path: string) => string,
): Problem[] {
  const keys = claims.map((claim) => claimKey(claim, specs))
  return keys.flatMap((key, index): Problem[] => {
    const first = keys.indexOf(key)
    if (first === index) return []
    const message = `claims what \`claims.${first}\` (${whereIs(`claims.${first}`)}) claims already`
    return [{ path: `claims.${index}`, message, hint: 'Leave one of the two out: it would count twice.' }]
  })
}

/** Equal for claims of the same variants, in the same measure, with the same relation and margin. */
function claimKey(claim: Claim, specs: readonly LoadedSpec[]): string {
  const { metric, curve, at, margin = 0 } = claim
  const [left, right] = sideKeys(claim, specs)
  const directed = directionOf(claim)
  const swapped = right < left
  const measure = curve === undefined ? [metric ?? null] : [curve, at ?? 'mean']
  return canonicalJson([
    ...[measure, margin, swapped ? opposite[directed] : directed],
    ...(swapped ? [right, left] : [left, right]),
  ])
}

function sideKeys(claim: Claim, specs: readonly LoadedSpec[]): readonly [string, string] {
  const { left, right } = claim
  const [ofLeft, ofRight] = [variantsOn(left, specs), variantsOn(right, specs)]
  if (typeof right === 'number') return [sideKey(left, ofLeft), canonicalJson(right)]
  const matched = matchSides(ofLeft, ofRight, namedPaths(claim, specs), specs)
  return [sideKey(left, matched.left), sideKey(right, matched.right)]
}

/** By the variants that are meant; a side without any, by what is written. */
function sideKey(side: ClaimSide, variants: readonly LoadedSpec[]): string {
  if (variants.length === 0) return valueKey(side as Json)
  return canonicalJson(variants.map(({ label }) => label).toSorted())
}
