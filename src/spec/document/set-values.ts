import type { Place } from '../../core/errors.js'
import type { Node, ScalarNode } from './nodes.js'
import { candidates, type JsonSchema, partSlot, schemasOf } from './schema-navigation.js'
import { readYaml } from './yaml.js'

/** A value with the text it was read from: where the schema requires text, `2024` is text. */
export interface SetValue {
  readonly node: Node
  readonly text: string
  /** Whether the text is YAML; one that is not (`|`, `#`, `-`, `*.tsv`) is meant as text. */
  readonly isYaml: boolean
}

/** Reads what follows `path=`: the values of a list without its brackets (`1,2`), each YAML or else text. */
export function readValues(text: string, place: Place): readonly SetValue[] {
  const items = itemsIn(text, place)
  if (items !== undefined) return withTexts(items, text)
  const pieces = piecesOf(text)
  if (pieces.length === 1) return [asText(text, place)]
  return pieces.map((piece) => {
    const [node, ...others] = itemsIn(piece, place) ?? []
    return node === undefined || others.length > 0 ? asText(piece, place) : { node, text: piece, isYaml: true }
  })
}

/** A value as its schema wants it: the text itself where that takes text and the value is none. `null` stays. */
export function typed(wanted: JsonSchema | undefined, { node, text }: SetValue): Node {
  const isOther = node.kind === 'map' ? !text.startsWith('{') : node.kind === 'scalar' && typeof node.value !== 'string'
  if (!isOther || (node.kind === 'scalar' && node.value === null) || text === '') return node
  if (wanted === undefined || !takesText(wanted)) return node
  if (node.kind === 'scalar' && candidates({ anyOf: [wanted] }, node.value).length > 0) return node
  return { kind: 'scalar', value: text, place: node.place } satisfies ScalarNode
}

/** Whether any text will do, as far as its type goes. */
export function takesText(wanted: JsonSchema): boolean {
  if (partSlot(wanted) !== undefined) return false
  if (wanted.type === 'string') return !('const' in wanted || 'enum' in wanted)
  return schemasOf(wanted.anyOf).some(takesText)
}

function withTexts(items: readonly Node[], text: string): readonly SetValue[] {
  const texts = items.length === 1 ? [text] : text.split(',').map((item) => item.trim())
  return items.map((node, index) => ({
    ...{ node, isYaml: true },
    text: texts.length === items.length ? (texts[index] ?? '') : '',
  }))
}

function itemsIn(text: string, place: Place): readonly Node[] | undefined {
  const read = readYaml(`[${text}]`, place.file)
  if ('problems' in read || read.node.kind !== 'list') return undefined
  return read.node.items.map((item) => placedAt(item, place))
}

/** Split at commas where these can only part values. */
function piecesOf(text: string): readonly string[] {
  const pieces = text.split(',').map((piece) => piece.trim())
  return /[[\]{}"']/.test(text) || pieces.includes('') ? [text] : pieces
}

function asText(text: string, place: Place): SetValue {
  return { node: { kind: 'scalar', value: text, place }, text, isYaml: false }
}

/** Every part of the value has the argument as its place, without line and column. */
function placedAt(node: Node, place: Place): Node {
  if (node.kind === 'scalar') return { ...node, place }
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => placedAt(item, place)), place }
  const entries = [...node.entries].map(
    ([key, entry]) => [key, { keyPlace: place, value: placedAt(entry.value, place) }] as const,
  )
  return { kind: 'map', entries: new Map(entries), place }
}
