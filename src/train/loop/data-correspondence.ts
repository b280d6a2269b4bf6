// What the data of two models have in common: which symbol here is which there, and whether numbers mean the same.
import { isDeepStrictEqual } from 'node:util'
import Value from 'typebox/value'
import type { Problem } from '../../core/errors.js'
import { type DataDescription, type Tokenization, vocabulariesByName } from '../../data/description.js'
import { tokenizers } from '../../data/tokenizers/index.js'
import { sideOptions } from '../../data/tokenizers/side.js'
import type { SeriesScaling } from '../../data/types.js'
import type { AxisIndex } from '../../model/axes.js'
import type { ParameterSpec } from '../../model/parameters.js'
import { type Correspondence, indicesOf, type PlaceMap, symbolMap } from './axis-map.js'

type Side = 'source' | 'target' | 'features' | 'characters' | `factor ${string}`

/** What is taken over, by path. */
export type Taken = readonly (readonly [path: string, spec: ParameterSpec])[]

/** Which symbol, and which label, is which there. Without a target of its own a model's target is its source. */
export function correspondenceOf(here: DataDescription, there: DataDescription): Correspondence {
  const target = mapOf('target', here, there)
  const source = mapOf('source', here, there)
  const features = mapOf('features', here, there)
  const characters = mapOf('characters', here, there)
  const factors = Object.keys(here.vocabularies.attributes ?? {}).flatMap((name) => {
    const side = `factor ${name}` as const
    const map = mapOf(side, here, there)
    return map === undefined ? [] : [[side, map] as const]
  })
  return {
    ...(source && { 'source symbols': source }),
    ...(target && { 'target symbols': target, labels: target }),
    ...(features && { features }),
    ...(characters && { characters }),
    ...Object.fromEntries(factors),
  }
}

function mapOf(side: Side, here: DataDescription, there: DataDescription): PlaceMap | undefined {
  const [own, other] = [symbolsOf(side, here), symbolsOf(side, there)]
  return own === undefined || other === undefined ? undefined : symbolMap(own, other)
}

function symbolsOf(side: Side, { vocabularies }: DataDescription): readonly string[] | undefined {
  const factor = factorOf(side)
  const { attributes = {} } = vocabularies
  if (factor !== undefined) return Object.hasOwn(attributes, factor) ? attributes[factor]?.symbols : undefined
  const { [side]: own = side === 'target' ? vocabularies.source : undefined } = vocabulariesByName(vocabularies)
  return own?.symbols
}

/** The name of the factor whose values a side is. */
function factorOf(side: Side): string | undefined {
  return side.startsWith('factor ') ? side.slice('factor '.length) : undefined
}

function isFactor(index: AxisIndex): index is `factor ${string}` {
  return index.startsWith('factor ')
}

/** Whether a side is no text that is cut into tokens. */
function isListed(side: Side): side is Exclude<Side, 'source' | 'target'> {
  return side !== 'source' && side !== 'target'
}

const sidesOf: Readonly<Partial<Record<AxisIndex, Side>>> = {
  'source symbols': 'source',
  'target symbols': 'target',
  labels: 'target',
  features: 'features',
  characters: 'characters',
}

/** The sides whose symbols index one of these parameters. */
function sidesIn(taken: Taken): ReadonlySet<Side> {
  return new Set(
    taken.flatMap(([, { axes }]) =>
      axes.flatMap(indicesOf).flatMap((index) => (isFactor(index) ? index : (sidesOf[index] ?? []))),
    ),
  )
}

/** The other model's symbols that decide which of its numbers go where, by side. */
export function symbolsTaken(taken: Taken, there: DataDescription): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...sidesIn(taken)].map((side) => [side, symbolsOf(side, there) ?? []]))
}

/** `3 of 30 source symbols start fresh ("x", "y", "z")`, by side; nothing where none does. */
export function freshSymbols(taken: Taken, here: DataDescription, there: DataDescription): string[] {
  return [...sidesIn(taken)].flatMap((side) => {
    const [fresh, all] = [newSymbols(side, here, there), symbolsOf(side, here)?.length ?? 0]
    const what = whatOf(side, here)
    return fresh.length === 0 ? [] : [`${fresh.length} of ${all} ${what} start fresh: ${shown(fresh)}`]
  })
}

/** Equal symbols, but perhaps other tokens of one text: said, since the words themselves are mapped. */
export function otherSegmentation(taken: Taken, here: DataDescription, there: DataDescription): string[] {
  const [own, other] = [here.segmentation, there.segmentation]
  if (own === undefined || other === undefined || own === other || sidesIn(taken).size === 0) return []
  return [`words are split by ${own} here and were by ${other} there: some texts may have other tokens`]
}

function whatOf(side: Side, { vocabularies }: DataDescription): string {
  const factor = factorOf(side)
  if (factor !== undefined) return `values of ${factor}`
  if (isListed(side)) return side
  return vocabularies[side]?.specials === false ? 'labels' : `${side} symbols`
}

function newSymbols(side: Side, here: DataDescription, there: DataDescription): readonly string[] {
  const symbols = symbolsOf(side, here) ?? []
  const map = mapOf(side, here, there)
  return map === undefined ? [] : symbols.filter((_, at) => (map.from[at] ?? -1) < 0)
}

function shown(symbols: readonly string[]): string {
  const more = symbols.length > 5 ? `, and ${symbols.length - 5} more` : ''
  return `${symbols
    .slice(0, 5)
    .map((symbol) => JSON.stringify(symbol))
    .join(', ')}${more}`
}

