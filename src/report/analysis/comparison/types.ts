import Type, { type Static } from 'typebox'
import { closed } from '../../../core/schema.js'

const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) => Type.Object(properties, closed)
const number = (description: string) => Type.Number({ description })
const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })
const undefinedValue = object({ value: Type.Null(), reason: Type.String() })
const measured = (description: string) => Type.Union([Type.Number(), undefinedValue], { description })
const text = (description: string) => Type.String({ description })
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const unit = Type.Union([Type.Literal('percent'), Type.Literal('points'), Type.Literal('nats'), Type.Literal('number')])
const list = <T extends Parameters<typeof Type.Array>[0]>(of: T, description: string) => Type.Array(of, { description })

export const ComparedTrial = object({
  trialId: text("The trial's id, the name of its folder; evaluations of one trained model share it."),
  evaluation: text('Id of the evaluation: search method, metrics and test data.'),
  variant: text('Id of its variant.'),
  seed: number('Seed.'),
  status: text('completed, failed or cancelled.'),
  reason: text('Error message of a failed trial; else empty.'),
  concerns: list(
    Type.String(),
    'Why the result of a completed trial is not to be trusted (a loss that diverged, outputs without an end).',
  ),
  test: Type.Record(Type.String(), measured('Value, or why there is none.'), {
    description: 'Test metrics by the name that the group has for them.',
  }),
  dev: Type.Record(Type.String(), measured('Value, or why there is none.'), {
    description: 'Dev metrics by the name that the group has for them.',
  }),
  parameters: number('Parameters.'),
  trainMs: orNull('Training time in milliseconds; null where unknown.'),
  steps: number('Training steps completed.'),
  directory: text('Its folder.'),
  rerun: text('The command that reproduces it.'),
})
export type ComparedTrial = Static<typeof ComparedTrial>

export const Variant = object({
  id: text('v1, v2, ...; within the group.'),
  label: text('Display name.'),
  study: text('The study that it belongs to.'),
  settings: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The settings that differ within the group, by path.',
  }),
  seeds: list(Type.Number(), 'Seeds of its completed trials.'),
  unfinished: number('Trials that failed or were cancelled; they are excluded.'),
  parameters: number('Parameters.'),
  trainMs: orNull('Mean training time in milliseconds.'),
  perStep: object({
    ms: orNull('Mean milliseconds of training that a step takes; null where unknown.'),
    tokens: orNull(
      'Mean number of tokens (in a forecast numbers, in a classification examples) that a step trains on; null where it was not recorded.',
    ),
  }),
})
export type Variant = Static<typeof Variant>

const interval = Type.Union(
  [
    object({
      low: number('Lower end.'),
      high: number('Upper end.'),
      method: Type.Union(
        [
          Type.Literal('t'),
          Type.Literal('bootstrap'),
          Type.Literal('clopper-pearson'),
          Type.Literal('clopper-pearson-errors'),
        ],
        { description: 'How it was made; clopper-pearson-errors is of the share of examples with an error.' },
      ),
      undefinedResamples: Type.Optional(number('Resamples of the examples without a value, which are left out.')),
    }),
    undefinedValue,
  ],
  { description: 'The 95 % interval, or why there is none.' },
)
const result = (description: string) =>
  Type.Union(
    [
      object({
        value: number('Value.'),
        interval,
        note: Type.Optional(text('What it leaves out.')),
        counts: Type.Optional(Type.Record(Type.String(), Type.Number(), { description: 'What it is made of.' })),
        signature: Type.Optional(text('How it is computed.')),
      }),
      undefinedValue,
    ],
    {
      description,
    },
  )

export const MetricValues = object({
  variant: text('Id of the variant.'),
  seeds: list(Type.Number(), 'Seed of each of the values.'),
  perSeed: list(
    measured('Value, or why there is none.'),
    'Test value of each seed, in the order of `seeds`; where the group is averaged, its mean over the other settings.',
  ),
  mean: result(
    'Mean test value over seeds, with its interval over new seeds and new examples (new examples alone for one seed).',
  ),
  seedDeviation: measured('Standard deviation between seeds.'),
  dev: measured('Mean dev value over seeds: variants are selected by it.'),
})
export type MetricValues = Static<typeof MetricValues>

