import { type CurvePoint, extremes } from '../../stats/curve.js'
import { roomForFrames, thinFrames } from '../analysis/samples/thin.js'
import type { Forming } from '../analysis/samples/types.js'
import type { CurveKind, SamplesUpdate, StudyRow, TrialRow, Update } from './types.js'

/** What a page knows: all updates so far, put together. */
export interface Model {
  /** Id of the last update. */
  since: string | undefined
  /** By how much the server's clock is ahead of the page's. */
  aheadMs: number
  names: readonly string[]
  readonly studies: Map<string, StudyRow>
  readonly orders: Map<string, readonly string[]>
  /** By `<study>/<id>`. */
  readonly trials: Map<string, TrialRow>
  /** By run, then by name. */
  readonly curves: Map<string, Map<string, RunCurve>>
  /** By run. */
  readonly samples: Map<string, Forming>
}

export interface RunCurve {
  readonly kind: CurveKind
  readonly points: readonly CurvePoint[]
}

export function emptyModel(): Model {
  const maps = { studies: new Map(), orders: new Map(), trials: new Map(), curves: new Map(), samples: new Map() }
  return { since: undefined, aheadMs: 0, names: [], ...maps }
}

/** Adds an update that came at a time of the page's clock. */
export function applyUpdate(model: Model, update: Update, nowMs: number): void {
  if (update.whole) forget(model)
  model.since = update.id
  model.aheadMs = update.nowMs - nowMs
  if (update.names !== undefined) keepStudies(model, update.names)
  for (const study of update.studies ?? []) model.studies.set(study.name, study)
  for (const [study, ids] of Object.entries(update.order ?? {})) keepTrials(model, study, ids)
  for (const trial of update.trials ?? []) model.trials.set(`${trial.study}/${trial.id}`, trial)
  for (const { run, kind, after, points } of update.curves ?? []) {
    const curves = model.curves.get(run) ?? new Map<string, RunCurve>()
    model.curves.set(run, curves)
    const known = (curves.get(kind.name)?.points ?? []).filter(([step]) => step <= after)
    curves.set(kind.name, { kind, points: thinnedPoints([...known, ...points]) })
  }
  if (update.samples !== undefined) addSamples(model, update.samples)
}

function addSamples({ samples }: Model, { run, begun, frames, recorded }: SamplesUpdate): void {
  const known = begun === undefined ? samples.get(run) : { ...begun, frames: [], recorded }
  if (known === undefined) return
  samples.set(run, { ...known, recorded, frames: thinFrames([...known.frames, ...frames], roomForFrames) })
}

function forget({ studies, orders, trials, curves, samples }: Model): void {
  for (const map of [studies, orders, trials, curves, samples]) map.clear()
}

function keepStudies(model: Model, names: readonly string[]): void {
  model.names = names
  for (const name of [...model.studies.keys()].filter((known) => !names.includes(known))) {
    model.studies.delete(name)
    keepTrials(model, name, [])
  }
}

function keepTrials({ orders, trials }: Model, study: string, ids: readonly string[]): void {
  orders.set(study, ids)
  const kept = new Set(ids.map((id) => `${study}/${id}`))
  for (const [key, trial] of trials) if (trial.study === study && !kept.has(key)) trials.delete(key)
}

/** Trials of a study in their order. */
export function trialsOf({ orders, trials }: Model, study: string): TrialRow[] {
  return (orders.get(study) ?? []).flatMap((id) => trials.get(`${study}/${id}`) ?? [])
}

const mostPoints = 800

/** A page that stays open for days draws no more: of those that would lie on each other the lowest and the highest. */
function thinnedPoints(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const [first, last] = [points[0], points.at(-1)]
  if (points.length <= mostPoints || first === undefined || last === undefined) return points
  const width = (last[0] - first[0]) / (mostPoints / 2 - 1)
  const buckets = new Map<number, CurvePoint[]>()
  for (const point of points) {
    const at = Math.floor((point[0] - first[0]) / width)
    const bucket = buckets.get(at) ?? []
    buckets.set(at, bucket)
    bucket.push(point)
  }
  return [...buckets.values()].flatMap(extremes)
}
