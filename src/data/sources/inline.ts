import Type, { type Static } from 'typebox'
import { brings, givenSets, readSets, setProblems } from './given-sets.js'
import type { ExampleSource, RawExample } from './types.js'

type Pairs = readonly (readonly [source: string, target: string])[]

const pairs = (description: string) =>
  Type.Array(Type.Tuple([Type.String(), Type.String()]), {
    minItems: 1,
    description: `${description} [source, target]`,
  })

const options = Type.Object({
  examples: Type.Optional(pairs('One set, split by seed.')),
  ...givenSets(pairs),
})

export const inline: ExampleSource<typeof options, Static<typeof options>> = {
  name: 'inline',
  summary: 'Examples written in the spec itself, each a pair of source and target.',
  equations: [],
  source: { paper: 'A form of its own' },
  options,
  gives: 'pairs',
  brings,
  problems: (options) => setProblems(options, 'examples', options.examples),
  read: (options) =>
    readSets<Pairs>(options, options.examples, async (set, name) =>
      set.map(
        ([source, target], index): RawExample => ({ source, target, where: `inline ${name} example ${index + 1}` }),
      ),
    ),
}