export const Pair = object({
  left: text('Id of a variant.'),
  right: text('Id of a variant.'),
  paired: number(
    'Seeds compared as pairs, because both variants are evaluations of the same trained models; 0: not paired.',
  ),
  difference: number('Mean of left minus mean of right (of the shared trained models where paired).'),
  interval: Type.Union([object({ low: number('Lower end.'), high: number('Upper end.') }), undefinedValue], {
    description: 'The corrected interval, or why no test is possible.',
  }),
  level: number('Level of the corrected interval.'),
  p: measured('Two-sided p before correction, or why no test is possible.'),
  adjustedP: measured("p after Holm's correction."),
  significant: Type.Boolean({ description: 'Whether the difference is significant at a family-wise 5 %.' }),
  effectSize: measured("Hedges' g in standard deviations between seeds, or why there is none."),
  seedVariance: measured(
    'Variance component between seeds (where paired, of the differences); undefined where a variant has one seed.',
  ),
  exampleVariance: number('Variance component between examples.'),
  degreesOfFreedom: measured("Satterthwaite's degrees of freedom; undefined where no variance was observed."),
})
export type Pair = Static<typeof Pair>

export const Ranking = object({
  tiers: list(
    object({
      variants: list(Type.String(), 'Ids, best mean first.'),
      lowest: number('Lowest mean of them.'),
      highest: number('Highest mean of them.'),
      apart: list(
        Type.Tuple([Type.String(), Type.String()]),
        'Pairs of them that differ significantly, the better one first; none: the tests tell none of them apart.',
      ),
      untested: number('Pairs of them that could not be tested.'),
    }),
    'Best first; every variant is significantly better than each one of the tiers below its own.',
  ),
  letters: Type.Record(Type.String(), Type.String(), {
    description:
      'By variant: two share a letter just where they do not differ significantly. Empty where variants are too many.',
  }),
  text: list(Type.String(), 'The tiers in words.'),
})
export type Ranking = Static<typeof Ranking>

export const MetricComparison = object({
  name: text('The metric; where the trials have it under several options, with those of them that differ.'),
  title: text('Display name.'),
  metric: Type.Optional(text('The metric that this is one way to measure; absent where all trials measure it alike.')),
  notMeasured: Type.Optional(
    list(
      Type.String(),
      'Ids of the variants that are not measured in this way; absent where all trials measure it alike.',
    ),
  ),
  unit,
  better: Type.Union([Type.Literal('lower'), Type.Literal('higher')]),
  best: Type.Union([Type.String(), Type.Null()], { description: 'Id of the variant that is best on dev.' }),
  values: list(MetricValues, 'By variant.'),
  pairs: list(Pair, 'The family: every pair of variants.'),
  ranking: Ranking,
  answer: list(Type.String(), 'The conclusions in words.'),
})
export type MetricComparison = Static<typeof MetricComparison>

const Point = Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()], {
  description: 'Step, mean over seeds, lowest and highest seed; over the whole window where it has several points.',
})
export const Curve = object({
  variant: text('Id.'),
  name: text('Name of the curve.'),
  points: list(Point, 'Over steps; none where it is undefined.'),
  window: number('Recorded points that each point summarises, at its last step; 1: all are here.'),
  reason: textOrNull(
    'Why the curve is undefined, or is at some of its steps; null where it has a value at all of them.',
  ),
})
export type Curve = Static<typeof Curve>

export const LengthCurve = object({
  metric: text('The metric.'),
  bins: list(Type.String(), 'Source lengths in tokens.'),
  examples: list(Type.Number(), 'Examples of each bin.'),
  variants: list(
    object({
      variant: text('Id.'),
      values: list(result('Of one bin.'), 'By bin; the seed average with its 95 % interval over examples.'),
    }),
    'By variant.',
  ),
})
export type LengthCurve = Static<typeof LengthCurve>

export const AttentionExample = object({
  source: list(Type.String(), 'Source tokens.'),
  maps: list(
    object({
      variant: text('Id.'),
      rows: list(Type.String(), 'Output tokens and the end of sequence.'),
      weights: list(Type.Array(Type.Number()), 'By output token, over the source.'),
    }),
    'By variant.',
  ),
})
export type AttentionExample = Static<typeof AttentionExample>

export const Confusion = object({
  variant: text('Id.'),
  seed: number('Seed of the trial.'),
  pairs: list(
    object({ expected: Type.String(), predicted: Type.String(), count: Type.Number() }),
    'Most frequent errors first; an empty string is an insertion or a deletion.',
  ),
})
export type Confusion = Static<typeof Confusion>