/** Why what is taken over would mean something else here. `isFrozen`: parameters that are not trained. */
export function dataProblems(
  from: string,
  taken: Taken,
  isFrozen: (path: string) => boolean,
  here: DataDescription,
  there: DataDescription,
): Problem[] {
  return [
    ...tokenProblems(from, taken, here, there),
    ...frozenProblems(from, taken, isFrozen, here, there),
    ...scaleProblems(from, taken, here, there),
  ]
}

const path = 'train.init.from'

function tokenProblems(from: string, taken: Taken, here: DataDescription, there: DataDescription): Problem[] {
  return [...sidesIn(taken)].flatMap((side) => {
    const [own, other] = [tokensOf(side, here), tokensOf(side, there)]
    if (own === undefined || other === undefined) return []
    if (own.type === other.type && !isDeepStrictEqual(piecesOf(side, here), piecesOf(side, there)))
      return [otherPieces(from, side)]
    // Options of another type are others.
    const options = own.type === other.type ? [...new Set([...Object.keys(own), ...Object.keys(other)])] : ['type']
    const differing = options.filter((option) => own[option] !== other[option])
    return differing.map((option): Problem => {
      const message = `${from} has other ${side} tokens: data.${side}Tokens.${option} is ${own[option]} here and ${other[option]} there`
      const hint = 'Use the same tokenizer, or leave those parameters out in train.init.parameters.'
      return { path, message, expected: String(other[option]), received: String(own[option]), hint }
    })
  })
}

function piecesOf(side: Side, { learned = {}, vocabularies }: DataDescription) {
  return ofSide(side, learned, vocabularies)
}

/** What a side's text is cut by: its own, or the source's where the source is its own target. Features and characters are not cut. */
function ofSide<T>(
  side: Side,
  values: { readonly source?: T; readonly target?: T },
  vocabularies: DataDescription['vocabularies'],
): T | undefined {
  if (isListed(side)) return undefined
  return values[side] ?? (vocabularies[side] === undefined ? values.source : undefined)
}

/** Equal pieces may be of another text where others could have been chosen. */
function otherPieces(from: string, side: Side): Problem {
  const message = `${from} has other ${side} tokens: its tokenizer has learned other pieces`
  const hint =
    'Train on the same training split, or read one tokenizer from a file in both runs, or leave those parameters out in train.init.parameters.'
  return { path, message, hint }
}

/** Options that decide which tokens are in the vocabulary, not what a token is. */
const vocabularyOptions = new Set(['minFrequency', 'maxSize', 'maxLength'].filter((option) => option in sideOptions))

/** A side's tokenizer with defaults filled in: options that one of both versions did not have yet count as those. */
function tokensOf(side: Side, { tokenizers: of, vocabularies }: DataDescription): Tokenization | undefined {
  const written = ofSide(side, of, vocabularies)
  const part = written && tokenizers.find(written.type)
  if (written === undefined || part === undefined) return written
  const complete = { ...written, ...Object(Value.Default(part.options, { ...written })) }
  const entries = Object.entries(complete).filter(([option]) => !vocabularyOptions.has(option))
  return { ...Object.fromEntries(entries), type: written.type }
}

/** Symbols that start fresh in a table that is never trained would stay what chance made them. */
function frozenProblems(
  from: string,
  taken: Taken,
  isFrozen: (path: string) => boolean,
  here: DataDescription,
  there: DataDescription,
): Problem[] {
  return taken.flatMap(([name, spec]) => {
    if (!isFrozen(name)) return []
    return [...sidesIn([[name, spec]])].flatMap((side): Problem[] => {
      const fresh = newSymbols(side, here, there)
      if (fresh.length === 0) return []
      const message = `${name} is frozen, and ${from} does not have ${fresh.length} of its ${whatOf(side, here)}: ${shown(fresh)}`
      const hint = `Train ${name}, or leave it out in train.init.parameters: then it keeps its own first values.`
      return [{ path, message, hint }]
    })
  })
}

/** Parameters that read a series or give one: a forecast's head. */
function areOfSeries(taken: Taken): boolean {
  return taken.some(([name, { axes }]) => name.startsWith('head/') || axes.flatMap(indicesOf).includes('series'))
}

function scaleProblems(from: string, taken: Taken, here: DataDescription, there: DataDescription): Problem[] {
  const [own, other] = [here.scaling, there.scaling]
  if (own === undefined || other === undefined || !areOfSeries(taken)) return []
  const hint =
    'Parameters are about scaled numbers. Train on the same part of the series (data.split, data.source), or with scale: none in both runs, or leave out what reads and gives the series in train.init.parameters.'
  const [names, others] = [own, other].map((series) => series.map(({ name }) => name).join(', '))
  if (names !== others) return [{ path, message: `${from} has other series: ${names} here and ${others} there`, hint }]
  return own.flatMap((series, at): Problem[] => {
    const match = other[at]
    if (match === undefined || isSameScale(series, match)) return []
    const message = `${from} has another scale of ${series.name}: ${inWords(series)} here and ${inWords(match)} there`
    return [{ path, message, expected: inWords(match), received: inWords(series), hint }]
  })
}

/** Of what rounding does to means of the same numbers. */
const tolerance = 1e-6

function isSameScale(a: SeriesScaling, b: SeriesScaling): boolean {
  return Math.abs(a.mean - b.mean) <= tolerance * b.scale && Math.abs(a.scale / b.scale - 1) <= tolerance
}

function inWords({ mean, scale }: SeriesScaling): string {
  return `(value − ${Number(mean.toPrecision(6))}) / ${Number(scale.toPrecision(6))}`
}
