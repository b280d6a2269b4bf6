import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Pair,
  Parser,
  type YAMLError,
  type Node as YamlNode,
} from 'yaml'
import type { Place, Problem } from '../../core/errors.js'
import type { Entry, MapNode, Node, ScalarNode } from './nodes.js'

const maxDepth = 64
const maxValues = 200_000
const maxKeys = 10_000
const refusedKeys = new Set(['__proto__', 'constructor', 'prototype'])

export type ReadResult = { readonly node: Node } | { readonly problems: readonly Problem[] }

/** Reads YAML text into placed nodes; `file` is what places name. Never throws for what the text holds. */
export function readYaml(text: string, file: string): ReadResult {
  try {
    return compose(text, file)
  } catch (error) {
    if (error instanceof Refused) return { problems: [error.problem] }
    if (error instanceof RangeError) return { problems: [depthProblem({ file })] }
    throw error
  }
}

/** Carries a problem out of a recursion. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

function refused(message: string, place: Place, hint?: string): Refused {
  return new Refused({ path: '', message, ...(hint === undefined ? {} : { hint }), place })
}

/**
 * The parser's tokens, lexeme by lexeme. Throws Refused where it nests too deep, before the parser (which
 * recurses) sees that, and where a map is too wide, before anything is composed of it.
 */
function* tokensOf(text: string, file: string, at: At, onNewLine: (offset: number) => void): Generator<CST.Token> {
  const parser = new Parser(onNewLine)
  onNewLine(0)
  let flow = 0
  let compact = 0
  let offset = 0
  let scalarFollows = false
  for (const lexeme of new Lexer().lex(text)) {
    if (scalarFollows) scalarFollows = false
    else if (lexeme === '\u001f') scalarFollows = true
    else if (lexeme === '[' || lexeme === '{') flow++
    else if (lexeme === ']' || lexeme === '}') flow--
    else if (lexeme === '-' || lexeme === '?') compact++
    else if (lexeme.endsWith('\n')) compact = 0
    if (flow > maxDepth || compact > maxDepth) throw new Refused(depthProblem(offsetPlace(text, offset, file)))
    if (!isMark(lexeme)) offset += lexeme.length
    yield* narrow(parser.next(lexeme), at)
  }
  yield* narrow(parser.end(), at)
}

function* narrow(tokens: Iterable<CST.Token>, at: At): Generator<CST.Token> {
  for (const token of tokens) {
    if (token.type === 'document') refuseWide(token.value, at)
    yield token
  }
}

/** Throws Refused where a map has too many keys. */
function refuseWide(token: CST.Token | null | undefined, at: At): void {
  if (token?.type !== 'block-map' && token?.type !== 'block-seq' && token?.type !== 'flow-collection') return
  const items: readonly CST.CollectionItem[] = token.items
  const map = token.type === 'block-map' || (token.type === 'flow-collection' && token.start.source === '{')
  // A comment at the end is an item, too.
  if (map && items.filter(({ key, sep }) => key || sep).length > maxKeys) {
    throw refused(`this map has more than ${maxKeys} keys`, at(token.offset))
  }
  for (const { key, value } of items) {
    refuseWide(key, at)
    refuseWide(value, at)
  }
}

/** The lexer's own marks (document start, scalar follows, ...) are not in the text. */
function isMark(lexeme: string): boolean {
  return lexeme === '\u0002' || lexeme === '\u0018' || lexeme === '\u001f'
}

