import type { Sampled } from '../../task/evaluate.js'
import type { SampledExample, SampledOutput } from '../types.js'

/** How much of an example is kept. */
export interface Room {
  /** Symbols of each text, from its first. */
  readonly symbols: number
  /** Rows and columns of an alignment. */
  readonly aligned: number
  /** Values of a forecast. */
  readonly values: number
}

export const fullRoom: Room = { symbols: 96, aligned: 48, values: 512 }

/** Half of everything. */
export function halved({ symbols, aligned, values }: Room): Room {
  return { symbols: symbols >> 1, aligned: aligned >> 1, values: values >> 1 }
}

const referencesKept = 4
const longestSymbol = 40

/** What stays the same of an example. */
export function shortExample({ example, width = 1 }: Sampled, room: Room): SampledExample {
  const { index, source, features, references, trueAlignment, values } = example
  const links = trueAlignment && {
    sure: within(trueAlignment.sure, room),
    possible: within(trueAlignment.possible, room),
  }
  return {
    index,
    source: shortText(source, room),
    ...(features && { features: shortText(features, room) }),
    references: references.slice(0, referencesKept).map((one) => shortText(one, room)),
    ...(links && { trueAlignment: links }),
    ...(values && {
      values: {
        width,
        reference: shortNumbers(values.reference, width, room),
        ...(values.naive && { naive: shortNumbers(values.naive, width, room) }),
      },
    }),
    ...(source.length > room.symbols && { sourceLength: source.length }),
  }
}

type Links = NonNullable<SampledExample['trueAlignment']>['sure']

function within(links: Links, { aligned }: Room): Links {
  return links.filter((link) => link.every((place) => place < aligned))
}

/** What the model gives for it. */
export function shortOutput({ example, prediction, width = 1 }: Sampled, room: Room): SampledOutput {
  const { hypothesis, score, values } = example
  const { tokenScores, sourceScores, alignment } = prediction
  return {
    hypothesis: shortText(hypothesis, room),
    score: rounded(score),
    ...scoresOf('tokenScores', tokenScores, room),
    ...scoresOf('sourceScores', sourceScores, room),
    ...(alignment && { alignmentPercent: shortAlignment(alignment, room) }),
    ...(values && { values: shortNumbers(values.predicted, width, room) }),
    ...(hypothesis.length > room.symbols && { length: hypothesis.length }),
  }
}

function scoresOf(
  name: 'tokenScores' | 'sourceScores',
  scores: readonly number[] | undefined,
  { symbols }: Room,
): Partial<SampledOutput> {
  const kept = scores?.slice(0, symbols)
  return kept?.every(Number.isFinite) ? { [name]: kept.map(rounded) } : {}
}

function shortAlignment(alignment: readonly (readonly number[])[], { aligned }: Room): number[][] {
  return alignment.slice(0, aligned).map((row) => row.slice(0, aligned).map((weight) => Math.round(100 * weight)))
}

function shortText(symbols: readonly string[], room: Room): string[] {
  return symbols.slice(0, room.symbols).map(shortSymbol)
}

function shortSymbol(symbol: string): string {
  return symbol.length <= longestSymbol ? symbol : `${[...symbol.slice(0, longestSymbol)].slice(0, -1).join('')}…`
}

/** Of whole steps. */
function shortNumbers(numbers: readonly number[], width: number, { values }: Room): number[] {
  return numbers.slice(0, values - (values % width)).map(rounded)
}

/** To five digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(5))
}
