import { matches } from '../../core/checked-json.js'
import type { Problem } from '../../core/errors.js'
import { type MapNode, type Node, placeOf, toJsonMap } from '../document/nodes.js'
import { readYamlFile } from '../document/read.js'
import { createValidate } from '../document/validate.js'
import { normalise } from '../plan/normalise.js'
import { durationProblems } from './durations.js'
import { type ClusterOptions, clusterSchema, RedisOptions, SlurmOptions } from './options.js'

export interface LoadedProfile {
  /** With every default filled in; undefined where there are problems. */
  readonly profile?: ClusterOptions
  readonly problems: readonly Problem[]
}

/** Reads a profile of a cluster; every problem of it, each with its place. Nothing is thrown for what it holds. */
export function loadProfile(file: string): LoadedProfile {
  const read = readYamlFile(file)
  if ('problems' in read) return { problems: read.problems }
  const { node } = read
  if (node.kind !== 'map')
    return { problems: [{ path: '', message: 'a profile is a map of keys and values', place: node.place }] }
  return checkProfile(node)
}

function checkProfile(node: MapNode): LoadedProfile {
  const normal = normalise(clusterSchema, toJsonMap(node))
  const secrets = addressProblems(node, '')
  const structural = [...normal.problems, ...createValidate()(normal.schema, normal.value)]
  const placed = structural
    // An address is reported once, whatever else is wrong with its key or its form.
    .filter(({ path }) => !secrets.some((secret) => secret.path === path))
    .map((problem) => ({
      ...problem,
      place: placeOf(node, problem.path, problem.code === 'unknown-key' ? 'key' : 'value'),
    }))
  const profile = profileOf(normal.value)
  const problems = [...placed, ...secrets, ...durationProblems(normal.value, node)]
  return problems.length > 0 || profile === undefined ? { problems } : { profile, problems }
}

function profileOf(value: unknown): ClusterOptions | undefined {
  if (matches(SlurmOptions, value)) return value
  return matches(RedisOptions, value) ? value : undefined
}

/** Profiles are shared and kept with studies: an address may hold a password. The text itself is not repeated. */
function addressProblems(node: Node, path: string): Problem[] {
  if (node.kind === 'map')
    return [...node.entries].flatMap(([key, { value }]) => addressProblems(value, path === '' ? key : `${path}.${key}`))
  if (node.kind === 'list') return node.items.flatMap((item, at) => addressProblems(item, `${path}.${at}`))
  if (typeof node.value !== 'string' || !isAddress(node.value)) return []
  const hint = 'the address of a queue comes from the environment alone: `SEQLAB_REDIS_URL`'
  return [{ path, message: 'is the address of a service, which a profile may not hold', hint, place: node.place }]
}

/** A URL as a whole, one of Redis anywhere, or one that names a user. */
function isAddress(text: string): boolean {
  return /^\s*[a-z][a-z0-9+.-]*:\/\/\S*\s*$/i.test(text) || /\brediss?:\/\//i.test(text) || /:\/\/[^\s/]*@/.test(text)
}
