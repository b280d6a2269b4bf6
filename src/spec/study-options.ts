import Type, { type Static } from 'typebox'
import { closed } from '../core/schema.js'

const anyValue = Type.Unsafe<unknown>({})
const path = 'a dotted path of the spec (`model.encoder.hidden`)'

const point = (description: string) => Type.Record(Type.String(), anyValue, { minProperties: 1, description })

const limits = (description: string) => Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description })

const range = Type.Union(
  [
    Type.Object({ range: limits('From and to: uniform.') }, closed),
    Type.Object({ log: limits('From and to, both above 0: uniform in the logarithm.') }, closed),
    Type.Object({ integers: limits('From and to, both included: whole numbers.') }, closed),
    Type.Array(anyValue, { minItems: 1, description: 'One of these.' }),
  ],
  { description: 'A range or a list of values.' },
)

const random = Type.Object(
  {
    samples: Type.Integer({ minimum: 1, maximum: 10_000, description: 'How many points are drawn.' }),
    seed: Type.Integer({ minimum: 0, default: 1, description: 'Seed of the draw; not the training seed.' }),
    space: Type.Record(Type.String(), range, {
      minProperties: 1,
      description: `What is drawn, by ${path}. Several paths as one key move together: of a list of lists of values, or all with the same number of a range.`,
    }),
  },
  { ...closed, description: 'Points drawn at random; with a grid, every point of the grid with every draw.' },
)

const match = Type.Union(
  [
    Type.Literal('parameters'),
    Type.Object(
      {
        parameters: Type.Union([Type.Literal('first'), Type.Integer({ minimum: 1 })], {
          default: 'first',
          description: 'Number of parameters of every variant: a number, or as many as the first variant has.',
        }),
        by: Type.Array(Type.String(), {
          minItems: 1,
          default: ['model.encoder.hidden', 'model.decoder.hidden'],
          description: 'The sizes that are solved for: the first one, and the others in their ratio to it.',
        }),
      },
      closed,
    ),
  ],
  { description: 'Gives every variant the same number of parameters within 1 %, by its hidden sizes.' },
)

const budget = Type.Object(
  {
    steps: Type.Optional(Type.Integer({ minimum: 1, description: "Steps of every trial, instead of the base's." })),
    minutes: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'Wall-clock time of the whole sweep; when it runs out, running trials are cancelled.',
      }),
    ),
  },
  { ...closed, minProperties: 1, description: 'Limits of the sweep.' },
)

const side = (description: string) => Type.Union([Type.String(), point(description)], { description })

const claim = Type.Object(
  {
    left: side(
      'Settings that variants have, by path (`{ model.encoder.cell: gru }`): all of them, averaged over the settings that neither side names. Or the label of a variant.',
    ),
    right: Type.Union([Type.String(), point('Settings by path.'), Type.Number()], {
      description:
        "What `left` is compared with: other settings, or another label; or a figure in the metric's or curve's own scale (0.8 is 80 %).",
    }),
    metric: Type.Optional(Type.String({ description: 'One of the metrics, as it is on test; or `curve`.' })),
    curve: Type.Optional(
      Type.String({
        description:
          'A curve over steps: validation-loss, training-loss, copies-distance (of untied weights), or a metric on dev.',
      }),
    ),
    at: Type.Optional(
      Type.Union([Type.Literal('mean'), Type.Literal('last'), Type.Literal('best'), Type.Integer({ minimum: 1 })], {
        description:
          'The number that a curve is judged by: its mean over steps (area under the curve divided by their number; the default), its last or its best value, or its value at a step.',
      }),
    ),
    relation: Type.Union(
      [
        Type.Literal('better'),
        Type.Literal('worse'),
        Type.Literal('lower'),
        Type.Literal('higher'),
        Type.Literal('equivalent'),
      ],
      { description: 'Claimed relation of left to right.' },
    ),
    margin: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: "A difference that matters, in the metric's or curve's own scale (0.01 is a percentage point).",
      }),
    ),
    effect: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description:
          'The smallest difference that matters, in the same scale: `--plan` tells how probably the claim is supported where it is true, and with how many seeds in 80 % of studies. It decides nothing.',
      }),
    ),
    spread: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description:
          'The standard deviation between seeds that `--plan` expects, in the same scale; else that of a pilot (`--pilot`) or of what the study has trained.',
      }),
    ),
  },
  closed,
)

