import Type, { type Static } from 'typebox'
import { rateSchema, sizeSchema } from '../core/part.js'
import { TeacherForcingChoice } from './forcing/index.js'
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
    warmup: Type.Integer({
      minimum: 0,
      default: 0,
      description: "Steps over which the learning rate rises in a straight line to its schedule's value.",
    }),
    accumulate: Type.Integer({
      minimum: 1,
      maximum: 65_536,
      default: 1,
      description: 'Batches whose gradients are added up for one step; the loss is a mean over all their tokens.',
    }),
    labelSmoothing: rateSchema('Share of the probability that targets give to all symbols alike.', { default: 0 }),
    teacherForcing: TeacherForcingChoice,
    freeze: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'Parameters that are not trained, by name; `*` stands for anything (`encoder/*`).',
    }),
    init: Type.Optional(
      Type.Object(
        {
          from: Type.String({
            minLength: 1,
            description: "A trial's folder in runs/, whose best parameters are the start.",
          }),
          parameters: Type.Array(Type.String({ minLength: 1 }), {
            default: ['*'],
            minItems: 1,
            description: 'Which parameters start from there, by name; `*` stands for anything. The others start anew.',
          }),
          take: Type.Union([Type.Literal('parameters'), Type.Literal('training')], {
            default: 'parameters',
            description:
              'The best parameters alone, or the whole training (last parameters, optimizer, steps done) to go on with more steps.',
          }),
        },
        { ...closed, description: 'Where training starts from, instead of random parameters.' },
      ),
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
