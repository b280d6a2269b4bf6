import type { Json } from '../../../spec/document/nodes.js'
import { valueText } from '../../../spec/plan/study/labels.js'
import type { Spec } from '../../../spec/types.js'
import type { FoundTrial } from './read-trial.js'

/** Trials of one variant: the same spec but for the seed (or, with `by`, the same value at one path). */
export interface VariantTrials {
  readonly id: string
  readonly label: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly completed: readonly FoundTrial[]
  readonly unfinished: readonly FoundTrial[]
}

/** Trials that may be compared: the same task on the same data. */
export interface TrialGroup {
  readonly task: string
  readonly dataDigest: string
  readonly differing: readonly string[]
  /** Paths that the studies' grids vary; variants have the grid's values of them among their settings. */
  readonly factors: readonly string[]
  /** Settings in the table of variants. */
  readonly columns: readonly string[]
  readonly mixed: readonly string[]
  readonly variants: readonly VariantTrials[]
}

const columnsAtMost = 6

interface Grouping {
  /** A path whose value makes a variant, instead of the whole spec. */
  readonly by?: string
  /** Of the grids' paths, those whose effect is of interest; by default all. */
  readonly shown?: readonly string[]
  /** Whether settings that all variants share are omitted. */
  readonly onlyChanged: boolean
}

/** Partitions trials into groups and these into variants, in their order. */
export function groupTrials(trials: readonly FoundTrial[], { by, shown, onlyChanged }: Grouping): TrialGroup[] {
  const groups = groupBy(trials, ({ record }) => `${record.spec.task.type} ${record.digests.training}`)
  return groups.map((members) => {
    const specs = members.map(({ record }) => record.spec)
    const differing = onlyChanged ? differingPaths(specs) : settingPaths(specs)
    const parts = groupBy(members, ({ record }) =>
      by === undefined ? record.trainHash : JSON.stringify(settingsOf(record.spec).get(by)),
    )
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
    const { task, dataDigest } = {
      task: members[0]?.record.spec.task.type ?? '',
      dataDigest: members[0]?.record.digests.training ?? '',
    }
    return { task, dataDigest, differing, factors, columns, mixed, variants }
  })
}

/** Whether a setting is one that a grid varies, or an option of it. */
function within(path: string, varied: readonly string[]): boolean {
  return varied.some((other) => path === other || path.startsWith(`${other}.`))
}

function labelOf(part: readonly FoundTrial[], by: string | undefined): string {
  const record = part[0]?.record
  if (record === undefined) return ''
  return by === undefined ? record.label : `${by.split('.').at(-1)} = ${settingText(settingsOf(record.spec).get(by))}`
}

/** Variants with the same label get their study's name added, else their spec hash. */
function distinctLabels(labels: readonly string[], parts: readonly (readonly FoundTrial[])[]): string[] {
  const clash = (all: readonly string[], label: string) => all.filter((other) => other === label).length > 1
  const named = labels.map((label, at) => (clash(labels, label) ? `${label} (${parts[at]?.[0]?.record.study})` : label))
  return named.map((label, at) =>
    clash(named, label) ? `${label} ${parts[at]?.[0]?.record.trainHash.slice(0, 6)}` : label,
  )
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

/** Every leaf of a spec by its dotted path, and every part's type under the part's own path too (`model.encoder.cell`). */
export function settingsOf(spec: Spec): Map<string, unknown> {
  const settings = new Map<string, unknown>()
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      settings.set(path, value)
      return
    }
    if ('type' in value && path !== '') settings.set(path, value.type)
    for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`)
  }
  visit(spec, '')
  return settings
}

/** Groups are already partitioned by task. */
const neverASetting = new Set(['name', 'seed', 'task'])

/** Settings that `--by` accepts. */
export function settingPaths(specs: readonly Spec[]): string[] {
  const paths = new Set(specs.flatMap((spec) => [...settingsOf(spec).keys()]))
  return [...paths].filter((path) => !doubled(path, paths) && !neverASetting.has(path))
}

/** A part's `type` is named by the part's path alone. */
function doubled(path: string, paths: ReadonlySet<string>): boolean {
  return path.endsWith('.type') && paths.has(path.slice(0, -'.type'.length))
}

/** Paths whose values differ between specs. */
function differingPaths(specs: readonly Spec[]): string[] {
  const values = new Map<string, Set<string>>()
  const all = specs.map(settingsOf)
  const paths = new Set(all.flatMap((settings) => [...settings.keys()]))
  for (const path of paths)
    values.set(path, new Set(all.map((settings) => JSON.stringify(settings.get(path)) ?? 'absent')))
  const differs = (path: string) => (values.get(path)?.size ?? 0) > 1
  return [...paths].filter((path) => differs(path) && !doubled(path, paths) && !neverASetting.has(path))
}

/** A setting's value as in labels: `64`, `additive(size=64)`. */
export function settingText(value: unknown): string {
  return value === undefined || value === null ? 'none' : valueText(value as Json)
}
