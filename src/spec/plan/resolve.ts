import { basename } from 'node:path'
import type { Place, Problem } from '../../core/errors.js'
import { readable } from '../../core/judge.js'
import { oneOf } from '../../core/suggest.js'
import { resolveData } from '../../data/rules.js'
import { type IsValid, isValidSpec } from '../document/ahead.js'
import { show } from '../document/describe.js'
import { pathsTo } from '../document/elsewhere.js'
import { type Json, type JsonMap, type MapNode, placeOf, toJsonMap } from '../document/nodes.js'
import { keysCalled } from '../document/other-names.js'
import type { JsonSchema } from '../document/schema-navigation.js'
import type { Validate } from '../document/validate.js'
import { studyKeys } from '../study-options.js'
import type { Spec } from '../types.js'
import { type Normal, normalise } from './normalise.js'
import { completed, crossProblems, taskNamed, withTaskDefaults } from './rules.js'
import { unfitPaths } from './unfit.js'

export type Resolved =
  | { readonly spec: Spec; readonly problems: readonly [] }
  | { readonly problems: readonly Problem[]; readonly dataOf?: Pick<Spec, 'task' | 'data'> }

/** A merged spec as written -> every default filled in and every rule checked; all problems, each with its place. `trained`: as of `crossProblems`. */
export function resolveSpec(
  schema: JsonSchema,
  validate: Validate,
  node: MapNode,
  file: string,
  trained = false,
): Resolved {
  const written = toJsonMap(node)
  const normal = normalise(schema, withTaskDefaults(written))
  const structural = structuralProblems(normal, validate, isValidSpec)
  const valid = (...sections: string[]) => !structural.some(({ path }) => concerns(path, sections))
  // A map stays a map. Rules look only at sections that fit their schemas, and the spec is returned only where all do.
  const named = { ...(normal.value as JsonMap), name: written.name ?? nameOf(file) }
  const spec = named as unknown as Spec
  const unfit = unfitPaths(structural, normal.schema, written)
  // Of very many errors only some are known, and where the others are is not.
  const crossed = unfit.includes('') ? [] : crossProblems(readable(spec, unfit), written, trained)
  const problems = [...structural, ...crossed].map((problem) =>
    placed(withFullPath(problem, schema, normal.value), node),
  )
  const task = taskNamed(written.task)
  if (problems.length > 0 || task === undefined) {
    const readable =
      task !== undefined && valid('task', 'data') && !crossed.some(({ path }) => concerns(path, ['data']))
    return readable ? { problems, dataOf: { task: spec.task, data: resolveData(spec.data, task.sides) } } : { problems }
  }
  return { spec: completed(inOrder(spec), task, written), problems: [] }
}

/** An unknown key that is known elsewhere: at the full path that `--set` needs, or in another kind of file. */
function withFullPath(problem: Problem, schema: JsonSchema, value: Json): Problem {
  if (problem.code !== 'unknown-key') return problem
  if (!problem.path.includes('.') && studyKeys.includes(problem.path))
    return { ...problem, hint: studyHint(problem.path) }
  if (problem.hint !== undefined) return problem
  const key = problem.path.split('.').at(-1) ?? ''
  const paths = pathsTo(problem.path, schema, value)
  const others = (paths.length > 0 ? paths : pathsTo(key, schema, value)).slice(0, mostPaths)
  if (others.length > 0) return { ...problem, hint: `write its full path: ${oneOf(others)}` }
  const called = keysCalled(key).flatMap((name) => pathsTo(name, schema, value))
  if (called.length === 0 || problem.message.includes('; here it is')) return problem
  return { ...problem, hint: `here it is ${oneOf(nearest(called, problem.path).slice(0, mostPaths))}` }
}

/** Those first that share the most of a path with it. */
function nearest(paths: readonly string[], path: string): readonly string[] {
  const steps = path.split('.')
  const shared = (other: string) => other.split('.').findIndex((step, at) => step !== steps[at])
  return paths.toSorted((left, right) => shared(right) - shared(left))
}

const mostPaths = 4

function studyHint(key: string): string {
  const seeds = key === 'seeds' ? '; for several seeds of one spec use `--set seed=1,2,3`' : ''
  return `\`${key}\` belongs to a study, a file that \`seqlab sweep\` runs, and is no option of a spec${seeds}`
}

/** What does not fit its schema; a value that a validator compiled ahead finds valid needs no other. */
export function structuralProblems(normal: Normal, validate: Validate, ahead: IsValid | undefined): readonly Problem[] {
  if (normal.problems.length === 0 && ahead?.(normal.value)) return []
  return [...normal.problems, ...validate(normal.schema, normal.value)].map(withNullHint)
}

/** Also of a key that is written without its value. */
function withNullHint(problem: Problem): Problem {
  return problem.received === show(null) ? { ...problem, hint: nullHint } : problem
}

const nullHint =
  'give it a value, or leave the key out: `null`, or nothing at all, only takes away what is inherited (`extends`) or set before (a grid, `--set`)'

/** Whether a problem is in one of some sections. */
function concerns(path: string, sections: readonly string[]): boolean {
  return sections.some((section) => path === section || path.startsWith(`${section}.`))
}

function inOrder({ name, task, data, model, train, decode, metrics, seed }: Spec): Spec {
  return { name, task, data, model, train, decode, metrics, seed }
}

function placed(problem: Problem, root: MapNode): Problem & { readonly place: Place } {
  const at = problem.code === 'unknown-key' ? 'key' : 'value'
  return { ...problem, place: problem.place ?? placeOf(root, problem.path, at) }
}

/** The file's base name as a name: what a folder may not be called becomes `-`. */
export function nameOf(file: string): string {
  const base = basename(file).replace(/\.(ya?ml|json)$/i, '')
  const safe = base.replace(/[^\p{L}\p{N}._-]/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '')
  return safe.slice(0, 100) || 'spec'
}
