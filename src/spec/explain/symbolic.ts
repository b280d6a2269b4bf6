import type { SymbolSpace } from '../../model/representation/types.js'
import type { ModelSizes } from '../../model/sizes.js'

/** Known sizes, or V_s and V_t (F_s and F_t for numbers) in formulas. */
export type Known = { readonly sizes: ModelSizes } | { readonly unknown: Unknown }

/** What is not known, and of what is (the horizon of a forecast) how much. */
export interface Unknown {
  readonly source: 'vocabulary' | 'width'
  /** `source`: the same symbols (a language model's). */
  readonly target: 'vocabulary' | 'width' | 'source'
  /** Whether there are features, whose vocabulary is not known either. */
  readonly features?: boolean
  /** The same of the characters inside tokens. */
  readonly characters?: boolean
  /** The same of the factors of tokens, by name: whether a token may have several values. */
  readonly factors?: Readonly<Record<string, boolean>>
  readonly longestSource?: number
  readonly longestTarget?: number
  /** Numbers a step that are known of the horizon. */
  readonly ahead?: number
}

/** What a number of a model is as a function of the sizes that data decide. */
export type Formula = (sizes: ModelSizes) => number

/** Where formulas are probed: large enough that nothing is cut off at a small size. */
const base = { source: 10_000, target: 20_000, features: 40_000, characters: 80_000 } as const

type Side = keyof typeof base | `factor ${string}`
/** By side. */
type Vocabularies = Partial<Record<Side, number>>

/** The sides that there may be, each with the size at which formulas are probed. */
function basesOf({ factors = {} }: Unknown): Record<Side, number> {
  const own = Object.keys(factors).map((name, at) => [`factor ${name}`, 2 ** (at + 1) * base.characters] as const)
  return { ...base, ...Object.fromEntries(own) }
}

/**
 * A number, or `a V_s + b V_t + c V_t² + d V_s V_t + ... + e`, found by probing; throws RangeError where the formula is not
 * of the second degree.
 */
export function formulaText(formula: Formula, known: Known): string {
  if ('sizes' in known) return number(formula(known.sizes))
  const bases = basesOf(known.unknown)
  const baseOf = (side: Side) => bases[side] ?? 0
  const sides = Object.keys(bases).filter(isSide)
  const pairs = sides.flatMap((a, at) => sides.slice(at + 1).map((b) => [a, b] as const))
  const at = (more: Vocabularies) => {
    const entries = sides.map((side) => [side, baseOf(side) + (more[side] ?? 0)] as const)
    return formula(probe(known.unknown, Object.fromEntries(entries)))
  }
  const origin = at({})
  const steps = new Map(sides.map((side) => [side, at({ [side]: 1 }) - origin]))
  const step = (side: Side) => steps.get(side) ?? 0
  const products = pairs.map(([a, b]) => ({ a, b, factor: at({ [a]: 1, [b]: 1 }) - origin - step(a) - step(b) }))
  const total = sides.reduce((sum, side) => sum + step(side), 0) + products.reduce((sum, { factor }) => sum + factor, 0)
  // f(2) - 2 f(1) + f(0) is twice the factor of the square; the same one further on must be as much.
  const bends = (side: Side, from: number) =>
    at({ [side]: from + 2 }) - 2 * at({ [side]: from + 1 }) + at({ [side]: from })
  const squares = new Map(sides.map((side) => [side, bends(side, 0) / 2]))
  const square = (side: Side) => squares.get(side) ?? 0
  const isHigher = sides.some((side) => square(side) !== 0 && bends(side, 1) !== 2 * square(side))
  if (isHigher || at(Object.fromEntries(sides.map((side) => [side, 1]))) - origin !== total) {
    throw new RangeError('The formula is not of the second degree in the sizes of the data')
  }
  const nameAt = (side: Side) => nameOfSide(side, known.unknown)
  const ofProducts = (side: Side) =>
    products.reduce((sum, { a, b, factor }) => {
      return sum + (a === side ? factor * baseOf(b) : b === side ? factor * baseOf(a) : 0)
    }, 0)
  const linear = sides.map((side) => {
    return { side, factor: step(side) - ofProducts(side) - square(side) * (2 * baseOf(side) + 1) }
  })
  const constant =
    origin -
    linear.reduce((sum, { side, factor }) => sum + factor * baseOf(side) + square(side) * baseOf(side) ** 2, 0) -
    products.reduce((sum, { a, b, factor }) => sum + factor * baseOf(a) * baseOf(b), 0)
  return sum([
    ...linear.map(({ side, factor }) => term(factor, nameAt(side))),
    ...sides.map((side) => term(square(side), `${nameAt(side)}²`)),
    ...products.map(({ a, b, factor }) => term(factor, `${nameAt(a)} ${nameAt(b)}`)),
    constant === 0 ? '' : number(constant),
  ])
}

function isSide(name: string): name is Side {
  return name in base || name.startsWith('factor ')
}

function nameOfSide(side: Side, { source, target }: Unknown): string {
  if (side === 'source') return nameOf('s', source)
  if (side === 'target') return nameOf('t', target)
  if (side === 'features') return 'V_f'
  return side === 'characters' ? 'V_c' : `V_${side.slice('factor '.length)}`
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
    const key = JSON.stringify([sizes.source, sizes.target, sizes.features, sizes.attributes])
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
export function probe(unknown: Unknown, sizes: Vocabularies = {}): ModelSizes {
  const all = { ...basesOf(unknown), ...sizes }
  const { source, target, features } = all
  const space = (kind: 'vocabulary' | 'width', size: number): SymbolSpace =>
    kind === 'width' ? { width: size } : { vocabulary: size }
  return {
    source: space(unknown.source, source),
    target: unknown.target === 'source' ? space(unknown.source, source) : space(unknown.target, target),
    ...(unknown.features === true ? { features: { vocabulary: features, longest: 1 } } : {}),
    ...attributesOf(unknown, all),
    longestSource: unknown.longestSource ?? 1,
    longestTarget: unknown.longestTarget ?? 1,
    ...(unknown.ahead !== undefined && { ahead: unknown.ahead }),
  }
}

function attributesOf(
  { characters = false, factors = {} }: Unknown,
  sizes: Vocabularies,
): Pick<ModelSizes, 'attributes'> {
  const listed = Object.entries(factors).map(([name, several]) => {
    return [name, { vocabulary: sizes[`factor ${name}`] ?? 0, longest: 1, ...(several && { several }) }] as const
  })
  const inside = characters ? { characters: { vocabulary: sizes.characters ?? 0, longest: 1 } } : {}
  const attributes = { ...inside, ...Object.fromEntries(listed) }
  return Object.keys(attributes).length === 0 ? {} : { attributes }
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
