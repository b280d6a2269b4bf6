import { relative } from 'node:path'
import { realPathOf } from '../../../core/files.js'
import { sha256 } from '../../../core/hash.js'
import { distinctBy } from '../../../core/lists.js'
import { isSameMeasure } from '../../../metrics/measures.js'
import { readPredictions } from '../../../store/index.js'
import type { FoundTrial, Skipped, TrialName } from './read-trial.js'

// A trial's id says all that trains it: the same id in two folders is one trained model that was trained twice, not two
// samples. Counting it twice would halve a variance for nothing.

/** A trial that was found in more than one folder. */
export interface TrialCopies {
  readonly trialId: string
  readonly label: string
  readonly seed: number
  readonly directories: readonly string[]
  /** The first figure in which the copies differ, in words: then none of them is counted. */
  readonly difference?: string
}

interface Merged {
  readonly trials: readonly FoundTrial[]
  readonly copies: readonly TrialCopies[]
  readonly skipped: readonly Skipped[]
}

/** Each trial once, with the evaluations and names of all its copies; none of those whose results differ. */
export function mergeCopies(found: readonly FoundTrial[]): Merged {
  const byId = new Map<string, FoundTrial[]>()
  for (const trial of distinctPlaces(found)) {
    const { trialId } = trial.record
    byId.set(trialId, [...(byId.get(trialId) ?? []), trial])
  }
  const merged = [...byId.values()].map(mergeTrial)
  return {
    trials: merged.flatMap(({ trials }) => trials),
    copies: merged.flatMap(({ copies }) => copies),
    skipped: merged.flatMap(({ skipped }) => skipped),
  }
}

/** A folder may be found through its study, by itself and by a link. */
function distinctPlaces(found: readonly FoundTrial[]): FoundTrial[] {
  return distinctBy(found, ({ directory, evaluation = '' }) => JSON.stringify([realPathOf(directory), evaluation]))
}

/** All that was found of one trial id. */
function mergeTrial(all: readonly FoundTrial[]): Merged {
  const [first] = all
  const directories = [...new Set(all.map(({ directory }) => directory))]
  if (first === undefined || directories.length === 1) return { trials: all, copies: [], skipped: [] }
  const { trialId, label, seed } = first.record
  const copies = { trialId, label, seed, directories }
  // A copy that failed or was cancelled has no result that could differ.
  const completed = all.filter(({ record }) => record.status === 'completed')
  const counted = completed.length > 0 ? completed : all.slice(0, 1)
  const conflict = firstConflict(completed)
  if (conflict === undefined) return { trials: byEvaluation(counted, namesOf(all)), copies: [copies], skipped: [] }
  const [left, right] = conflict.sides.map(({ directory }) => relative('', directory) || '.')
  const difference = `${conflict.figure} is ${conflict.left} in ${left} and ${conflict.right} in ${right}${otherwiseText(conflict.sides)}`
  const named = directories.length > 2 ? ` (${directories.map((path) => relative('', path) || '.').join(', ')})` : ''
  const reason = `the same trial is in ${directories.length} folders${named} with different results, so none of them is counted: ${difference}`
  return {
    trials: [],
    copies: [{ ...copies, difference }],
    skipped: directories.slice(0, 1).map((path) => ({ path, reason })),
  }
}

/** ` (engine: eager and onnx)`: in what else the copies differ that may be the cause. */
function otherwiseText([left, right]: Conflict['sides']): string {
  const programsOf = ({ record }: FoundTrial) => new Map(Object.entries({ engine: record.engine, ...record.versions }))
  const [ours, theirs] = [programsOf(left), programsOf(right)]
  const names = [...new Set([...ours.keys(), ...theirs.keys()])]
  const others = names.flatMap((name) => {
    const [one = 'none', other = 'none'] = [ours.get(name), theirs.get(name)]
    return one === other ? [] : [`${name}: ${one} and ${other}`]
  })
  return others.length === 0 ? '' : ` (${others.join('; ')})`
}

/** Each evaluation once, under the names that any copy has for it. */
function byEvaluation(trials: readonly FoundTrial[], names: ReadonlyMap<string, readonly TrialName[]>): FoundTrial[] {
  return distinctBy(trials, ({ record }) => record.evaluation).map((trial) => ({
    ...trial,
    names: names.get(trial.record.evaluation) ?? trial.names,
  }))
}

function namesOf(all: readonly FoundTrial[]): Map<string, TrialName[]> {
  const names = new Map<string, TrialName[]>()
  for (const { record, names: more } of all) {
    const known = names.get(record.evaluation) ?? []
    const fresh = more.filter(({ folder, label }) => !known.some((one) => one.folder === folder && one.label === label))
    names.set(record.evaluation, [...known, ...fresh])
  }
  return names
}

interface Difference {
  /** `test accuracy`, `validation-loss at step 100`. */
  readonly figure: string
  readonly left: string
  readonly right: string
}

interface Conflict extends Difference {
  readonly sides: readonly [FoundTrial, FoundTrial]
}

