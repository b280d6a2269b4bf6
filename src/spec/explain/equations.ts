import type { Part } from '../../core/part.js'
import type { ModelSizes } from '../../model/types.js'
import type { Spec } from '../types.js'
import { type Setting, settingsOf } from './axes.js'
import { formulaText, type Known } from './symbolic.js'

/** A part's equations as they are here: only those of the chosen options, each symbol with its size. */
export function equationsHere(
  spec: Spec,
  known: Known,
  sizes: ModelSizes,
  { path, part, flags }: { readonly path: string; readonly part: Part; readonly flags: Flags },
): readonly string[] {
  const equations = part.equations.flatMap((equation) => (applies(equation, flags) ? [unmarked(equation, flags)] : []))
  const settings = settingsOf(spec, sizes)[path] ?? []
  const { symbols } = part
  if (symbols === undefined || settings.length === 0) return equations
  return settings.flatMap(({ label }, index) => {
    const axis = (name: string) =>
      formulaText((other) => sizeOfAxis(name, settingsOf(spec, other)[path]?.[index]), known)
    const shape = (symbol: string) => (symbols[symbol] ?? []).map(axis).join(', ')
    const sized = equations.map((equation) => withShapes(equation, Object.keys(symbols), shape))
    return label === undefined ? sized : [`${label}:`, ...sized.map((equation) => `  ${equation}`)]
  })
}

/** Options by name; undefined: not given. */
export type Flags = Readonly<Record<string, unknown>>

const mark = /\s+\((no )?(\w+)(?:: ([\w-]+))?\)\s*$/

/** An equation that ends in `(reset: after)`, `(coverage)` or `(no coverage)` is about that choice alone. */
function applies(equation: string, flags: Flags): boolean {
  const [, not, key, value] = mark.exec(equation) ?? []
  if (key === undefined || !(key in flags)) return true
  if (value !== undefined) return String(flags[key]) === value
  return (flags[key] !== undefined) === (not === undefined)
}

function unmarked(equation: string, flags: Flags): string {
  const [all, , key] = mark.exec(equation) ?? []
  return all === undefined || key === undefined || !(key in flags) ? equation : equation.slice(0, -all.length)
}

/** `D+H` is a sum. Throws RangeError for an axis that has no size at this place. */
function sizeOfAxis(axis: string, setting: Setting | undefined): number {
  return axis.split('+').reduce((sum, name) => {
    const size = setting?.axes[name]
    if (size === undefined) throw new RangeError(`There is no axis ${name} here`)
    return sum + size
  }, 0)
}

/** The first of each symbol with its shape: `W x + b` -> `W[3, 2] x[2] + b[3]`. */
function withShapes(equation: string, symbols: readonly string[], shapeOf: (symbol: string) => string): string {
  const longestFirst = [...symbols].sort((a, b) => b.length - a.length)
  const letter = "[\\p{L}\\p{M}\\p{N}_']"
  const found = new RegExp(`(?<!${letter})(?:${longestFirst.join('|')})(?=ᵀ|(?!${letter}))`, 'gu')
  const seen = new Set<string>()
  return equation.replace(found, (symbol) => {
    if (seen.has(symbol)) return symbol
    seen.add(symbol)
    return `${symbol}[${shapeOf(symbol)}]`
  })
}
