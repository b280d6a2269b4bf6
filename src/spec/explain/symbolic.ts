import type { SymbolSpace } from '../../model/representation/types.js'
import type { ModelSizes } from '../../model/sizes.js'

/** Known sizes, or V_s and V_t (F_s and F_t for numbers) in formulas. */
export type Known = { readonly sizes: ModelSizes } | { readonly unknown: Unknown }

/** What is not known, and of what is (the horizon of a forecast) how much. */
export interface Unknown {
  readonly source: 'vocabulary' | 'width'
  /** `source`: the same symbols (a language model's). */
  readonly target: 'vocabulary' | 'width' | 'source'
  readonly longestSource?: number
  readonly longestTarget?: number
}

/** What a number of a model is as a function of the two sizes that data decide. */
export type Formula = (sizes: ModelSizes) => number

/** Where formulas are probed: large enough that nothing is cut off at a small size. */
const base = { source: 10_000, target: 20_000 } as const

/** A number, or `a V_s + b V_t + c`, found by probing; throws RangeError where the formula is not linear in each. */
export function formulaText(formula: Formula, known: Known): string {
  if ('sizes' in known) return number(formula(known.sizes))
  const at = (source: number, target: number) =>
    formula(probe(known.unknown, base.source + source, base.target + target))
  const origin = at(0, 0)
  const [bySource, byTarget] = [at(1, 0) - origin, at(0, 1) - origin]
  const product = at(1, 1) - origin - bySource - byTarget
  if (product !== 0 || at(2, 0) - origin !== 2 * bySource || at(0, 2) - origin !== 2 * byTarget) {
    throw new RangeError('The formula is not linear in the sizes of the data')
  }
  const constant = origin - bySource * base.source - byTarget * base.target
  return sum([
    term(bySource, nameOf('s', known.unknown.source)),
    term(byTarget, nameOf('t', known.unknown.target)),
    constant === 0 ? '' : number(constant),
  ])
}

/** What is built from sizes, and its numbers as text; each point of the probing is built once. */
export interface Formulas<T> {
  /** Built with the known sizes, or with some. */
  readonly here: T
  text(formula: (built: T) => number): string
}

export function formulasOf<T>(build: (sizes: ModelSizes) => T, known: Known): Formulas<T> {
  const cache = new Map<string, T>()
  const at = (sizes: ModelSizes): T => {
    const key = JSON.stringify([sizes.source, sizes.target])
    const built = cache.get(key) ?? build(sizes)
    cache.set(key, built)
    return built
  }
  return {
    here: at('sizes' in known ? known.sizes : probe(known.unknown)),
    text: (formula) => formulaText((sizes) => formula(at(sizes)), known),
  }
}

/** Sizes at one point of the probing (or for building a model at all where they are not known). */
export function probe(unknown: Unknown, source: number = base.source, target: number = base.target): ModelSizes {
  const space = (kind: 'vocabulary' | 'width', size: number): SymbolSpace =>
    kind === 'width' ? { width: size } : { vocabulary: size }
  return {
    source: space(unknown.source, source),
    target: unknown.target === 'source' ? space(unknown.source, source) : space(unknown.target, target),
    longestSource: unknown.longestSource ?? 1,
    longestTarget: unknown.longestTarget ?? 1,
  }
}

function nameOf(side: 's' | 't', kind: Unknown['target']): string {
  return `${kind === 'width' ? 'F' : 'V'}_${side}`
}

function term(factor: number, name: string): string {
  if (factor === 0) return ''
  return factor === 1 ? name : `${number(factor)} ${name}`
}

function sum(terms: readonly string[]): string {
  return (
    terms
      .filter((each) => each !== '')
      .join(' + ')
      .replaceAll('+ -', '- ') || '0'
  )
}

function number(value: number): string {
  return value.toLocaleString('en-GB')
}