export const Effect = object({
  path: text('The factor: a path of settings.'),
  averaged: Type.Boolean({
    description:
      'Whether values are averages over the other settings, seed by seed; else each trial is a value by itself.',
  }),
  seedWord: text('What the variance is over: seed, or run where other settings are mixed.'),
  mixed: list(Type.String(), 'Paths of the other settings that differ within a level.'),
  levels: list(object({ id: text('Id within this list.'), level: text('Its value of the factor.') }), 'Levels.'),
  metric: MetricComparison,
})
export type Effect = Static<typeof Effect>

export const SharedExample = object({
  index: number('Place in the test split, from 0.'),
  chosen: Type.Union([Type.Literal('differs'), Type.Literal('sampled')], {
    description: 'Why it is here: the variants differ most in it, or it was drawn at random.',
  }),
  source: list(Type.String(), 'Source tokens.'),
  references: list(Type.Array(Type.String()), 'What was expected.'),
  outputs: list(
    object({
      variant: text('Id.'),
      seed: number('Seed of the trial.'),
      tokens: list(Type.String(), 'Predicted.'),
      errors: number('Edits to the nearest reference.'),
    }),
    'By variant, of its first trial.',
  ),
})
export type SharedExample = Static<typeof SharedExample>

export const Group = object({
  task: text('The task.'),
  dataDigest: text('Digest of what training reads: only trials on the same data are compared.'),
  testDigest: text('Digest of the test split.'),
  loss: object({
    unit: Type.Union([Type.Literal('nats'), Type.Literal('number')]),
    label: text('Unit, and what the loss is averaged over.'),
    over: Type.Union([Type.Literal('token'), Type.Literal('example'), Type.Literal('scaled value')], {
      description: 'What the loss is averaged over.',
    }),
  }),
  examples: number('Test examples.'),
  seenInTraining: measured('Test examples whose source is also in training.'),
  seedWord: text('What the variance is over: seed, or run where a variant mixes other settings.'),
  differing: list(Type.String(), 'Paths of the settings that differ.'),
  factors: list(Type.String(), "Paths that the studies' grids vary."),
  columns: list(Type.String(), 'Paths of the settings in the table of variants.'),
  mixed: list(Type.String(), 'Paths that also differ within a variant (with --by).'),
  averaged: Type.Boolean({
    description: 'Whether the values of a variant are averages over those other settings, seed by seed (with --by).',
  }),
  variants: list(Variant, 'In the order of the plan.'),
  metrics: list(MetricComparison, 'Main metric first.'),
  resamples: number('Resamples of the examples.'),
  effects: list(Effect, 'The effect of each of several factors on the main metric.'),
  shared: list(SharedExample, 'The same test examples under all variants.'),
  curves: list(Curve, 'Learning curves.'),
  lengths: list(LengthCurve, 'Metrics against source length.'),
  attention: list(AttentionExample, 'The same examples under every variant with attention.'),
  confusion: list(Confusion, 'Most frequent errors of each variant.'),
  trials: list(ComparedTrial, 'All trials.'),
})
export type Group = Static<typeof Group>

const Side = (description: string) =>
  Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown())], { description })
export const Verdict = object({
  left: Side('As stated: a label, or settings by path.'),
  right: Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown()), Type.Number()], {
    description: 'As stated: another side, or a figure.',
  }),
  leftVariants: list(Type.String(), 'Labels of the variants that left is; empty where there are none to compare.'),
  rightVariants: list(Type.String(), 'Labels of the variants that right is; empty for a figure.'),
  averagedOver: list(
    object({ path: Type.String(), values: Type.Array(Type.String()) }),
    'Other settings that both sides are averaged over, seed by seed.',
  ),
  metric: textOrNull('As stated; null for a claim over a curve.'),
  curve: textOrNull('As stated; null for a claim over a metric.'),
  at: Type.Union([Type.String(), Type.Number(), Type.Null()], {
    description: 'The statistic of the curve: mean, last, best or a step; null for a claim over a metric.',
  }),
  relation: text('As stated.'),
  margin: orNull('As stated.'),
  effect: orNull('As stated: the smallest difference that matters.'),
  registered: Type.Union([object({ started: Type.Number(), finished: Type.Number() }), Type.Null()], {
    description:
      'How many trials had been started, and had a result, when the claim was first written into the ledger; null where it does not say.',
  }),
  registration: text('The same in words.'),
  text: text('The claim in words.'),
  verdict: Type.Union([Type.Literal('supported'), Type.Literal('contradicted'), Type.Literal('undecided')]),
  evidence: text('The evidence in words.'),
  test: Type.Union(
    [
      object({
        unit,
        difference: number('Left minus right, as the claim names them.'),
        low: number('Lower end of its corrected interval.'),
        high: number('Upper end.'),
        coverage: number(
          '0.95; of an equivalence that is not contradicted 0.9: the interval of its two one-sided tests.',
        ),
        p: orNull('After correction.'),
        family: number('Tests that were corrected together.'),
        seeds: Type.Tuple([Type.Number(), Type.Number()], { description: 'Seeds of left and right; of a figure 0.' }),
      }),
      Type.Null(),
    ],
    { description: 'The test in numbers; null where none was possible.' },
  ),
})
export type Verdict = Static<typeof Verdict>

