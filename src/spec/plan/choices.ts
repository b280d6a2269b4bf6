import { type Problem, SeqlabError } from '../../core/errors.js'
import type { DecodeOptions } from '../../decode/index.js'
import { decodeProblems } from '../../decode/rules.js'
import type { MetricSpec } from '../../metrics/index.js'
import type { Json, JsonMap } from '../document/nodes.js'
import { type JsonSchema, propertiesOf } from '../document/schema-navigation.js'
import { createValidate } from '../document/validate.js'
import { specSchema } from '../schema.js'
import { normalise } from './normalise.js'

// Parts of a spec that options of the command line choose, checked and completed as those of a file are.

/** A metric by its name, with its defaults. Throws SeqlabError 'spec' where there is none, or it is none of the task's. */
export function metricOption(name: string): MetricSpec {
  const { metrics = {} } = propertiesOf(specSchema())
  // The schema has been checked.
  return chosen(metrics.items as JsonSchema, name, '--metric') as unknown as MetricSpec
}

/** A search method with some of its options; the others have their defaults. Throws SeqlabError 'spec' where it is none. */
export function searchOption(options: JsonMap, option: string): DecodeOptions {
  const { decode = {} } = propertiesOf(specSchema())
  // The schema has been checked.
  const search = chosen(decode, options, option) as unknown as DecodeOptions
  const problems = decodeProblems(search, '')
  if (problems.length > 0) throw refused(option, problems)
  return search
}

function chosen(schema: JsonSchema, value: Json, option: string): Json {
  const normal = normalise(schema, value)
  const problems = [...normal.problems, ...createValidate()(normal.schema, normal.value)]
  if (problems.length > 0) throw refused(option, problems)
  return normal.value
}

function refused(option: string, problems: readonly Problem[]): SeqlabError {
  const [first] = problems
  const expected = first?.expected === undefined ? '' : `; expected ${first.expected}`
  return new SeqlabError('spec', `${option}: ${first?.message ?? 'cannot be used'}${expected}`, {
    ...(first?.hint && { hint: first.hint }),
  })
}
