import type { Column, Dataset, Split } from '../data/types.js'

/** A number in the data that no model copes with, as it stands in the data and scaled. */
export interface ExtremeValue {
  readonly where: string
  readonly scaled: number
}

/**
 * Beyond this a scaled number is an error of the data, not of training: scaled data lie around 1, and float32 has 7 digits
 * (a square of it is lost next to anything smaller).
 */
const extreme = 1e6

/** The number of an example that is farthest from 0, where that is extreme: in its source or its target. */
export function extremeValue(dataset: Pick<Dataset, 'scaling'>, split: Split, index: number): ExtremeValue | undefined {
  const found = [
    ...extremesOf(dataset, split.source, index, 'source'),
    ...extremesOf(dataset, split.target, index, 'target'),
  ]
  return found.toSorted((a, b) => sizeOf(b.scaled) - sizeOf(a.scaled))[0]
}

/** `the target of example 3 holds 1e+30 (series b)`. */
export function extremeText({ where, scaled }: ExtremeValue): string {
  return `${where} ${Number(scaled.toPrecision(4))}`
}

/** What to do about it. */
export const extremeHint =
  'Look at the data: correct or remove the value, or scale the series (data.source.scale). It is no matter of the learning rate.'

function extremesOf(dataset: Pick<Dataset, 'scaling'>, column: Column, index: number, side: string): ExtremeValue[] {
  if (column.kind !== 'values') return []
  const { data, offsets, width } = column
  const row = data.subarray((offsets[index] ?? 0) * width, (offsets[index + 1] ?? 0) * width)
  return [...row].flatMap((scaled, at) => {
    if (sizeOf(scaled) < extreme) return []
    const series = dataset.scaling?.[at % width]?.name
    const of = series === undefined ? '' : ` (${series}, scaled)`
    return [{ where: `the ${side} of example ${index}${of} holds`, scaled }]
  })
}

function sizeOf(number: number): number {
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : Math.abs(number)
}
