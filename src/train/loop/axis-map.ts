// Which place along an axis of a parameter is which in another model, whose vocabularies are in another order or of another size.
import type { HostTensor } from '../../core/tensors.js'
import type { Axis, AxisIndex } from '../../model/axes.js'

/** Places along an axis: how many the other model has, and for each place here the one there; -1 for one that is new. */
export interface PlaceMap {
  readonly there: number
  readonly from: readonly number[]
}

/** What indexes axes and may differ; everything else is mapped by its place. */
export type Correspondence = Readonly<Partial<Record<AxisIndex, PlaceMap>>>

/** Symbols here as places there, by their names. */
export function symbolMap(here: readonly string[], there: readonly string[]): PlaceMap {
  const places = new Map(there.map((symbol, place) => [symbol, place]))
  return { there: there.length, from: here.map((symbol) => places.get(symbol) ?? -1) }
}

/** An axis that is made of others is mapped part by part: blocks, or vectors end to end. */
export function placesOf(axis: Axis, correspondence: Correspondence): PlaceMap {
  const known = correspondence[axis.index]
  if (known !== undefined) return known
  if (axis.parts === undefined) return { there: axis.size, from: Array.from({ length: axis.size }, (_, at) => at) }
  let there = 0
  const from = axis.parts.flatMap((part) => {
    const map = placesOf(part, correspondence)
    const start = there
    there += map.there
    return map.from.map((place) => (place < 0 ? place : start + place))
  })
  return { there, from }
}

/** What indexes an axis or any part of it. */
export function indicesOf({ index, parts = [] }: Axis): readonly AxisIndex[] {
  return [index, ...parts.flatMap(indicesOf)]
}

/** Numbers [...] at `fresh`'s places from `other`, by an axis each; those at new places stay as they are. */
export function mapNumbers(fresh: HostTensor['data'], other: HostTensor['data'], axes: readonly PlaceMap[]) {
  const mapped = fresh.slice()
  const strides = axes.map((_, at) => product(axes.slice(at + 1).map(({ from }) => from.length)))
  const otherStrides = axes.map((_, at) => product(axes.slice(at + 1).map(({ there }) => there)))
  const copy = (at: number, to: number, from: number): void => {
    const axis = axes[at]
    if (axis === undefined) {
      mapped[to] = other[from] ?? Number.NaN
      return
    }
    axis.from.forEach((place, here) => {
      if (place >= 0) copy(at + 1, to + here * (strides[at] ?? 1), from + place * (otherStrides[at] ?? 1))
    })
  }
  copy(0, 0, 0)
  return mapped
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1)
}
