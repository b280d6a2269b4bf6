import { stringify } from 'yaml'
import { taskNamed } from '../plan/rules.js'
import type { Spec } from '../types.js'

/** A resolved spec as YAML that reads back to the same spec. */
export function specYaml(spec: Spec): string {
  const decodes = taskNamed(spec.task.type)?.decodes !== false
  return stringify(decodes ? spec : withoutSearch(spec), { lineWidth: 0, aliasDuplicateObjects: false })
}

/** Tasks that search for no output refuse what would be ignored. */
function withoutSearch({ decode: _, train, ...others }: Spec) {
  const { decode: __, ...validate } = train.validate
  return { ...others, train: { ...train, validate } }
}
