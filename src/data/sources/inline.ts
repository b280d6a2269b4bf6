import Type, { type Static } from 'typebox'
import { type Problem, SeqlabError } from '../../core/errors.js'
import { closed } from '../../core/schema.js'
import { readLinks } from '../alignment.js'
import { factorNameProblems, noSeparators } from './factor-options.js'
import { brings, givenSets, readSets, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const mapSchema = Type.Object(
  {
    source: Type.String({ description: 'The source.' }),
    target: Type.String({ description: 'The target.' }),
    features: Type.Optional(Type.String({ description: 'Its features, as data.features sets.' })),
    factors: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Factors by name: a text for each token of the source, separated by spaces.',
      }),
    ),
    alignment: Type.Optional(Type.String({ description: 'Its true alignment, for `aer`: `0-0 1-2`.' })),
  },
  closed,
)
type ExampleMap = Static<typeof mapSchema>

/** As it is written. */
type Written = ExampleMap | readonly [source: string, target: string, features?: string]

const pairs = (description: string) =>
  Type.Unsafe<readonly Written[]>(
    Type.Array(Type.Union([Type.Array(Type.String(), { minItems: 2, maxItems: 3 }), mapSchema]), {
      minItems: 1,
      description: `${description} [source, target], or [source, target, features]; or a map of what is known.`,
    }),
  )

export const inline = defineExampleSource({
  name: 'inline',
  summary: 'Examples in the spec itself, each a pair of source and target, or these and what is known besides.',
  equations: [],
  source: { paper: 'seqlab' },
  options: Type.Object({
    examples: Type.Optional(pairs('One set, split by seed.')),
    ...givenSets(pairs),
  }),
  gives: 'pairs',
  build: (options) => {
    const factors = Object.fromEntries(every(options).flatMap((each) => Object.entries(each.factors ?? {})))
    return {
      brings: brings(options),
      hasFeatures: every(options).some(({ features }) => features !== undefined),
      hasAlignments: every(options).some(({ alignment }) => alignment !== undefined),
      ...(Object.keys(factors).length > 0 && { factors: noSeparators(factors) }),
      problems: () => [
        ...setProblems(options, 'examples', options.examples),
        ...mixedProblems(options),
        ...namesProblems(options),
        ...linkProblems(options),
      ],
      read: () => readSets(options, options.examples, async (set, name) => examplesOf(set, name)),
    }
  },
})

type Sets = Readonly<Partial<Record<'examples' | 'train' | 'dev' | 'test', readonly Written[]>>>

/** All examples as maps, with their places in the options. */
function placed({ examples, train, dev, test }: Sets): readonly (ExampleMap & { readonly path: string })[] {
  return Object.entries({ examples, train, dev, test }).flatMap(([name, set = []]) =>
    set.map((each, at) => ({ ...asMap(each), path: `${name}.${at}` })),
  )
}

function every(options: Sets): readonly ExampleMap[] {
  return placed(options)
}

function asMap(written: Written): ExampleMap {
  if (!isList(written)) return written
  const [source, target, features] = written
  return { source, target, ...(features !== undefined && { features }) }
}

function isList(written: Written): written is Exclude<Written, ExampleMap> {
  return Array.isArray(written)
}

/** Every example has features, or none has. */
function mixedProblems(options: Sets): Problem[] {
  const has = every(options).map(({ features }) => features !== undefined)
  if (new Set(has).size < 2) return []
  const message = 'some examples have features and some have none'
  return [
    { path: '', message, expected: 'three texts in each example ("" where there are no features), or two in each' },
  ]
}

/** Every example has the same factors. */
function namesProblems(options: Sets): Problem[] {
  const namesOf = ({ factors = {} }: ExampleMap) => Object.keys(factors).sort().join(', ')
  const all = placed(options)
  const [first] = all
  if (first === undefined) return []
  const other = all.find((each) => namesOf(each) !== namesOf(first))
  if (other === undefined)
    return factorNameProblems(first.factors).map(({ path: _, ...each }) => ({ path: '', ...each }))
  const message = 'the example has other factors than the first'
  return [{ path: other.path, message, expected: namesOf(first) || 'none', received: namesOf(other) || 'none' }]
}

/** Alignments that are none. */
function linkProblems(options: Sets): Problem[] {
  return placed(options).flatMap(({ alignment, path }): Problem[] => {
    if (alignment === undefined) return []
    try {
      readLinks(alignment, { file: path })
      return []
    } catch (error) {
      if (!(error instanceof SeqlabError)) throw error
      return error.problems.map(({ place: _, ...problem }) => ({ ...problem, path: `${path}.alignment` }))
    }
  })
}

function examplesOf(set: readonly Written[], name: string): RawExample[] {
  return set.map((written, index) => {
    const where = `inline ${name} example ${index + 1}`
    const { alignment, ...example } = asMap(written)
    return { ...example, ...(alignment !== undefined && { alignment: readLinks(alignment, { file: where }) }), where }
  })
}
