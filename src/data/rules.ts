import type { Problem } from '../core/errors.js'
import { judge } from '../core/judge.js'
import { didYouMean, oneOf } from '../core/suggest.js'
import type { DataOptions } from './options.js'
import { sources } from './sources/index.js'
import type { DataSource, DataSourcePart, Gives } from './sources/types.js'
import { tokenizers } from './tokenizers/index.js'
import type { SideOptions } from './tokenizers/side.js'
import { isLearned, type TokenizerPart } from './tokenizers/types.js'
import { type Sides, splitSeed } from './types.js'

const longestByDefault = 256

/** What is wrong with `data` under a task's sides, beyond its schema. Pure; paths start with `data`. */
export function dataProblems(options: DataOptions, sides: Sides): Problem[] {
  const part: DataSourcePart = sources.get(options.source.type)
  const unfit = unfitProblem(part, sides)
  if (unfit !== undefined) return [unfit]
  const { gives } = part
  const source = sources.build(options.source)
  const ofSource = (problem: Problem) => ({
    ...problem,
    path: ['data.source', problem.path].filter(Boolean).join('.'),
  })
  return judge(
    () => (source.problems?.(sides) ?? []).map(ofSource),
    () => tokenProblems(options, sides),
    () => splitProblems(options, source.brings, gives),
    () => vectorProblems(options, sides),
    () => featureProblems(options, source),
    () => alignmentProblems(options, sides, source),
    () => factorProblems(options, source),
    () =>
      options.references === undefined || gives === 'pairs'
        ? []
        : [refuse('references', 'this task has no references to group')],
  )
}

/** Fills in what the author left to defaults, and only what applies; idempotent. */
export function resolveData(options: DataOptions, sides: Sides): DataOptions {
  const { gives } = sources.get(options.source.type)
  const { brings, hasFeatures, factors } = sources.build(options.source)
  const limited = { source: sides.target !== 'none', target: sides.target === 'tokens' }
  const targetTokens = sides.target === 'tokens' || sides.target === 'labels'
  const { limit, ...rest } = options
  return {
    ...rest,
    ...(sides.source === 'tokens' ? { sourceTokens: tokens(options.sourceTokens, limited.source) } : {}),
    ...(targetTokens ? { targetTokens: tokens(options.targetTokens, limited.target) } : {}),
    ...(hasFeatures === true ? { features: options.features ?? { separator: ';', minFrequency: 1 } } : {}),
    ...(factors === undefined ? {} : { factors: factorsOf(options.factors, factors) }),
    ...(brings.dev && brings.test ? {} : { split: splitOf(options.split, brings, gives) }),
    ...(gives === 'pairs' ? { references: options.references ?? defaultReferences(sides) } : {}),
    ...(limit === undefined ? {} : { limit: { ...limit, seed: limit.seed ?? splitSeed } }),
  }
}

/** A label has no second right answer: two of one source contradict each other, and each counts. */
function defaultReferences({ target }: Sides): 'separate' | 'grouped' {
  return target === 'labels' || target === 'label' ? 'separate' : 'grouped'
}

function refuse(path: string, message: string): Problem {
  return { path: `data.${path}`, message }
}

/** Running text has no targets, numbers are no tokens. */
function unfitProblem({ name, gives }: DataSourcePart, sides: Sides): Problem | undefined {
  const needed: Gives = sides.source === 'values' ? 'series' : sides.target === 'none' ? 'text' : 'pairs'
  if (gives === needed) return undefined
  const what = { pairs: 'pairs of source and target', text: 'running text', series: 'numbers in time' }
  const fitting = Object.values(sources.parts).filter((source) => source.gives === needed)
  return {
    path: 'data.source',
    message: `this task needs ${what[needed]}, and ${name} has ${what[gives]}`,
    expected: fitting.map((source) => source.name).join(', '),
    received: name,
  }
}