export const PublishedResult = object({
  source: text('Paper and table.'),
  name: text("What the figure is of; '' where it is the only one."),
  metric: text('The metric.'),
  unit,
  published: number('The published value.'),
  examples: orNull('Test examples of each variant that it was measured on; null where no band is asked for.'),
  ours: orNull('Mean over variants and seeds; null without a result.'),
  seeds: number('Seeds that all of its variants have finished.'),
  variants: number('Variants whose mean it is.'),
  perSeed: list(Type.Number(), 'Mean over the variants, seed by seed; one value where models predict together.'),
  together: Type.Optional(number('How many models of each variant predict together; absent: each seed is by itself.')),
  interval: Type.Union([object({ low: Type.Number(), high: Type.Number() }), Type.Null()], {
    description: '95 % interval of our mean over new seeds; null with fewer than three.',
  }),
  band: Type.Union([object({ low: Type.Number(), high: Type.Number() }), Type.Null()], {
    description: '95 % band around the published value from its number of test examples and ours.',
  }),
  status: Type.Union(
    [
      Type.Literal('reproduced'),
      Type.Literal('better'),
      Type.Literal('worse'),
      Type.Literal('undecided'),
      Type.Literal('no band'),
      Type.Literal('not run'),
    ],
    {
      description:
        'reproduced: our interval over seeds lies in the band; better, worse: beyond it; undecided: across its edge.',
    },
  ),
  text: text('All of it in words.'),
})
export type PublishedResult = Static<typeof PublishedResult>

/** comparison.json. */
export const ComparisonReport = Type.Object(
  {
    schemaVersion: Type.Literal(3),
    title: text('Names of the studies.'),
    command: text('The command that wrote the comparison.'),
    versions: Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'Software versions of the trials.',
    }),
    machine: text('The machine that wrote the comparison.'),
    studies: list(
      object({
        name: Type.String(),
        directory: Type.String(),
        planned: number('Evaluations of trained models in its plan: one for each trial, unless the plan has more.'),
        missing: list(
          object({
            trial: text('Its label and seed.'),
            state: Type.Union(
              [
                Type.Literal('not started'),
                Type.Literal('queued'),
                Type.Literal('begun'),
                Type.Literal('not evaluated'),
              ],
              {
                description:
                  'queued: it waits on a cluster; begun: it runs, or was interrupted; not evaluated: the model is trained, and its planned evaluation is to come.',
              },
            ),
          }),
          'What is planned and has no result yet.',
        ),
        command: Type.String(),
      }),
      'Studies.',
    ),
    groups: list(Group, 'Trials of the same task on the same data.'),
    claims: list(Verdict, "The studies' claims."),
    published: list(PublishedResult, 'Published figures that the studies set out to reproduce, beside ours.'),
    copies: list(
      object({
        trialId: Type.String(),
        label: Type.String(),
        seed: Type.Number(),
        directories: Type.Array(Type.String()),
        difference: textOrNull('The first figure in which the copies differ: then none of them is counted. Else null.'),
      }),
      'Trials that were found in more than one folder: each is counted once.',
    ),
    skipped: list(object({ path: Type.String(), reason: Type.String() }), 'What could not be read, with the reason.'),
    method: list(Type.String(), 'The statistical method, with sources.'),
  },
  { ...closed, title: 'seqlab comparison' },
)
export type ComparisonReport = Static<typeof ComparisonReport>
