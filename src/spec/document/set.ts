import type { Problem } from '../../core/errors.js'
import { mergeAt } from './merge.js'
import { type Json, type MapNode, toJson } from './nodes.js'
import type { JsonSchema } from './schema-navigation.js'
import { schemaAt } from './schema-navigation.js'
import { type SetHint, setHint } from './set-hints.js'
import { readValues, type SetValue, typed } from './set-values.js'

/** One `--set path=value`; several values (`--set a=1,2`) make a grid. */
export interface Setting {
  readonly path: readonly string[]
  readonly values: readonly SetValue[]
}

/** One value for each setting: a point of the grid that several values make. */
export type SetPoint = readonly { readonly setting: Setting; readonly value: SetValue }[]

export function parseSettings(texts: readonly string[]): {
  readonly settings: readonly Setting[]
  readonly problems: readonly Problem[]
} {
  const parsed = texts.map(parseSetting)
  return {
    settings: parsed.flatMap((each) => ('problem' in each ? [] : [each])),
    problems: parsed.flatMap((each) => ('problem' in each ? [each.problem] : [])),
  }
}

/** Every choice of one value for each setting, the last setting changing fastest. */
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

export function valuesOf(point: SetPoint): Readonly<Record<string, Json>> {
  return Object.fromEntries(point.map(({ setting, value }) => [setting.path.join('.'), toJson(value.node)]))
}

/** Reads `path=value`. The value is YAML (`lstm`, `0.5`, `[per, wer]`, `{type: gru, reset: before}`), or else text (`|`). */
function parseSetting(argument: string): Setting | { readonly problem: Problem } {
  const place = { file: `--set ${shortened(argument)}` }
  const equals = argument.indexOf('=')
  const path = argument.slice(0, Math.max(0, equals)).trim()
  const text = argument.slice(equals + 1).trim()
  if (equals < 1 || path === '' || path.split('.').includes('')) {
    return {
      problem: {
        path: '',
        message: 'is not of the form path=value',
        hint: 'for example: --set model.encoder.cell=lstm',
        place,
      },
    }
  }
  if (text === '') return { problem: { path, message: 'gives no value', place } }
  return { path: path.split('.'), values: readValues(text, place) }
}

/** A spec with a point's values laid on it, and what to say where one of them is wrong. */
export interface LaidPoint {
  readonly node: MapNode
  readonly hints: readonly SetHint[]
}

/** Lays a point's values on a spec, each typed by the schema of its path. */
export function applyPoint(schema: JsonSchema, base: MapNode, point: SetPoint): LaidPoint {
  return point.reduce<LaidPoint>(
    ({ node, hints }, { setting: { path, values }, value }) => {
      const wanted = schemaAt(schema, toJson(node), path)
      const hint = setHint(path.join('.'), wanted, { value, all: values })
      return {
        node: mergeAt(schema, node, path, { value: typed(wanted, value) }),
        hints: hint === undefined ? hints : [...hints, hint],
      }
    },
    { node: base, hints: [] },
  )
}

function shortened(argument: string): string {
  return argument.length <= 80 ? argument : `${argument.slice(0, 80)}…`
}
