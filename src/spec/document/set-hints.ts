import type { Problem } from '../../core/errors.js'
import { shellLine } from '../../core/shell.js'
import { describe } from './describe.js'
import { candidates, type JsonSchema } from './schema-navigation.js'
import { type SetValue, takesText } from './set-values.js'

/** What to say where the value of a `--set` turns out to be wrong. */
export interface SetHint {
  readonly path: string
  readonly hint?: string | undefined
  /** Of a value that is not YAML: what its place accepts, and what was written. */
  readonly broken?: { readonly expected: string; readonly received: string }
}

/** How a value is to be written for its place, where it may well have been meant otherwise; undefined: as it is. */
export function setHint(
  path: string,
  wanted: JsonSchema | undefined,
  { value, all }: { readonly value: SetValue; readonly all: readonly SetValue[] },
): SetHint | undefined {
  if (wanted === undefined || takesText(wanted)) return isNone(value) ? { path, hint: nullHint(path) } : undefined
  const { node, text, isYaml } = value
  if (!isYaml) {
    const hint = brokenHint(path, wanted, text)
    return { path, ...(hint && { hint }), broken: { expected: describe(wanted), received: text } }
  }
  if (isNone(value)) return { path, hint: nullHint(path) }
  if (node.kind === 'scalar' && takesList(wanted) && candidates(wanted, node.value).length === 0) {
    const list = `[${all.map((each) => each.text).join(', ')}]`
    return { path, hint: `a list is written in brackets: ${setting(path, list)}` }
  }
  return undefined
}

/** A problem with what a `--set` gave, with its hint. */
export function withSetHint(problem: Problem, hints: readonly SetHint[]): Problem {
  const found = hints.find(({ path }) => problem.path === path || problem.path.startsWith(`${path}.`))
  if (found === undefined || problem.code === 'unknown-key') return problem
  const { hint, broken } = found
  if (broken !== undefined)
    return { ...problem, ...broken, message: 'the value is not valid YAML', ...(hint && { hint }) }
  const both = [problem.hint, hint].filter((each) => each !== undefined)
  return { ...problem, hint: both.join('; ') }
}

function takesList(wanted: JsonSchema): boolean {
  return wanted.type === 'array' || candidates(wanted, []).length > 0
}

/** What other languages and programs call nothing. */
function isNone({ node }: SetValue): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && /^(none|nil|undefined|n\/a)$/i.test(node.value)
}

function nullHint(path: string): string {
  return `to leave the option out, give it \`null\`: ${setting(path, 'null')}`
}

/** How it is written in quotes, where its place may have text somewhere; numbers, `true` and `false` have none. */
function brokenHint(path: string, wanted: JsonSchema, text: string): string | undefined {
  const reserved = 'text that YAML reserves is quoted'
  const inner = /^\[(.*)\]$/s.exec(text)?.[1]
  if (inner === undefined && /^[[{]/.test(text)) return `close its brackets; within them ${reserved}: "-"`
  if (takesList(wanted)) {
    const items = (inner ?? text).split(',').map((item) => JSON.stringify(item.trim()))
    return `${reserved}: ${setting(path, `[${items.join(', ')}]`)}`
  }
  if (['integer', 'number', 'boolean'].includes(String(wanted.type))) return undefined
  return `${reserved}: ${setting(path, JSON.stringify(text))}`
}

function setting(path: string, value: string): string {
  return `--set ${shellLine([`${path}=${value}`])}`
}
