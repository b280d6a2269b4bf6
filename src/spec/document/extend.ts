import { dirname, relative, resolve } from 'node:path'
import type { Place, Problem } from '../../core/errors.js'
import { mergeMap } from './merge.js'
import { type MapNode, type Node, without } from './nodes.js'
import { type ReadFile, readYamlFile } from './read.js'
import type { JsonSchema } from './schema-navigation.js'

const maxChain = 32

export type Extended = { readonly node: MapNode } | { readonly problems: readonly Problem[] }

/** Reads a file and everything it extends, merged. The file's own `name` stays; an inherited one does not. */
export function readExtended(
  schema: JsonSchema,
  file: string,
  readFile: ReadFile = readYamlFile,
  chain: readonly string[] = [],
): Extended {
  const read = readFile(file)
  if ('problems' in read) return read
  return extend(schema, read.node, file, readFile, chain)
}

/** The same for a map that was read already (the base of a study). */
export function extend(
  schema: JsonSchema,
  node: Node,
  file: string,
  readFile: ReadFile,
  chain: readonly string[] = [],
): Extended {
  if (node.kind !== 'map') {
    return { problems: [{ path: '', message: 'a spec is a map of keys and values', place: node.place }] }
  }
  const entry = node.entries.get('extends')
  if (entry === undefined) return { node }
  const target = entry.value
  if (target.kind !== 'scalar' || typeof target.value !== 'string') {
    return refuse('must be the path of another spec', target.place)
  }
  const base = resolve(dirname(file), target.value)
  const files = [...chain, resolve(file)]
  const circle = [...files, base].map((each) => relative(process.cwd(), each)).join(' -> ')
  if (files.includes(base)) return refuse(`is circular: ${circle}`, target.place)
  if (files.length > maxChain) return refuse(`is a chain of more than ${maxChain} files`, target.place)
  const read = readExtended(schema, relative(process.cwd(), base), readFile, files)
  if ('problems' in read) return { problems: read.problems.map((problem) => blame(problem, base, target.place)) }
  const merged = mergeMap(schema, without(read.node, 'name'), without(node, 'extends'))
  return { node: { ...merged, place: node.place } }
}

/** A file that cannot be read at all is reported at the line that names it. */
function blame(problem: Problem, base: string, place: Place): Problem {
  const { code, ...rest } = problem
  if (code !== 'unreadable-file') return problem
  return { ...rest, path: 'extends', message: `${relative(process.cwd(), base)} ${problem.message}`, place }
}

function refuse(message: string, place: Place): Extended {
  return { problems: [{ path: 'extends', message, place }] }
}
