import Type, { type Static } from 'typebox'
import { closed } from '../core/schema.js'
import { SourceChoice } from './sources/index.js'
import { TokenizerChoice } from './tokenizers/index.js'

const seed = (what: string) =>
  Type.Optional(
    Type.Integer({
      minimum: 0,
      description: `Seed of the ${what}, 13 if absent; not the training seed, so that all seeds see the same data.`,
    }),
  )
const part = (description: string) =>
  Type.Optional(Type.Number({ exclusiveMinimum: 0, description: `${description} A count, or below 1 a share.` }))
const atMost = (set: string) =>
  Type.Optional(Type.Integer({ minimum: 1, description: `At most so many ${set} examples.` }))

const vectorFile = (side: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      description: `Text file of vectors for the ${side}'s symbols (word2vec, GloVe): a symbol and its numbers a line.`,
    }),
  )

/** What is absent here is filled in by `resolveData`, where the source and the task leave room for it. */
export const DataOptions = Type.Object(
  {
    source: SourceChoice,
    sourceTokens: Type.Optional(TokenizerChoice),
    targetTokens: Type.Optional(TokenizerChoice),
    split: Type.Optional(
      Type.Object(
        {
          seed: seed('split'),
          keepTogether: Type.Optional(
            Type.Union([Type.Literal('source'), Type.Literal('pair')], {
              description:
                'What never stands on both sides of the split: examples with the same source, or (where sources are few, such as classes to generate from) only those with the same source and target. `source` if absent.',
            }),
          ),
          dev: part('Held-out sources for choosing; 1000 if absent. Of a series: steps, a tenth if absent.'),
          test: part('Held-out sources for reporting; 2000 if absent. Of a series: the last steps, a fifth if absent.'),
        },
        {
          ...closed,
          description:
            'How held-out sets are split off training: by seed, a series by time. Refused where the source brings both sets.',
        },
      ),
    ),
    references: Type.Optional(
      Type.Union([Type.Literal('grouped'), Type.Literal('separate')], {
        description:
          'Whether held-out examples with the same source are one example with several references (the nearest counts) or stay separate. Grouped if absent, but separate for tags.',
      }),
    ),
    vectors: Type.Optional(
      Type.Object(
        { source: vectorFile('source'), target: vectorFile('target') },
        { ...closed, description: 'Word-vector files, for an embedding that starts from them (start: vectors).' },
      ),
    ),
    limit: Type.Optional(
      Type.Object(
        { seed: seed('choice'), train: atMost('training'), dev: atMost('dev'), test: atMost('test') },
        {
          ...closed,
          description: 'Seeded subsets, taken after the split; a larger limit contains a smaller one.',
        },
      ),
    ),
  },
  closed,
)
export type DataOptions = Static<typeof DataOptions>
