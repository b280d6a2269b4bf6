import Type, { type Static } from 'typebox'
import { SourceChoice } from './sources/index.js'
import { TokenizerChoice } from './tokenizers/index.js'

const closed = { additionalProperties: false } as const
const count = (description: string, fallback: number) => Type.Integer({ minimum: 0, default: fallback, description })

export const DataOptions = Type.Object(
  {
    source: SourceChoice,
    sourceTokens: TokenizerChoice,
    targetTokens: TokenizerChoice,
    split: Type.Object(
      {
        seed: Type.Integer({
          minimum: 0,
          default: 13,
          description: 'Seed of the split; not the training seed, so that all seeds see one split.',
        }),
        dev: count('Held-out sources for choosing.', 1000),
        test: count('Held-out sources for reporting.', 2000),
      },
      { ...closed, default: {}, description: 'How one set is split; refused where the source gives three.' },
    ),
  },
  closed,
)
export type DataOptions = Static<typeof DataOptions>
