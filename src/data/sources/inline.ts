import Type from 'typebox'
import { brings, givenSets, readSets, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

type Pairs = readonly (readonly [source: string, target: string])[]

const pairs = (description: string) =>
  Type.Array(Type.Tuple([Type.String(), Type.String()]), {
    minItems: 1,
    description: `${description} [source, target]`,
  })

export const inline = defineExampleSource({
  name: 'inline',
  summary: 'Examples in the spec itself, each a pair of source and target.',
  equations: [],
  source: { paper: 'seqlab' },
  options: Type.Object({
    examples: Type.Optional(pairs('One set, split by seed.')),
    ...givenSets(pairs),
  }),
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    problems: () => setProblems(options, 'examples', options.examples),
    read: () => readSets(options, options.examples, async (set: Pairs, name) => examplesOf(set, name)),
  }),
})

function examplesOf(set: Pairs, name: string): RawExample[] {
  return set.map(([source, target], index) => ({ source, target, where: `inline ${name} example ${index + 1}` }))
}
