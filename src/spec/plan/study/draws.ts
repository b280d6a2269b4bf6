import { randomStream } from '../../../core/random.js'
import { fromJson, isList, isMap, type Json, toJson } from '../../document/nodes.js'
import type { StudyOptions } from '../../study-options.js'
import { type Axis, choicesOf, type Point, pathsIn, pointKey, valueKey } from './point.js'

export interface Draws {
  readonly points: readonly Point[]
  /** Why they are fewer than asked for, in words. */
  readonly notes: readonly string[]
}

/**
 * The study's random points, all different: a draw that repeats is drawn again, and a space with fewer points than samples is
 * taken whole. The sequence does not depend on their number: more samples begin with the same points.
 */
export function drawPoints({ random }: StudyOptions, space: readonly Axis[]): Draws {
  if (random === undefined || space.length === 0) return { points: [], notes: [] }
  const { samples, seed } = random
  const axes = space.map((axis) => ({ ...axis, space: toJson(axis.value), values: valuesOf(toJson(axis.value)) }))
  const size = axes.reduce((product, { values }) => product * (values?.length ?? Number.POSITIVE_INFINITY), 1)
  const points: Point[] = []
  for (const point of distinctPoints(axes, seed, size)) {
    points.push(point)
    if (points.length === samples) break
  }
  return { points, notes: points.length === samples ? [] : [fewer(points.length, samples, size)] }
}

interface Drawable extends Axis {
  readonly space: Json
  /** All of them, where they can be counted. */
  readonly values: readonly Json[] | undefined
}

/** After so many repeated draws in a row, what is left of a space is taken in its order. */
const patience = 1000

function* distinctPoints(axes: readonly Drawable[], seed: number, size: number): Generator<Point> {
  const seen = new Set<string>()
  const isNew = (point: Point) => seen.size < seen.add(pointKey(point)).size
  let repeats = 0
  for (let sample = 0; seen.size < size && repeats < patience; sample++) {
    const point = axes.flatMap((axis) => {
      const numbers = randomStream(seed, 'search', axis.key, sample)
      return choices(axis, drawn(axis.space, numbers.uniform()))
    })
    if (isNew(point)) {
      repeats = 0
      yield point
    } else repeats++
  }
  if (Number.isFinite(size)) for (const point of everyPoint(axes)) if (isNew(point)) yield point
}

function* everyPoint([axis, ...others]: readonly Drawable[]): Generator<Point> {
  if (axis === undefined) yield []
  else
    for (const value of axis.values ?? [])
      for (const rest of everyPoint(others)) yield [...choices(axis, value), ...rest]
}

/** Of several paths in a key, a number that was drawn from a range goes to each. */
function choices({ key, keyPlace, value: { place }, space }: Drawable, drawnValue: Json): Point {
  const node = fromJson(drawnValue, place)
  if (!isList(space)) return pathsIn(key).map((path) => ({ path, node, keyPlace }))
  return choicesOf(key, keyPlace, node) ?? []
}

function fewer(count: number, samples: number, size: number): string {
  const points = count === 1 ? '1 point' : `${count} points`
  return Number.isFinite(size)
    ? `random: the space has ${points}, all of which are used (samples: ${samples})`
    : `random: only ${points} of these ranges differ in 4 digits (samples: ${samples})`
}

/** The values of a list or a range of whole numbers, each once; undefined of other ranges. */
function valuesOf(space: Json): readonly Json[] | undefined {
  if (isList(space)) return [...new Map(space.map((value) => [valueKey(value), value])).values()]
  const { integers } = spaceOf(space)
  if (integers === undefined) return undefined
  const [low = 0, high = 0] = integers
  // Longer ranges are never exhausted: as many values as samples may be are enough to say that there are more.
  return high - low < 2 * mostSamples ? Array.from({ length: high - low + 1 }, (_, at) => low + at) : undefined
}

/** The largest `samples`. */
const mostSamples = 10_000

export function spaceOf(space: Json): Readonly<Record<'range' | 'log' | 'integers', readonly number[] | undefined>> {
  const { range, log, integers } = isMap(space) ? space : {}
  return { range: numbersIn(range), log: numbersIn(log), integers: numbersIn(integers) }
}

function numbersIn(value: Json | undefined): readonly number[] | undefined {
  return isList(value) ? value.filter((item) => typeof item === 'number') : undefined
}

/** A value at u in [0, 1) of a range; numbers are rounded to 4 significant digits, so that people can read them. */
function drawn(space: Json, u: number): Json {
  if (isList(space)) return space[Math.floor(u * space.length)] ?? null
  const { range, log, integers } = spaceOf(space)
  const [low = 0, high = 0] = range ?? log ?? integers ?? []
  if (integers !== undefined) return low + Math.floor(u * (high - low + 1))
  const value = log === undefined ? low + u * (high - low) : low * (high / low) ** u
  return Number(value.toPrecision(4))
}
