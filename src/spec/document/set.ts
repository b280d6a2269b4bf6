import type { Problem } from '../../core/errors.js'
import { mergeAt } from './merge.js'
import { type Json, type MapNode, type Node, type ScalarNode, toJson } from './nodes.js'
import type { JsonSchema } from './schema-navigation.js'
import { schemaAt } from './schema-navigation.js'
import { readYaml } from './yaml.js'

/** One `--set path=value`; several values (`--set a=1,2`) make a grid. */
export interface Setting {
  readonly path: readonly string[]
  readonly values: readonly SetValue[]
}

/** A value with the text it was read from: where the schema requires text, `2024` is text. */
interface SetValue {
  readonly node: Node
  readonly text: string
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

/** Reads `path=value`. The value is YAML (`lstm`, `0.5`, `[per, wer]`, `{type: gru, reset: before}`). */
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
  const read = readYaml(`[${text}]`, place.file)
  if ('problems' in read) return { problem: { path, message: 'the value is not valid YAML', received: text, place } }
  const items = read.node.kind === 'list' ? read.node.items : []
  const texts = items.length === 1 ? [text] : text.split(',').map((item) => item.trim())
  const values = items.map((item, index) => ({
    node: placedAt(item, place.file),
    text: texts.length === items.length ? (texts[index] ?? '') : '',
  }))
  return { path: path.split('.'), values }
}

/** Lays a point's values on a spec, each typed by the schema of its path. */
export function applyPoint(schema: JsonSchema, base: MapNode, point: SetPoint): MapNode {
  return point.reduce((under, { setting: { path }, value }) => {
    const wanted = schemaAt(schema, toJson(under), path)
    return mergeAt(schema, under, path, { value: typed(wanted, value) })
  }, base)
}

function typed(wanted: JsonSchema | undefined, { node, text }: SetValue): Node {
  const takesText = wanted?.type === 'string'
  if (!takesText || node.kind !== 'scalar' || node.value === null || typeof node.value === 'string') return node
  return { ...node, value: text } satisfies ScalarNode
}

/** Every part of the value has the argument as its place, without line and column. */
function placedAt(node: Node, file: string): Node {
  const place = { file }
  if (node.kind === 'scalar') return { ...node, place }
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => placedAt(item, file)), place }
  const entries = [...node.entries].map(
    ([key, entry]) => [key, { keyPlace: place, value: placedAt(entry.value, file) }] as const,
  )
  return { kind: 'map', entries: new Map(entries), place }
}

function shortened(argument: string): string {
  return argument.length <= 80 ? argument : `${argument.slice(0, 80)}…`
}
