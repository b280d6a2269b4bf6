import Type, { type Static } from 'typebox'
import { partSchema, rateSchema, sizeSchema } from '../core/part.js'
import { closed } from '../core/schema.js'
import { searchMethods } from '../decode/index.js'
import { MetricChoice } from '../metrics/index.js'
import { TeacherForcingChoice } from './forcing/index.js'
import { OptimizerChoice } from './optimizers/index.js'
import { ScheduleChoice } from './schedules/index.js'

const loss = Type.Literal('loss')
const SelectChoice = Type.Union([loss, MetricChoice])
/** What can select a checkpoint: a metric on dev, or the dev loss. */
export type SelectChoice = Static<typeof SelectChoice>

export const TrainOptions = Type.Object(
  {
    optimizer: OptimizerChoice,
    schedule: ScheduleChoice,
    batchSize: sizeSchema('Batch size.', { default: 64 }),
    maxShapes: Type.Integer({
      minimum: 1,
      maximum: 64,
      default: 8,
      description:
        'Maximum number of padded batch shapes: more shapes mean less padding, but each one is compiled separately.',
    }),
    steps: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000_000,
        description: 'Number of training steps; alternative to `epochs`.',
      }),
    ),
    epochs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: 'Number of passes over the training data; alternative to `steps`.',
      }),
    ),
    clipNorm: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'Maximum global norm of the gradients; larger ones are scaled down to it. Default: no clipping.',
      }),
    ),
    warmup: Type.Integer({
      minimum: 0,
      default: 0,
      description: "Warm-up steps, over which the learning rate rises linearly to its schedule's value.",
    }),
    accumulate: Type.Integer({
      minimum: 1,
      maximum: 65_536,
      default: 1,
      description: 'Gradient accumulation: batches per step; the loss is the mean over all their tokens.',
    }),
    labelSmoothing: rateSchema('Label smoothing: probability mass spread evenly over all symbols.', { default: 0 }),
    teacherForcing: TeacherForcingChoice,
    freeze: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'Parameters to freeze, by name; `*` matches anything (`encoder/*`).',
    }),
    init: Type.Optional(
      Type.Object(
        {
          from: Type.String({
            minLength: 1,
            description:
              "A trial's folder in runs/ (or its model/), whose best parameters are used. What a vocabulary or a label set indexes is taken over symbol by symbol; new symbols start fresh, and `check` counts them. A trial counts by the numbers taken, not by this path.",
          }),
          parameters: Type.Array(Type.String({ minLength: 1 }), {
            default: ['*'],
            minItems: 1,
            description:
              'Parameters to take from there, by name; `*` matches anything. The others are initialised as usual.',
          }),
          take: Type.Union([Type.Literal('parameters'), Type.Literal('training')], {
            default: 'parameters',
            description:
              'What to take: the best parameters, or the whole training state (last parameters, optimizer state, step count) to continue training. Under another `validate.select` or `validate.decode`, or on other training or dev data, the best checkpoint, patience and plateaus start afresh.',
          }),
        },
        { ...closed, description: 'Warm start: start from the parameters of another trial, mapped by symbol.' },
      ),
    ),
    average: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 100,
        description:
          "Checkpoint averaging: at the end, the mean of the last N validations' parameters (or of all, where there were fewer) is validated as one more candidate for the best (Polyak & Juditsky 1992, Acceleration of Stochastic Approximation by Averaging; Vaswani et al. 2017, section 6.1). The checkpoint has N more copies of the parameters. Default: none.",
      }),
    ),
    keepCheckpoint: Type.Optional(
      Type.Boolean({
        description:
          'Whether a completed trial keeps its training state (optimizer state, last parameters), from which `init.take: training` can continue; its model stays in any case. A trial counts as the same with and without it. Default: true.',
      }),
    ),
    validate: Type.Object(
      {
        every: Type.Integer({
          minimum: 1,
          description: 'Steps between validations; the last step is always validated.',
        }),
        select: Type.Optional(
          Type.Union([loss, MetricChoice, Type.Array(SelectChoice, { minItems: 1 })], {
            description:
              'Dev metric that selects the best checkpoint, or `loss`; in a list, each decides where all before it are equal (then the loss, then the earlier step). A bare name has the options that it has in `metrics`. Default: the first of `metrics`.',
          }),
        ),
        decode: partSchema(searchMethods, {
          description: 'Search method of validations, part of training; `decode` is that of the evaluation after it.',
          default: 'greedy',
        }),
        patience: Type.Optional(
          Type.Integer({
            minimum: 1,
            description:
              'Early stopping: stop after this many validations in which the first of `select` did not improve; equal is no improvement, and a validation in which it is undefined does not count. Default: never.',
          }),
        ),
      },
      { ...closed, description: 'Validation on the dev set: when, and what it decides.' },
    ),
  },
  closed,
)
export type TrainOptions = Static<typeof TrainOptions>