/** True alignments are between the tokens of two sequences. */
function alignmentProblems(
  { source, sourceTokens, targetTokens }: DataOptions,
  sides: Sides,
  { hasAlignments = false }: DataSource,
): Problem[] {
  const hasColumn = 'alignmentColumn' in source && source.alignmentColumn !== undefined
  if (!hasColumn && !hasAlignments) return []
  const path = hasColumn ? 'source.alignmentColumn' : 'source'
  if (sides.target !== 'tokens')
    return [refuse(path, 'this task has no second sequence that the source is aligned with')]
  const pieces = [sourceTokens, targetTokens].flatMap((choice) =>
    choice !== undefined && isLearned(tokenizers.get(choice.type)) ? [choice.type] : [],
  )
  if (pieces[0] === undefined) return []
  return [refuse(path, `an alignment counts whole tokens, and ${pieces[0]} cuts words into pieces`)]
}

/** Factors are of whole tokens, and come of the source. */
function factorProblems({ factors: read = {}, sourceTokens }: DataOptions, { factors = {} }: DataSource): Problem[] {
  const names = Object.keys(factors)
  const absent = Object.keys(read).flatMap((name): Problem[] => {
    if (Object.hasOwn(factors, name)) return []
    const message = `the source gives no factor \`${name}\`${didYouMean(name, names)}`
    return [{ ...refuse(`factors.${name}`, message), expected: names.length === 0 ? 'none' : oneOf(names) }]
  })
  if (names.length === 0 || sourceTokens === undefined || !isLearned(tokenizers.get(sourceTokens.type))) return absent
  const message = `factors are of whole tokens, and ${sourceTokens.type} cuts words into pieces`
  return [...absent, { ...refuse('sourceTokens', message), expected: 'whitespace', received: sourceTokens.type }]
}

/** In the order in which the source names them; others are for the rules to report. */
function factorsOf(
  written: DataOptions['factors'] = {},
  given: NonNullable<DataSource['factors']>,
): NonNullable<DataOptions['factors']> {
  const read = Object.entries(given).map(([name, format]) => {
    const own = Object.hasOwn(written, name) ? written[name] : undefined
    return [name, { ...format, minFrequency: 1, ...own }] as const
  })
  return { ...Object.fromEntries(read), ...withoutNames(written, given) }
}

function withoutNames<T>(of: Readonly<Record<string, T>>, names: object): Record<string, T> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => !Object.hasOwn(names, name)))
}

/** Features come of the source: without them there is nothing to split. */
function featureProblems({ features, source: { type } }: DataOptions, { hasFeatures }: DataSource): Problem[] {
  if (features === undefined || hasFeatures === true) return []
  const hint =
    type === 'tsv'
      ? 'Name their column in data.source.featuresColumn.'
      : 'The sources tsv (featuresColumn) and inline (a third text) have them.'
  return [{ ...refuse('features', 'the source gives no features'), hint }]
}

type Tokens = NonNullable<DataOptions['sourceTokens']>

function tokens(written: Tokens | undefined, limited: boolean): Tokens {
  const chosen = written ?? {
    type: 'whitespace' as const,
    lowercase: false,
    normalise: 'none' as const,
    minFrequency: 1,
  }
  return limited ? { ...chosen, maxLength: chosen.maxLength ?? longestByDefault } : chosen
}

function splitOf(written: DataOptions['split'], brings: { dev: boolean; test: boolean }, gives: Gives) {
  const seeded = gives === 'series' ? {} : { seed: written?.seed ?? splitSeed }
  const together = gives === 'pairs' ? { keepTogether: written?.keepTogether ?? ('source' as const) } : {}
  const [dev, test] = gives === 'series' ? [0.1, 0.2] : [1000, 2000]
  return {
    ...seeded,
    ...together,
    ...(brings.dev ? {} : { dev: written?.dev ?? dev }),
    ...(brings.test ? {} : { test: written?.test ?? test }),
  }
}

