import { stringify } from 'yaml'
import { validatorNow } from '../../scripts/build/validators.js'
import { headPart } from '../../src/model/heads/index.js'
import { createValidate, type Validate } from '../../src/spec/document/validate.js'
import { readYaml } from '../../src/spec/document/yaml.js'
import { type Resolved, resolveSpec } from '../../src/spec/plan/resolve.js'
import { specSchema } from '../../src/spec/schema.js'
import type { Spec } from '../../src/spec/types.js'
import { withCharacters } from './characters.js'
import { withFactors } from './factors.js'
import { withFeatures } from './features.js'
import { otherTasks } from './other-tasks.js'
import { singles, transducers } from './transducers.js'
import type { WrittenSpec } from './variants.js'

/** One legal model of the grid. */
export interface Combination {
  readonly name: string
  readonly spec: Spec
}

export interface Illegal {
  readonly name: string
  readonly reasons: readonly string[]
}

/** Every combination that can be written down, legal or not: name and spec. */
export function everyCombination(): readonly WrittenSpec[] {
  return [...transducers(), ...singles(), ...otherTasks(), ...withFeatures(), ...withCharacters(), ...withFactors()]
}

/** Reads a combination as the program reads a spec: legal, or refused with the reasons. */
export function resolve([name, spec]: WrittenSpec): Combination | Illegal {
  const read = readSpec(stringify(spec))
  if ('spec' in read) return { name, spec: read.spec }
  return { name, reasons: read.problems.map(({ path, message }) => `${path}: ${message}`) }
}

export function isLegal(combination: Combination | Illegal): combination is Combination {
  return 'spec' in combination
}

/** The names of all parts that a resolved spec's task and model are made of. */
export function partsOf({ task, model }: Spec): ReadonlySet<string> {
  const names = new Set<string>()
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, value] of Object.entries(node)) {
      if ((key === 'type' || key === 'from') && typeof value === 'string') names.add(value)
      else collect(value)
    }
  }
  collect({ task, model })
  return names.add(headPart(model.head).name)
}

const schema = specSchema()
const complaints = createValidate()
// As in the bundle: from sources each spec would have a validator of its own compiled.
const isValidSpec = validatorNow('isValidSpec')
const check: Validate = (schema, value) => (isValidSpec(value) ? [] : complaints(schema, value))

/** A spec's YAML text -> the resolved spec or its problems, as `seqlab check` sees them. */
export function readSpec(text: string): Resolved {
  const read = readYaml(text, 'conformance.yaml')
  if ('problems' in read) return read
  if (read.node.kind !== 'map') throw new TypeError('a spec is a map')
  return resolveSpec(schema, check, read.node, 'conformance.yaml')
}
