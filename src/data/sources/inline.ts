import Type from 'typebox'
import type { Problem } from '../../core/errors.js'
import { brings, givenSets, readSets, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

type Examples = readonly (readonly [source: string, target: string, features?: string])[]

const pairs = (description: string) =>
  Type.Unsafe<Examples>(
    Type.Array(Type.Array(Type.String(), { minItems: 2, maxItems: 3 }), {
      minItems: 1,
      description: `${description} [source, target], or [source, target, features]`,
    }),
  )

export const inline = defineExampleSource({
  name: 'inline',
  summary: 'Examples in the spec itself, each a pair of source and target, or these and their features.',
  equations: [],
  source: { paper: 'seqlab' },
  options: Type.Object({
    examples: Type.Optional(pairs('One set, split by seed.')),
    ...givenSets(pairs),
  }),
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    hasFeatures: setsOf(options).some((set) => set.some(([, , features]) => features !== undefined)),
    problems: () => [...setProblems(options, 'examples', options.examples), ...mixedProblems(options)],
    read: () => readSets(options, options.examples, async (set, name) => examplesOf(set, name)),
  }),
})

type Sets = Readonly<Partial<Record<'examples' | 'train' | 'dev' | 'test', Examples>>>

function setsOf({ examples, train, dev, test }: Sets): readonly Examples[] {
  return [examples, train, dev, test].filter((set) => set !== undefined)
}

/** Every example has features, or none has. */
function mixedProblems(options: Sets): Problem[] {
  const has = setsOf(options).flatMap((set) => set.map(([, , features]) => features !== undefined))
  if (new Set(has).size < 2) return []
  const message = 'some examples have features and some have none'
  return [
    { path: '', message, expected: 'three texts in each example ("" where there are no features), or two in each' },
  ]
}

function examplesOf(set: Examples, name: string): RawExample[] {
  return set.map(([source, target, features], index) => {
    const where = `inline ${name} example ${index + 1}`
    return { source, target, ...(features !== undefined && { features }), where }
  })
}
