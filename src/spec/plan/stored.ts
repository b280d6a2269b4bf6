import { SeqlabError } from '../../core/errors.js'
import { fromJson, type Json, type MapNode, without } from '../document/nodes.js'
import { createValidate } from '../document/validate.js'
import { specSchema } from '../schema.js'
import type { Spec } from '../types.js'
import { resolveSpec } from './resolve.js'
import { taskNamed } from './rules.js'

/**
 * A resolved spec that was stored as JSON, checked like a written one; what newer versions added has its default. Throws
 * SeqlabError 'run', naming `file`, where it is none that this version accepts.
 */
export function resolveStored(stored: unknown, file: string): Spec {
  // What JSON.parse gives is JSON.
  const node = fromJson(stored as Json, { file })
  if (node.kind !== 'map') throw refused(file, 'it is not a map')
  const resolved = resolveSpec(specSchema(), validate, asWritten(node), file, true)
  if ('spec' in resolved) return resolved.spec
  const [first] = resolved.problems
  throw refused(file, first === undefined ? 'it names no task' : `${first.path} ${first.message}`)
}

/** For all of them: who reads one stored spec reads many of the same form, and compiling a schema takes a quarter of a second. */
const validate = createValidate()

function refused(file: string, why: string): SeqlabError {
  return new SeqlabError('run', `${file} has a spec that this version of seqlab does not accept: ${why}`)
}

/** A resolved spec has search methods for every task; a written one only where outputs are searched for. */
function asWritten(node: MapNode): MapNode {
  const task = node.entries.get('task')?.value
  const type = task?.kind === 'map' ? task.entries.get('type')?.value : undefined
  const name = type?.kind === 'scalar' ? type.value : null
  if (taskNamed(name)?.decodes !== false) return node
  const withoutSearch = (validate: MapNode) => without(validate, 'decode')
  return changedIn(without(node, 'decode'), 'train', (train) => changedIn(train, 'validate', withoutSearch))
}

function changedIn(node: MapNode, key: string, change: (child: MapNode) => MapNode): MapNode {
  const entry = node.entries.get(key)
  if (entry?.value.kind !== 'map') return node
  return { ...node, entries: new Map([...node.entries, [key, { ...entry, value: change(entry.value) }]]) }
}
