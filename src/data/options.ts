import Type, { type Static } from 'typebox'
import { closed } from '../core/schema.js'
import { SourceChoice } from './sources/index.js'
import { TokenizerChoice } from './tokenizers/index.js'
import { splitSeed } from './types.js'

const seed = (what: string) =>
  Type.Optional(
    Type.Integer({
      minimum: 0,
      description: `Seed of the ${what}; independent of the training seed, so that all training seeds see the same data. Default: ${splitSeed}.`,
    }),
  )
const part = (description: string) =>
  Type.Optional(Type.Number({ exclusiveMinimum: 0, description: `${description} A count, or a fraction below 1.` }))
const atMost = (set: string) =>
  Type.Optional(Type.Integer({ minimum: 1, description: `Maximum number of ${set} examples.` }))

const vectorFile = (side: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      description: `Text file of ${side} word vectors (word2vec, GloVe): a symbol and its vector per line.`,
    }),
  )

/** How characters are read where nothing is said of it. */
export const usualCharacters = { minFrequency: 1, maxLength: 32 } as const

const FactorOptions = Type.Object(
  {
    separator: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 10,
        description:
          "What separates the values of a token that may have several (`|`: Case=Nom|Number=Sing); an empty text and `_` have none then. Default: `|` for FEATS, DEPS and MISC of conllu, else a token's whole text is its one value.",
      }),
    ),
    minFrequency: Type.Integer({
      minimum: 1,
      default: 1,
      description: 'Minimum training frequency of a value in the vocabulary; rarer ones become <unk>.',
    }),
  },
  closed,
)
export type FactorOptions = Static<typeof FactorOptions>

/** What is absent here is filled in by `resolveData`, where the source and the task leave room for it. */
export const DataOptions = Type.Object(
  {
    source: SourceChoice,
    sourceTokens: Type.Optional(TokenizerChoice),
    targetTokens: Type.Optional(TokenizerChoice),
    features: Type.Optional(
      Type.Object(
        {
          separator: Type.String({
            minLength: 1,
            maxLength: 10,
            default: ';',
            description:
              "What separates an example's features where the source has them as text: `;` (UniMorph: V;PST;3) or `|` (CoNLL-U: Case=Nom|Number=Sing). An empty text and `_` have no features.",
          }),
          minFrequency: Type.Integer({
            minimum: 1,
            default: 1,
            description: 'Minimum training frequency of a feature in the vocabulary; rarer ones become <unk>.',
          }),
        },
        {
          ...closed,
          description:
            "A second source: what is known of each example besides (an inflection's tags), from a column that data.source names; model.features reads them.",
        },
      ),
    ),
    characters: Type.Optional(
      Type.Object(
        {
          minFrequency: Type.Integer({
            minimum: 1,
            default: usualCharacters.minFrequency,
            description: 'Minimum training frequency of a character in the vocabulary; rarer ones become <unk>.',
          }),
          maxLength: Type.Integer({
            minimum: 1,
            maximum: 1000,
            default: usualCharacters.maxLength,
            description: 'Characters (code points) of a token that are read at most; the rest of a longer one is not.',
          }),
        },
        {
          ...closed,
          description:
            'The characters inside the tokens of the source, those of unknown tokens too; model.source.characters reads them, and they are there where it does.',
        },
      ),
    ),
    factors: Type.Optional(
      Type.Record(Type.String(), FactorOptions, {
        description:
          'How the factors of tokens (part of speech, FEATS) that data.source names are read, by their names; model.source.factors reads them. Filled in for those that are not here.',
      }),
    ),
    split: Type.Optional(
      Type.Object(
        {
          seed: seed('split'),
          keepTogether: Type.Optional(
            Type.Union([Type.Literal('source'), Type.Literal('pair')], {
              description:
                'What never appears in two splits: examples with the same source, or (where sources are few, such as classes to generate from) only those with the same source and target. Default: source.',
            }),
          ),
          dev: part('Size of the dev set, in distinct sources (default: 1000); for a series, in steps (default: 0.1).'),
          test: part(
            'Size of the test set, in distinct sources (default: 2000); for a series, the last steps (default: 0.2).',
          ),
        },
        {
          ...closed,
          description:
            'How held-out sets are split off the training set: by seed, or by time for a series. An error where the source has both sets.',
        },
      ),
    ),
    references: Type.Optional(
      Type.Union([Type.Literal('grouped'), Type.Literal('separate')], {
        description:
          'Whether held-out examples with the same source become one example with several references (scored against the best one) or stay separate. Default: grouped; where a source has one right answer (tags, classes): separate.',
      }),
    ),
    vectors: Type.Optional(
      Type.Object(
        { source: vectorFile('source'), target: vectorFile('target') },
        {
          ...closed,
          description: 'Word-vector files, for embeddings that are initialised from them (start: vectors).',
        },
      ),
    ),
    limit: Type.Optional(
      Type.Object(
        { seed: seed('choice'), train: atMost('training'), dev: atMost('dev'), test: atMost('test') },
        {
          ...closed,
          description: 'Random subsets, taken after the split; a larger limit contains a smaller one.',
        },
      ),
    ),
  },
  closed,
)
export type DataOptions = Static<typeof DataOptions>
