import { stringify } from 'yaml'
import { taskNamed } from '../plan/rules.js'
import type { Spec } from '../types.js'

/** A resolved spec as YAML that reads back to the same spec. */
export function specYaml(spec: Spec): string {
  const { decode: _, ...others } = spec
  const decodes = taskNamed(spec.task.type)?.decodes !== false
  return stringify(decodes ? spec : others, { lineWidth: 0, aliasDuplicateObjects: false })
}