const compare = Type.Object(
  {
    metric: Type.Optional(Type.String({ description: 'The primary metric of the comparison; by default the first.' })),
    by: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: 'Grid paths whose effect is shown; by default all.' }),
    ),
  },
  { ...closed, minProperties: 1, description: 'What the comparison report shows first.' },
)

const figure = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, description: 'What the figure is of, where there are several.' })),
    of: Type.Optional(
      side('The variants whose mean is put beside it: settings by path, or a label. Default: all of the study.'),
    ),
    metric: Type.String({ description: 'One of the metrics, as it is on test.' }),
    value: Type.Number({ description: "What was published, in the metric's own scale (0.998 is 99.8 %)." }),
    ensemble: Type.Optional(
      Type.Literal(true, {
        description:
          "The models of all of a variant's seeds predict together, their probabilities averaged as by predict --with, by the variant's own search; otherwise the mean of their own values is put beside it.",
      }),
    ),
    examples: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'Test examples that it was measured on, of each variant: a band is drawn around it from this number and ours. Without it there is no band: the two figures only stand side by side.',
      }),
    ),
  },
  closed,
)

const published = Type.Object(
  {
    source: Type.String({ minLength: 1, description: 'Paper and table.' }),
    data: Type.Optional(
      Type.String({ minLength: 1, description: 'The public repository of the data: named where a file is missing.' }),
    ),
    minutes: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'Expected time on two cores.' })),
    figures: Type.Array(figure, { minItems: 1, description: 'What was published.' }),
  },
  { ...closed, description: 'Published results that the study sets out to reproduce.' },
)

const seeds = Type.Union(
  [
    Type.Integer({ minimum: 1, maximum: 1000 }),
    Type.Array(Type.Integer({ minimum: 0, maximum: 2_147_483_647 }), { minItems: 1, uniqueItems: true }),
  ],
  { description: 'Number of training seeds of every variant (1, 2, ...), or a list of them.' },
)

/** The keys of a study that its base spec does not have. */
export const StudyOptions = Type.Object(
  {
    grid: Type.Optional(
      Type.Record(Type.String(), Type.Array(anyValue, { minItems: 1 }), {
        minProperties: 1,
        description: `Values by ${path}; every combination is a variant. Several paths as one key (a, b: [[1, 2], [3, 4]]) move together.`,
      }),
    ),
    include: Type.Optional(
      Type.Array(point('Values by path: one more variant.'), {
        minItems: 1,
        description: 'Variants in addition to the grid.',
      }),
    ),
    exclude: Type.Optional(
      Type.Array(point('Values (or lists of values) by path.'), {
        minItems: 1,
        description: 'Combinations that are left out of the grid: those that match every entry of a rule.',
      }),
    ),
    random: Type.Optional(random),
    seeds: Type.Optional(seeds),
    match: Type.Optional(match),
    budget: Type.Optional(budget),
    compare: Type.Optional(compare),
    claims: Type.Optional(Type.Array(claim, { description: 'Claims that the report judges.' })),
    published: Type.Optional(published),
    quick: Type.Optional(
      point(
        'Values by path that `--quick` lays over every variant (and `seeds`): the study in seconds, to see that it runs.',
      ),
    ),
  },
  closed,
)
export type StudyOptions = Static<typeof StudyOptions>

export const studyKeys: readonly string[] = Object.keys(StudyOptions.properties)
