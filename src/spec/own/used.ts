import { isMap, type Json } from '../document/nodes.js'
import {
  branchOf,
  candidates,
  type JsonSchema,
  partName,
  partSlot,
  propertiesOf,
  schemasOf,
} from '../document/schema-navigation.js'
import { specSchema } from '../schema.js'
import type { Spec } from '../types.js'
import { ownFiles, ownParts } from './given.js'
import type { OwnFile } from './types.js'

/** The files of own parts that sections of a resolved spec use, in the order of their digests. */
export function ownFilesOf(sections: Partial<Spec>): readonly OwnFile[] {
  if (ownFiles().length === 0) return []
  const used = new Set<OwnFile>()
  visit(specSchema(), JSON.parse(JSON.stringify(sections)), used)
  return [...used].sort((left, right) => (left.digest < right.digest ? -1 : 1))
}

/** What of own parts is in a spec's identity; undefined where there are none, so that such a spec's is what it always was. */
export function ownDigests(sections: Partial<Spec>): readonly string[] | undefined {
  const digests = ownFilesOf(sections).map(({ digest }) => digest)
  return digests.length === 0 ? undefined : digests
}

function visit(schema: JsonSchema, value: Json, used: Set<OwnFile>): void {
  const slot = partSlot(schema)
  if (slot !== undefined) {
    const own = ownParts(slot.kind).find(({ part }) => part.name === partName(slot, value))
    if (own !== undefined) used.add(own.file)
  }
  const inner = slot === undefined ? candidates(schema, value) : [branchOf(slot, partName(slot, value)) ?? {}]
  for (const each of inner) visit(each, value, used)
  if (Array.isArray(value) && isMap(schema.items)) for (const item of value) visit(schema.items, item, used)
  if (isMap(value)) for (const [key, child] of Object.entries(value)) visitKey(schema, key, child, used)
}

function visitKey(schema: JsonSchema, key: string, child: Json, used: Set<OwnFile>): void {
  const [others] = isMap(schema.patternProperties) ? schemasOf(Object.values(schema.patternProperties)) : []
  const property = propertiesOf(schema)[key] ?? others
  if (property !== undefined) visit(property, child, used)
}
