import type { Problem } from '../../../core/errors.js'
import { didYouMean, oneOf, unknownName } from '../../../core/suggest.js'
import { settingPaths, valueAt } from '../../settings.js'
import type { Claim, ClaimSide, LoadedSpec } from '../../types.js'
import { matchSides, namedPaths, sideTexts, valuesOf, variantsOn } from './sides.js'

/** Sides that mean no variant, the same variant twice, or variants that no other setting connects. */
export function sidesProblems(path: string, claim: Claim, specs: readonly LoadedSpec[]): Problem[] {
  const { left: one, right: other } = claim
  const isFigure = typeof other === 'number'
  const wrong = [
    ...sideProblems(`${path}.left`, one, specs),
    ...(isFigure ? [] : sideProblems(`${path}.right`, other, specs)),
  ]
  if (wrong.length > 0 || isFigure) return wrong
  const [left, right] = [variantsOn(claim.left, specs), variantsOn(claim.right, specs)]
  const common = left.filter((variant) => right.includes(variant)).map(({ label }) => label)
  if (common.length > 0) return [{ path, message: commonText(claim, common) }]
  const matched = matchSides(left, right, namedPaths(claim, specs), specs)
  if (matched.left.length > 0) return []
  const [first, second] = sideTexts(claim, String)
  const message = `no variant of ${first} has the same other settings as one of ${second}, so nothing can be averaged over`
  return [{ path, message, hint: 'Name the settings in which they differ on both sides.' }]
}

function commonText({ left, right }: Claim, labels: readonly string[]): string {
  if (typeof left === 'string' && left === right) return 'a variant is compared with itself'
  return `both sides have ${labels.map((label) => `\`${label}\``).join(', ')}`
}

/** A side that means no variant. */
export function sideProblems(path: string, side: ClaimSide, specs: readonly LoadedSpec[]): Problem[] {
  if (typeof side === 'string')
    return unknownName(
      path,
      'variant',
      side,
      specs.map(({ label }) => label),
    )
  const settings = Object.entries(side)
  const wrong = settings.flatMap(([setting, value]) => settingProblems(path, setting, value, specs))
  if (wrong.length > 0 || variantsOn(side, specs).length > 0) return wrong
  const message = `no variant has all of ${settings.map(([setting]) => `\`${setting}\``).join(', ')} as written here`
  return [{ path, message, expected: `settings of ${oneOf(specs.map(({ label }) => label))}` }]
}

/** A setting that no variant has, or a value that none has. */
function settingProblems(path: string, setting: string, value: unknown, specs: readonly LoadedSpec[]): Problem[] {
  const at = `${path}.${setting}`
  if (!isKnown(setting, specs)) {
    const varied = [...new Set(specs.flatMap(({ variant }) => Object.keys(variant)))]
    const near = didYouMean(setting, [...varied, ...settingPaths(specs.map(({ spec }) => spec))])
    const expected = varied.length > 0 ? `a path such as ${oneOf(varied)}` : 'the path of a setting'
    return [{ code: 'unknown-key', path: at, message: `no variant has a setting \`${setting}\`${near}`, expected }]
  }
  if (variantsOn({ [setting]: value }, specs).length > 0) return []
  const values = valuesOf(setting, specs)
  const message = `no variant has this value of \`${setting}\`${didYouMean(String(value), values)}`
  return [{ path: at, message, expected: oneOf(values), received: JSON.stringify(value) }]
}

function isKnown(setting: string, specs: readonly LoadedSpec[]): boolean {
  return specs.some(({ spec, variant }) => setting in variant || valueAt(spec, setting) !== undefined)
}
