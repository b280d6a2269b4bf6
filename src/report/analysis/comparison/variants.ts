import type { Json } from '../../../spec/document/nodes.js'
import { valueText } from '../../../spec/plan/study/labels.js'
import { differingPaths, settingPaths, settingsOf } from '../../../spec/settings.js'
import { orderedLevels } from '../../format/order.js'
import type { FoundTrial } from './read-trial.js'

/** Trials of one variant: the same training and evaluation under several seeds (or, with `by`, the same value at one path). */
export interface VariantTrials {
  readonly id: string
  readonly label: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly completed: readonly FoundTrial[]
  readonly unfinished: readonly FoundTrial[]
}

/** Trials that may be compared: the same task, trained and tested on the same data. */
export interface TrialGroup {
  readonly task: string
  readonly dataDigest: string
  readonly testDigest: string
  readonly differing: readonly string[]
  /** Paths that the studies' grids vary; variants have the grid's values of them among their settings. */
  readonly factors: readonly string[]
  /** As `factors`, those that a study's `compare` leaves out too. */
  readonly varied: readonly string[]
  /** The path whose values make the variants; absent: each has a whole spec of its own. */
  readonly by?: string
  /** Settings in the table of variants. */
  readonly columns: readonly string[]
  readonly mixed: readonly string[]
  readonly variants: readonly VariantTrials[]
}

const columnsAtMost = 6

export interface Grouping {
  /** A path whose value makes a variant, instead of the whole spec. */
  readonly by?: string
  /** Of the grids' paths, those whose effect is of interest; by default all. */
  readonly shown?: readonly string[]
  /** Whether settings that all variants share are omitted. */
  readonly onlyChanged: boolean
}

/** Partitions trials into groups and these into variants, in their order. */
export function groupTrials(trials: readonly FoundTrial[], { by, shown, onlyChanged }: Grouping): TrialGroup[] {
  const groups = groupBy(
    trials,
    ({ record: { spec, digests } }) => `${spec.task.type} ${digests.training} ${digests.test}`,
  )
  return groups.map((members) => {
    const specs = members.map(({ record }) => record.spec)
    const differing = onlyChanged ? differingPaths(specs) : settingPaths(specs)
    const parts = by === undefined ? groupBy(members, ({ record }) => identityOf(record)) : levelsOf(members, by)
    const labels = distinctLabels(
      parts.map((part) => labelOf(part, by)),
      parts,
    )
    const mixed =
      by === undefined
        ? []
        : [...new Set(parts.flatMap((part) => differingPaths(part.map(({ record }) => record.spec))))]
    const variants = parts.map(
      (part, at): VariantTrials => ({
        id: `v${at + 1}`,
        label: labels[at] ?? '',
        settings: chosenSettings(part, by === undefined ? differing : [by]),
        completed: part.filter(({ record }) => record.status === 'completed'),
        unfinished: part.filter(({ record }) => record.status !== 'completed'),
      }),
    )
    const varied = factorsOf(members)
    const factors = varied.filter((path) => shown === undefined || shown.includes(path))
    const changed = [...factors, ...differing.filter((path) => !within(path, varied))].slice(0, columnsAtMost)
    const columns = by !== undefined ? [by] : onlyChanged ? changed : differing
    const { spec, digests } = members[0]?.record ?? {}
    const shared = { task: spec?.task.type ?? '', dataDigest: digests?.training ?? '', testDigest: digests?.test ?? '' }
    return { ...shared, differing, varied, ...(by !== undefined && { by }), factors, columns, mixed, variants }
  })
}

/** What all seeds of a variant share, within a group: how it is trained, and what is done with the trained model. */
export function identityOf({ trainHash, evaluation }: FoundTrial['record']): string {
  return `${trainHash} ${evaluation}`
}

/** Whether a setting is one that a grid varies, or an option of it. */
export function within(path: string, varied: readonly string[]): boolean {
  return varied.some((other) => path === other || path.startsWith(`${other}.`))
}

function labelOf(part: readonly FoundTrial[], by: string | undefined): string {
  const record = part[0]?.record
  if (record === undefined) return ''
  return by === undefined ? record.label : `${by.split('.').at(-1)} = ${settingText(settingsOf(record.spec).get(by))}`
}

/** Variants with the same label get their study's name added, else the start of their identity. */
function distinctLabels(labels: readonly string[], parts: readonly (readonly FoundTrial[])[]): string[] {
  const clash = (all: readonly string[], label: string) => all.filter((other) => other === label).length > 1
  const named = labels.map((label, at) => (clash(labels, label) ? `${label} (${studyOf(parts[at]?.[0])})` : label))
  return named.map((label, at) => (clash(named, label) ? `${label} ${shortIdentity(parts[at]?.[0])}` : label))
}

/** By the plan of the study's folder: records keep the name that it had when they were written. */
export function studyOf(trial: FoundTrial | undefined): string {
  return trial?.names[0]?.study ?? ''
}

function shortIdentity(trial: FoundTrial | undefined): string {
  return trial === undefined ? '' : `${trial.record.trainHash.slice(0, 6)}/${trial.record.evaluation.slice(0, 6)}`
}

function chosenSettings(part: readonly FoundTrial[], paths: readonly string[]): Record<string, unknown> {
  const settings = part[0] === undefined ? new Map<string, unknown>() : settingsOf(part[0].record.spec)
  return { ...Object.fromEntries(paths.map((path) => [path, settings.get(path) ?? null])), ...part[0]?.record.variant }
}

function factorsOf(members: readonly FoundTrial[]): string[] {
  const paths = new Set(members.flatMap(({ record }) => Object.keys(record.variant)))
  const values = (path: string) => new Set(members.map(({ record }) => JSON.stringify(record.variant[path])))
  return [...paths].filter((path) => values(path).size > 1)
}

/** Trials by their value at a path: numbers by size, others in the trials' order. */
function levelsOf(members: readonly FoundTrial[], by: string): FoundTrial[][] {
  const textOf = ({ record }: FoundTrial) => settingText(settingsOf(record.spec).get(by))
  const parts = groupBy(members, ({ record }) => JSON.stringify(settingsOf(record.spec).get(by)))
  const texts = parts.map(([first]) => (first === undefined ? '' : textOf(first)))
  const order = orderedLevels([...new Set(texts)])
  const placeOf = (part: readonly FoundTrial[]) => (part[0] === undefined ? -1 : order.indexOf(textOf(part[0])))
  return parts.toSorted((a, b) => placeOf(a) - placeOf(b))
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const parts = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const part = parts.get(key) ?? []
    part.push(item)
    parts.set(key, part)
  }
  return [...parts.values()]
}

/** A setting's value as in labels: `64`, `additive(size=64)`. */
export function settingText(value: unknown): string {
  return value === undefined || value === null ? 'none' : valueText(value as Json)
}
