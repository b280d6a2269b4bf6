import Type, { type Static } from 'typebox'
import { sizeSchema } from '../core/part.js'
import { OptimizerChoice } from './optimizers/index.js'
import { ScheduleChoice } from './schedules/index.js'

const closed = { additionalProperties: false } as const

export const TrainOptions = Type.Object(
  {
    optimizer: OptimizerChoice,
    schedule: ScheduleChoice,
    batchSize: sizeSchema('Examples a step.', { default: 64 }),
    maxShapes: Type.Integer({
      minimum: 1,
      maximum: 64,
      default: 8,
      description:
        'At most so many shapes of padded batches: more means less padding, but each shape costs its own compilation.',
    }),
    steps: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000, description: 'Steps in all; or `epochs`.' })),
    epochs: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Passes over the training data; or `steps`.' }),
    ),
    clipNorm: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'Gradients are scaled down to this global norm; none: not clipped.',
      }),
    ),
    validate: Type.Object(
      {
        every: Type.Integer({ minimum: 1, description: 'Steps between validations; the last step always validates.' }),
        select: Type.Optional(
          Type.String({
            description: 'The dev metric that picks the best checkpoint; by default the first of `metrics`.',
          }),
        ),
        patience: Type.Optional(
          Type.Integer({
            minimum: 1,
            description: 'Stop after this many validations without a better one; none: never.',
          }),
        ),
      },
      { ...closed, description: 'When the dev set is predicted, and what follows from it.' },
    ),
  },
  closed,
)
export type TrainOptions = Static<typeof TrainOptions>
