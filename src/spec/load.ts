import { dirname, resolve } from 'node:path'
import { distinctProblems, type Problem } from '../core/errors.js'
import { type Check, createCheck } from './check.js'
import { readExtended } from './extend.js'
import { type Json, type MapNode, toJson } from './nodes.js'
import { resolveSpec } from './resolve.js'
import { type JsonSchema, specSchema } from './schema.js'
import { applySetting, parseSetting, type Setting } from './set.js'
import { variantLabel } from './study/labels.js'
import type { LoadedSpec } from './types.js'

export interface LoadOptions {
  /** `path=value`, laid over every file. */
  readonly set?: readonly string[]
  /** Folder that relative data paths are against, instead of the spec's own. */
  readonly dataDir?: string
}

export interface Loaded {
  readonly specs: readonly LoadedSpec[]
  /** Every mistake in every file; `specs` are those without any. */
  readonly problems: readonly Problem[]
}

/** Reads specs from files: extended, overridden, defaults filled in, checked. Nothing is thrown for what they hold. */
export function loadSpecs(files: readonly string[], options: LoadOptions = {}): Loaded {
  const schema = specSchema()
  const check = createCheck()
  const parsed = (options.set ?? []).map(parseSetting)
  const bad = parsed.flatMap((setting) => ('problem' in setting ? [setting.problem] : []))
  const settings = parsed.flatMap((setting) => ('problem' in setting ? [] : [setting]))
  const alone = files.length === 1 && gridOf(settings).length === 1
  const loaded = files.map((file) => loadFile(schema, check, file, settings, { ...options, alone }))
  return {
    specs: loaded.flatMap(({ specs }) => specs),
    problems: [...bad, ...loaded.flatMap(({ problems }) => problems)],
  }
}

function loadFile(
  schema: JsonSchema,
  check: Check,
  file: string,
  settings: readonly Setting[],
  options: LoadOptions & { readonly alone: boolean },
): Loaded {
  const read = readExtended(schema, file)
  if ('problems' in read) return { specs: [], problems: read.problems }
  const baseDir = resolve(options.dataDir ?? dirname(file))
  const points = gridOf(settings)
  const loaded = points.map((point): Loaded => {
    const node = point.reduce<MapNode>((base, { setting, value }) => {
      const next = applySetting(schema, base, setting.path, value)
      return next.kind === 'map' ? next : base
    }, read.node)
    const resolved = resolveSpec(schema, check, node, file)
    if (!('spec' in resolved)) return { specs: [], problems: resolved.problems }
    const variant = variantOf(point)
    // A single spec's trials stand in one folder, so what was set tells them apart.
    const label = labelOf(resolved.spec.name, options.alone ? valuesOf(point) : variant)
    return { specs: [{ spec: resolved.spec, file, baseDir, variant, label, written: node }], problems: [] }
  })
  return {
    specs: loaded.flatMap(({ specs }) => specs),
    problems: distinctProblems(loaded.flatMap(({ problems }) => problems)),
  }
}

export type SetPoint = readonly { readonly setting: Setting; readonly value: Setting['values'][number] }[]

/** Every choice of one value a setting, the last setting changing fastest. */
export function gridOf(settings: readonly Setting[]): readonly SetPoint[] {
  return settings.reduce<readonly SetPoint[]>(
    (points, setting) => points.flatMap((point) => setting.values.map((value) => [...point, { setting, value }])),
    [[]],
  )
}

/** What distinguishes a point: the settings that have several values. */
export function variantOf(point: SetPoint): Readonly<Record<string, Json>> {
  return valuesOf(point.filter(({ setting }) => setting.values.length > 1))
}

function valuesOf(point: SetPoint): Readonly<Record<string, Json>> {
  return Object.fromEntries(point.map(({ setting, value }) => [setting.path.join('.'), toJson(value.node)]))
}

/** `name`, or `name lstm, hidden=64`. */
function labelOf(name: string, variant: Readonly<Record<string, Json>>): string {
  return [name, variantLabel(variant)].filter((text) => text !== '').join(' ')
}