function firstConflict(completed: readonly FoundTrial[]): Conflict | undefined {
  for (const [at, right] of completed.entries()) {
    const left = completed.slice(0, at).find((other) => other.directory !== right.directory)
    const difference = left && (differenceInTraining(left, right) ?? differenceInEvaluation(completed, right))
    if (left !== undefined && difference !== undefined) return { ...difference, sides: [left, right] }
  }
  return undefined
}

function differenceInEvaluation(completed: readonly FoundTrial[], right: FoundTrial): Difference | undefined {
  const left = completed.find(
    ({ record, directory }) => record.evaluation === right.record.evaluation && directory !== right.directory,
  )
  if (left === undefined) return undefined
  return (
    differenceIn(left.record.metrics, right.record.metrics) ??
    differenceInExamples(left, right) ??
    differenceInPredictions(left, right)
  )
}

function differenceInTraining(left: FoundTrial, right: FoundTrial): Difference | undefined {
  const ofTraining = ({ record: { parameters, stepsDone, bestStep } }: FoundTrial) => ({
    parameters,
    'number of steps': stepsDone,
    'best step': bestStep,
  })
  const inRecord = differenceIn(ofTraining(left), ofTraining(right))
  if (inRecord !== undefined || left.lines.metrics === right.lines.metrics) return inRecord
  const inCurves = differenceInCurves(left, right)
  // Lines of validations have other values where other metrics were computed: of these training the losses decide.
  if (inCurves !== undefined || !areAlike(left, right)) return inCurves
  return differentLines('metrics.jsonl', left.lines.metrics, right.lines.metrics)
}

/** In the losses, and in the metrics that both measure alike: a metric under other options is another evaluation. */
function differenceInCurves(left: FoundTrial, right: FoundTrial): Difference | undefined {
  const others = new Set([...otherMetrics(left, right), ...otherMetrics(right, left)])
  const asRecords = ({ curves }: FoundTrial) =>
    Object.fromEntries(
      Object.entries(curves)
        .filter(([name]) => !others.has(name))
        .map(([name, points]) => [name, Object.fromEntries(points.map(([step, value]) => [`at step ${step}`, value]))]),
    )
  return differenceIn(asRecords(left), asRecords(right))
}

function areAlike(left: FoundTrial, right: FoundTrial): boolean {
  return otherMetrics(left, right).length + otherMetrics(right, left).length === 0
}

/** The metrics of a trial's validations that another one's lack, or have under other options. */
function otherMetrics({ validated }: FoundTrial, { validated: other }: FoundTrial): string[] {
  return validated
    .filter(({ name, spec }) => !other.some((one) => one.name === name && isSameMeasure(one.spec, spec)))
    .map(({ name }) => name)
}

function differenceInExamples({ statistics: left }: FoundTrial, { statistics: right }: FoundTrial) {
  for (const [metric, { data, width }] of Object.entries(left)) {
    const other = right[metric]?.data ?? new Float64Array()
    const at = data.findIndex((value, place) => !Object.is(value, other[place]))
    if (at >= 0 || other.length !== data.length) {
      const place = at < 0 ? data.length : at
      const figure = `${metric} of test example ${Math.floor(place / width)} (statistic ${place % width})`
      return { figure, left: textOf(data[place]), right: textOf(other[place]) }
    }
  }
  return undefined
}

/** Equal figures of predictions that differ all the same. */
function differenceInPredictions(left: FoundTrial, right: FoundTrial): Difference | undefined {
  if (left.lines.predictions === right.lines.predictions) return undefined
  const [ours, theirs] = [left, right].map(({ directory, evaluation }) => readPredictions(directory, evaluation))
  const at = ours?.findIndex((line, place) => JSON.stringify(line) !== JSON.stringify(theirs?.[place])) ?? -1
  const [one, other] = [ours?.[at], theirs?.[at]]
  if (one === undefined) return differentLines('predictions.jsonl', left.lines.predictions, right.lines.predictions)
  const difference = differenceIn({ ...one }, { ...other })
  const figure = `the prediction of ${one.split} example ${one.index} (${difference?.figure})`
  return { left: difference?.left ?? '', right: difference?.right ?? '', figure }
}

function differentLines(file: string, left: string, right: string): Difference {
  return { figure: `sha-256 of ${file}`, left: left.slice(0, 12), right: right.slice(0, 12) }
}

/** The first leaf in which two plain values differ, by its path. */
function differenceIn(left: object, right: object): Difference | undefined {
  const [ours, theirs] = [
    new Map<string, unknown>(Object.entries(left)),
    new Map<string, unknown>(Object.entries(right)),
  ]
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a, b] = [ours.get(key), theirs.get(key)]
    if (isObject(a) && isObject(b)) {
      const inner = differenceIn(a, b)
      if (inner !== undefined) return { ...inner, figure: `${key} ${inner.figure}`.replace(/ value$/, '') }
    } else if (!Object.is(a, b)) return { figure: key, left: textOf(a), right: textOf(b) }
  }
  return undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = JSON.stringify(value)
  return text.length <= 60 ? text : `a text with sha-256 ${sha256(text).slice(0, 12)}`
}