function tokenProblems(options: DataOptions, sides: Sides): Problem[] {
  const { sourceTokens, targetTokens } = options
  const problems: Problem[] = []
  if (sides.source === 'values' && sourceTokens !== undefined) {
    problems.push(refuse('sourceTokens', 'this task reads numbers: there is nothing to split into tokens'))
  }
  if (sides.target === 'none' && sourceTokens?.maxLength !== undefined) {
    problems.push(refuse('sourceTokens.maxLength', 'this task reads running text in chunks: no length is too long'))
  }
  problems.push(...pieceProblems(options, sides))
  if (targetTokens === undefined || sides.target === 'tokens') return problems
  if (sides.target === 'labels') return [...problems, ...labelProblems(targetTokens)]
  const why = {
    label: 'the whole target is one label: it is not split into tokens',
    values: 'the targets of this task are numbers: there is nothing to split into tokens',
    none: 'this task has no target of its own: its text is the source',
  }
  return [...problems, refuse('targetTokens', why[sides.target])]
}

/** Pieces of words: which of them there are follows from their number, and none of them has a label of its own. */
function pieceProblems(choices: DataOptions, sides: Sides): Problem[] {
  return (['sourceTokens', 'targetTokens'] as const).flatMap((name): Problem[] => {
    const choice = choices[name]
    const part: TokenizerPart | undefined = choice && tokenizers.get(choice.type)
    if (choice === undefined || part === undefined || !isLearned(part)) return []
    if (sides.target === 'labels')
      return [refuse(name, `each source token has one label, and ${choice.type} cuts words into pieces`)]
    if (part.learn === undefined) return []
    const used = [choice.minFrequency === 1 ? [] : ['minFrequency'], choice.maxSize === undefined ? [] : ['maxSize']]
    return used
      .flat()
      .map((option) => refuse(`${name}.${option}`, 'every piece is in the vocabulary: vocabularySize says how many'))
  })
}

function vectorProblems({ vectors }: DataOptions, sides: Sides): Problem[] {
  const has = { source: sides.source === 'tokens', target: sides.target === 'tokens' }
  return (['source', 'target'] as const)
    .filter((side) => vectors?.[side] !== undefined && !has[side])
    .map((side) => refuse(`vectors.${side}`, `the ${side} of this task has no symbols that are embedded`))
}

/** Labels are a closed set, one per source token: none may be left out or mapped to unk. */
function labelProblems(target: SideOptions): Problem[] {
  const used = [
    target.minFrequency === 1 ? undefined : 'minFrequency',
    target.maxSize === undefined ? undefined : 'maxSize',
    target.maxLength === undefined ? undefined : 'maxLength',
  ]
  return used
    .filter((name) => name !== undefined)
    .map((name) => refuse(`targetTokens.${name}`, 'targets are labels, one per source token: none can be left out'))
}

function splitProblems({ split }: DataOptions, brings: DataSource['brings'], gives: Gives): Problem[] {
  if (split === undefined) return []
  if (brings.dev && brings.test) {
    const hint = 'leave `split` out, or leave `dev` and `test` out of the source'
    return [{ ...refuse('split', 'the source brings its own dev and test sets: there is nothing to split'), hint }]
  }
  return [...sizeProblems(split, brings), ...seedProblems(split, gives)]
}

function sizeProblems(split: NonNullable<DataOptions['split']>, brings: { dev: boolean; test: boolean }): Problem[] {
  return (['dev', 'test'] as const).flatMap((name): Problem[] => {
    const size = split[name]
    if (size === undefined) return []
    if (brings[name]) return [refuse(`split.${name}`, `the source brings its own ${name} set`)]
    if (size < 1 || Number.isInteger(size)) return []
    const expected = 'a whole number, or one below 1'
    return [{ ...refuse(`split.${name}`, 'neither a count nor a fraction'), expected, received: `${size}` }]
  })
}

function seedProblems(split: NonNullable<DataOptions['split']>, gives: Gives): Problem[] {
  const problems: Problem[] = []
  if (gives === 'series' && split.seed !== undefined) {
    problems.push(refuse('split.seed', 'a series is split by time: nothing is drawn'))
  }
  if (gives !== 'pairs' && split.keepTogether !== undefined) {
    problems.push(refuse('split.keepTogether', 'only pairs of source and target can be kept together'))
  }
  return problems
}
