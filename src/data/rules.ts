import type { Problem } from '../core/errors.js'
import type { DataOptions } from './options.js'
import type { DataSource } from './parts.js'
import { sources } from './sources/index.js'
import type { SideOptions } from './tokenizers/side.js'
import type { Sides } from './types.js'

const longestByDefault = 256

/** What is wrong with `data` under a task's sides, beyond its schema. Pure; paths start with `data`. */
export function dataProblems(options: DataOptions, sides: Sides): Problem[] {
  const source: DataSource = sources.parts[options.source.type]
  const own = source.problems?.(options.source) ?? []
  return [
    ...own.map((problem) => ({ ...problem, path: ['data.source', problem.path].filter(Boolean).join('.') })),
    ...tokenProblems(options, sides),
    ...splitProblems(options, source.brings(options.source)),
  ]
}

/** Fills in what the author left to defaults, and only what applies; idempotent. */
export function resolveData(options: DataOptions, sides: Sides): DataOptions {
  const source: DataSource = sources.parts[options.source.type]
  const brings = source.brings(options.source)
  const hasTokens = {
    source: sides.source === 'tokens',
    target: sides.target === 'tokens' || sides.target === 'labels',
  }
  const limited = { source: sides.target !== 'none', target: sides.target === 'tokens' }
  return {
    ...options,
    ...(hasTokens.source ? { sourceTokens: tokens(options.sourceTokens, limited.source) } : {}),
    ...(hasTokens.target ? { targetTokens: tokens(options.targetTokens, limited.target) } : {}),
    ...(brings.dev && brings.test ? {} : { split: splitOf(options.split, brings) }),
    references: options.references ?? (sides.target === 'labels' ? 'separate' : 'grouped'),
  }
}

type Tokens = NonNullable<DataOptions['sourceTokens']>

function tokens(written: Tokens | undefined, limited: boolean): Tokens {
  const chosen = written ?? { type: 'whitespace' as const, lowercase: false, minFrequency: 1 }
  return limited ? { ...chosen, maxLength: chosen.maxLength ?? longestByDefault } : chosen
}

function splitOf(written: DataOptions['split'], brings: { dev: boolean; test: boolean }) {
  return {
    seed: written?.seed ?? 13,
    keepTogether: written?.keepTogether ?? ('source' as const),
    ...(brings.dev ? {} : { dev: written?.dev ?? 1000 }),
    ...(brings.test ? {} : { test: written?.test ?? 2000 }),
  }
}

function tokenProblems({ sourceTokens, targetTokens }: DataOptions, sides: Sides): Problem[] {
  const refuse = (path: string, message: string): Problem => ({ path: `data.${path}`, message })
  const problems: Problem[] = []
  if (sides.source === 'values' && sourceTokens !== undefined) {
    problems.push(refuse('sourceTokens', 'this task reads numbers: there is nothing to split into tokens'))
  }
  if (sides.target === 'none' && sourceTokens?.maxLength !== undefined) {
    problems.push(refuse('sourceTokens.maxLength', 'this task reads running text in chunks: no length is too long'))
  }
  if (targetTokens === undefined) return problems
  if (sides.target === 'labels') return [...problems, ...labelProblems(targetTokens, refuse)]
  const why = {
    label: 'the whole target is one label: it is not split into tokens',
    values: 'the targets of this task are numbers: there is nothing to split into tokens',
    none: 'this task has no target of its own: its text is the source',
  }
  if (sides.target !== 'tokens') problems.push(refuse('targetTokens', why[sides.target]))
  return problems
}

/** Labels are a closed set, one a source token: none may be left out or folded. */
function labelProblems(target: SideOptions, refuse: (path: string, message: string) => Problem): Problem[] {
  const used = [
    target.minFrequency === 1 ? undefined : 'minFrequency',
    target.maxSize === undefined ? undefined : 'maxSize',
    target.maxLength === undefined ? undefined : 'maxLength',
  ]
  return used
    .filter((name) => name !== undefined)
    .map((name) => refuse(`targetTokens.${name}`, 'targets are labels, one a source token: none is left out'))
}

function splitProblems({ split }: DataOptions, brings: { dev: boolean; test: boolean }): Problem[] {
  if (split === undefined) return []
  if (brings.dev && brings.test) {
    const message = 'the source brings its own dev and test sets: there is nothing to split'
    return [{ path: 'data.split', message, hint: 'leave `split` out, or leave `dev` and `test` out of the source' }]
  }
  return (['dev', 'test'] as const).flatMap((name): Problem[] => {
    const path = `data.split.${name}`
    const size = split[name]
    if (size === undefined) return []
    if (brings[name]) return [{ path, message: `the source brings its own ${name} set` }]
    if (size < 1 || Number.isInteger(size)) return []
    return [
      { path, message: 'neither a count nor a share', expected: 'a whole number, or one below 1', received: `${size}` },
    ]
  })
}
