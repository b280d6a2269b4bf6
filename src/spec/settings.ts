import { canonicalJson } from '../core/canonical-json.js'
import { isJsonObject } from '../core/json.js'
import type { Settings, Spec } from './types.js'

/** A variant as settings select it. */
export interface SelectedVariant {
  readonly spec: Spec
  /** Values of the grid as they are written, by path. */
  readonly variant: Settings
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

/** Groups are already partitioned by task; what is kept of a training is no setting of it. */
const neverASetting = new Set(['name', 'seed', 'task', 'train.keepCheckpoint'])

/** The paths of settings, in which specs may differ. */
export function settingPaths(specs: readonly Spec[]): string[] {
  const paths = new Set(specs.flatMap((spec) => [...settingsOf(spec).keys()]))
  return [...paths].filter((path) => isSetting(path, paths))
}

/** Paths whose values differ between specs. */
export function differingPaths(specs: readonly Spec[]): string[] {
  const values = new Map<string, Set<string>>()
  const all = specs.map(settingsOf)
  const paths = new Set(all.flatMap((settings) => [...settings.keys()]))
  for (const path of paths)
    values.set(path, new Set(all.map((settings) => JSON.stringify(settings.get(path)) ?? 'absent')))
  return [...paths].filter((path) => (values.get(path)?.size ?? 0) > 1 && isSetting(path, paths))
}

/** A part's `type` is named by the part's path alone. */
function isSetting(path: string, paths: ReadonlySet<string>): boolean {
  const doubled = path.endsWith('.type') && paths.has(path.slice(0, -'.type'.length))
  return !doubled && !neverASetting.has(path)
}

/** The value at a dotted path of a resolved spec; undefined where there is none. */
export function valueAt(spec: Spec, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), spec)
}

/**
 * The variants that have all of some settings. A value of the grid as it is written there means exactly that one; any other
 * value means whatever has it: a bare name every part of that name, a map every part with these options.
 */
export function variantsWith<V extends SelectedVariant>(settings: Settings, variants: readonly V[]): V[] {
  return Object.entries(settings).reduce<V[]>(
    (left, [path, wanted]) => having(path, wanted, variants, left),
    [...variants],
  )
}

function having<V extends SelectedVariant>(path: string, wanted: unknown, all: readonly V[], among: readonly V[]): V[] {
  const isWritten = ({ variant }: V) => path in variant && canonicalJson(variant[path]) === canonicalJson(wanted)
  const written = all.some(isWritten)
  return among.filter((one) =>
    written && path in one.variant ? isWritten(one) : contains(valueAt(one.spec, path), wanted),
  )
}

/** Whether a resolved value is what was written, every default that was not written left open. */
function contains(value: unknown, wanted: unknown): boolean {
  if (wanted === null) return value === null || value === undefined
  if (Array.isArray(wanted)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : []
    return items.length === wanted.length && items.every((item, at) => contains(item, wanted[at]))
  }
  if (isJsonObject(wanted))
    return isJsonObject(value) && Object.entries(wanted).every(([key, each]) => contains(value[key], each))
  if (Array.isArray(value)) return value.length === 1 && contains(value[0], wanted)
  if (isJsonObject(value)) return value.type === wanted || value.from === wanted
  return value === wanted
}