function offsetPlace(text: string, offset: number, file: string): Place {
  const before = text.slice(0, offset).split('\n')
  return { file, line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

/** Where the parser itself gave up, no line is known: the file as a whole is what cannot be read. */
function depthProblem(place: Place): Problem {
  const code = place.line === undefined ? ({ code: 'unreadable-file' } as const) : {}
  return { ...code, path: '', message: `is nested more than ${maxDepth} levels deep`, place }
}

type At = (offset: number) => Place

function compose(text: string, file: string): ReadResult {
  const lines = new LineCounter()
  const at: At = (offset) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const tokens = tokensOf(text, file, at, lines.addNewLine)
  const [document, second] = new Composer({ uniqueKeys: false }).compose(tokens, true, text.length)
  if (document === undefined) throw new Error('the composer gave no document')
  const problems = document.errors.map((error) => yamlProblem(error, at(error.pos[0])))
  if (second !== undefined) problems.push(secondDocument(at(second.range[0])))
  if (problems.length > 0) return { problems }
  if (document.contents === null) {
    return { problems: [{ path: '', message: 'is empty', place: { file, line: 1, column: 1 } }] }
  }
  return {
    node: visit({ at, anchors: new Map(), budget: { values: 0 }, expanding: false }, document.contents, 0, at(0)),
  }
}

function secondDocument(place: Place): Problem {
  return { path: '', message: 'a second document starts here', hint: 'a spec is one document: remove `---`', place }
}

function yamlProblem({ code, message }: YAMLError, place: Place): Problem {
  if (code === 'RESOURCE_EXHAUSTION') return depthProblem({ file: place.file })
  const isDash = /^Block (collections|sequence)|block sequence/i.test(message)
  const hint = isDash
    ? { hint: 'a list in `{ }` or after a key is written [a, b]; standard input as a file is "-", in quotes' }
    : {}
  return { path: '', message: `is not valid YAML: ${message}`, ...hint, place }
}

interface Visit {
  readonly at: At
  readonly anchors: Map<string, YamlNode>
  /** Aliases are expanded and every copy is counted: an alias bomb runs out of its budget. */
  readonly budget: { values: number }
  /** Within an alias: its anchors were seen already. */
  readonly expanding: boolean
}

/** What the parser types as unknown: the items of lists, the keys and values of maps. */
function nodeOf(item: unknown): YamlNode | null {
  return isNode(item) ? item : null
}

/** A parsed node -> a placed one. `fallback` is the place of a value that was left out (`key:`). */
function visit(context: Visit, node: YamlNode | null, depth: number, fallback: Place): Node {
  if (node === null) return { kind: 'scalar', value: null, place: fallback }
  const place = context.at(node.range?.[0] ?? 0)
  if (++context.budget.values > maxValues) {
    throw refused(`expands to more than ${maxValues} values`, place, 'are aliases of aliases nested?')
  }
  if (depth > maxDepth) throw refused(`is nested more than ${maxDepth} levels deep`, place)
  if (isAlias(node)) {
    const target = anchored(context, node.source, place)
    return visit(context.expanding ? context : { ...context, expanding: true }, target, depth + 1, place)
  }
  if (node.anchor !== undefined && !context.expanding) context.anchors.set(node.anchor, node)
  if (node.tag !== undefined) throw refused(`the tag ${node.tag} is not allowed`, place, 'a spec is plain YAML')
  if (isSeq(node)) {
    const items = node.items.map((item) => visit(context, nodeOf(item), depth + 1, place))
    return { kind: 'list', items, place }
  }
  if (!isMap(node)) return { kind: 'scalar', value: scalarOf(node, place), place }
  return { kind: 'map', entries: entriesOf(context, node.items, depth, place), place }
}

/** Duplicates are found here: the parser's own search takes the square of the number of keys. */
function entriesOf(context: Visit, pairs: readonly Pair[], depth: number, place: Place): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>()
  const own = new Set<string>()
  const merged: MapNode[] = []
  for (const pair of pairs) {
    const [key, value] = [nodeOf(pair.key), nodeOf(pair.value)]
    const keyPlace = key === null ? place : context.at(key.range?.[0] ?? 0)
    const name = keyOf(key, keyPlace)
    if (own.has(name)) throw refused(`the key \`${name}\` is defined twice`, keyPlace)
    own.add(name)
    const node = visit(context, value, depth + 1, keyPlace)
    if (isMergeKey(key)) merged.push(...mergedMaps(node, keyPlace))
    else entries.set(name, { keyPlace, value: node })
  }
  const inherited = merged.flatMap((map) => [...map.entries].filter(([name]) => !own.has(name)))
  // Of several maps the first one that has a key counts.
  return new Map([...inherited.toReversed(), ...entries])
}

/** `<<`, unless it is quoted: the keys of other maps, for those that this map does not have (https://yaml.org/type/merge.html). */
function isMergeKey(key: YamlNode | null): boolean {
  return key !== null && isScalar(key) && key.type === 'PLAIN' && key.value === '<<'
}

function mergedMaps(node: Node, place: Place): readonly MapNode[] {
  const nodes = node.kind === 'list' ? node.items : [node]
  const maps = nodes.filter((each) => each.kind === 'map')
  if (maps.length === nodes.length) return maps
  throw refused('`<<` merges maps', place, 'its value is an alias (*name) of a map, or a list of them')
}

/** An alias of a node that contains it runs into the depth limit. */
function anchored(context: Visit, name: string, place: Place): YamlNode {
  const node = context.anchors.get(name)
  if (node === undefined) throw refused(`the alias *${name} has no anchor before it`, place)
  return node
}

/** Keys are names; a flow list of names (`[a, b]: ...`, a zipped grid) is its names joined by ", ". */
function keyOf(key: YamlNode | null, place: Place): string {
  if (key !== null && isSeq(key)) return key.items.map((item) => keyOf(nodeOf(item), place)).join(', ')
  if (key === null || !isScalar(key) || key.value === null) throw refused('a key must be a name', place)
  const name = String(key.value)
  if (refusedKeys.has(name)) throw refused(`\`${name}\` is not allowed as a key`, place)
  return name
}

function scalarOf(node: YamlNode, place: Place): ScalarNode['value'] {
  const value: unknown = isScalar(node) ? node.value : undefined
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value
  }
  throw refused(`${String(value)} is not text, a number, true, false or null`, place)
}
