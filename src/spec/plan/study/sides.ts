import { canonicalJson } from '../../../core/canonical-json.js'
import type { Json, JsonMap } from '../../document/nodes.js'
import { type SelectedVariant, valueAt, variantsWith } from '../../settings.js'
import type { Claim, ClaimSide, Settings } from '../../types.js'
import { valueText, variantLabel } from './labels.js'

/** A variant as sides name it. */
export interface NamedVariant extends SelectedVariant {
  readonly label: string
}

/** The variants that a side means: one by its label, or those with its settings; none for a figure. */
export function variantsOn<V extends NamedVariant>(side: ClaimSide | number, variants: readonly V[]): V[] {
  if (typeof side === 'number') return []
  return typeof side === 'string' ? variants.filter(({ label }) => label === side) : variantsWith(side, variants)
}

/** What is compared: variants of both sides that agree in everything that neither side names. */
export interface MatchedSides<V> {
  readonly left: readonly V[]
  readonly right: readonly V[]
  /** Settings that neither side names, with the values that both sides have: what is averaged over. */
  readonly over: readonly { readonly path: string; readonly values: readonly string[] }[]
  /** Variants of one side without a counterpart on the other. */
  readonly unmatched: readonly V[]
}

/** Paths that a claim's sides name; a label names all that its study varies, and a figure has no keys. */
export function namedPaths(
  { left, right }: Pick<Claim, 'left' | 'right'>,
  variants: readonly NamedVariant[],
): string[] {
  const named = [left, right].flatMap((side) => (typeof side === 'string' ? variedPaths(variants) : Object.keys(side)))
  return [...new Set(named)]
}

/** Keeps of two sides the variants whose other settings are on both of them. */
export function matchSides<V extends NamedVariant>(
  left: readonly V[],
  right: readonly V[],
  named: readonly string[],
  variants: readonly V[],
): MatchedSides<V> {
  const others = variedPaths(variants).filter((path) => !named.some((other) => overlap(path, other)))
  const keyOf = ({ spec }: V) => settingsKey(spec, others)
  const [onLeft, onRight] = [left, right].map((side) => new Set(side.map(keyOf)))
  const isMatched = (variant: V) => onLeft?.has(keyOf(variant)) === true && onRight?.has(keyOf(variant)) === true
  const matched = { left: left.filter(isMatched), right: right.filter(isMatched) }
  const over = others.map((path) => ({ path, values: valuesOf(path, [...matched.left, ...matched.right]) }))
  return {
    ...matched,
    over: over.filter(({ values }) => values.length > 1),
    unmatched: [...left, ...right].filter((variant) => !isMatched(variant)),
  }
}

/** Equal for variants that have equal values at these paths. */
export function settingsKey(spec: NamedVariant['spec'], paths: readonly string[]): string {
  return canonicalJson(paths.map((path) => valueAt(spec, path) ?? null))
}

/** Paths that any variant of a study varies. */
function variedPaths(variants: readonly NamedVariant[]): string[] {
  return [...new Set(variants.flatMap(({ variant }) => Object.keys(variant)))]
}

/** The different values at a path as labels have them: as the grid has them, else as they are resolved. */
export function valuesOf(path: string, variants: readonly NamedVariant[]): string[] {
  return [...new Set(variants.map((one) => textAt(path, one)))]
}

function textAt(path: string, { variant, spec }: NamedVariant): string {
  const value = path in variant ? variant[path] : valueAt(spec, path)
  return value === undefined || value === null ? 'none' : valueText(value as Json)
}

/** Whether one of two paths is the other, or leads to it. */
function overlap(path: string, other: string): boolean {
  return `${path}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${path}.`)
}

/**
 * Both sides in words: labels as they are, settings as labels have them, with their whole paths where both would read alike.
 * `figureText` writes a figure.
 */
export function sideTexts(
  { left, right }: Pick<Claim, 'left' | 'right'>,
  figureText: (figure: number) => string,
): readonly [string, string] {
  if (typeof right === 'number') return [sideText(left), figureText(right)]
  const short: readonly [string, string] = [sideText(left), sideText(right)]
  return short[0] === short[1] ? [longText(left), longText(right)] : short
}

function sideText(side: ClaimSide): string {
  return typeof side === 'string' ? side : variantLabel(jsonOf(side))
}

function longText(side: ClaimSide): string {
  if (typeof side === 'string') return side
  return Object.entries(jsonOf(side))
    .map(([path, value]) => `${path}=${valueText(value)}`)
    .join(', ')
}

/** Settings are written in a spec's own words: they are JSON. */
function jsonOf(settings: Settings): JsonMap {
  return settings as JsonMap
}
