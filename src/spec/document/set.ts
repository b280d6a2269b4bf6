import type { Problem } from '../../core/errors.js'
import type { JsonSchema } from '../schema.js'
import { merge } from './merge.js'
import { type Node, nest, type ScalarNode, toJson } from './nodes.js'
import { schemaAt } from './schema-navigation.js'
import { readYaml } from './yaml.js'

/** One `--set path=value`; several values (`--set a=1,2`) make a grid. */
export interface Setting {
  readonly path: readonly string[]
  readonly values: readonly SetValue[]
}

/** A value with the text it was read from: where the schema wants text, `2024` is text. */
interface SetValue {
  readonly node: Node
  readonly text: string
}

/** Reads `path=value`. The value is YAML (`lstm`, `0.5`, `[per, wer]`, `{type: gru, reset: before}`). */
export function parseSetting(argument: string): Setting | { readonly problem: Problem } {
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
    node: standing(item, place.file),
    text: texts.length === items.length ? (texts[index] ?? '') : '',
  }))
  return { path: path.split('.'), values }
}

/** Lays one value of a setting on a spec, typed by the schema of its path. */
export function applySetting(schema: JsonSchema, base: Node, path: readonly string[], value: SetValue): Node {
  const wanted = schemaAt(schema, toJson(base), path)
  return merge(schema, base, nest(path, typed(wanted, value)))
}

function typed(wanted: JsonSchema | undefined, { node, text }: SetValue): Node {
  const takesText = wanted?.type === 'string'
  if (!takesText || node.kind !== 'scalar' || typeof node.value === 'string') return node
  return { ...node, value: text } satisfies ScalarNode
}

/** Every part of the value stands at the argument as a whole: lines and columns within it would say nothing. */
function standing(node: Node, file: string): Node {
  const place = { file }
  if (node.kind === 'scalar') return { ...node, place }
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => standing(item, file)), place }
  const entries = [...node.entries].map(
    ([key, entry]) => [key, { keyPlace: place, value: standing(entry.value, file) }] as const,
  )
  return { kind: 'map', entries: new Map(entries), place }
}

function shortened(argument: string): string {
  return argument.length <= 80 ? argument : `${argument.slice(0, 80)}…`
}
