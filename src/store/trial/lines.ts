import Type from 'typebox'
import { list, matches, parseChecked, parseLines, version } from '../../core/checked-json.js'
import { parseJson } from '../../core/json.js'
import { MeasuredValue } from '../../core/measured-schema.js'
import type { ExamplesLine, MetricsLine, PredictionLine, SampledExample, SamplesLine } from '../../train/types.js'

const number = Type.Number()
const numbers = list(number)
const tokens = list(Type.String())
const metricValues = Type.Record(Type.String(), MeasuredValue)

const validationFields = {
  kind: Type.Literal('validation'),
  step: number,
  loss: MeasuredValue,
  metrics: metricValues,
  best: Type.Boolean(),
  copiesDistance: Type.Optional(number),
}
const averageFields = {
  kind: Type.Literal('average'),
  step: number,
  validations: number,
  loss: MeasuredValue,
  metrics: metricValues,
  best: Type.Boolean(),
}

const metricsLine = Type.Union([
  Type.Object({
    kind: Type.Literal('train'),
    step: number,
    epoch: number,
    loss: MeasuredValue,
    gradientNorm: number,
    learningRate: number,
    tokens: Type.Optional(number),
  }),
  Type.Object(validationFields),
  Type.Object(averageFields),
])

const links = list(Type.Tuple([number, number]))
const trueAlignment = Type.Object({ sure: links, possible: links })
const statistics = Type.Record(Type.String(), numbers)

const predictionLine = Type.Object({
  split: Type.Union([Type.Literal('dev'), Type.Literal('test')]),
  index: number,
  source: tokens,
  features: Type.Optional(tokens),
  references: list(tokens),
  hypothesis: tokens,
  score: number,
  candidates: Type.Optional(list(Type.Object({ tokens, score: number }))),
  statistics,
  alignment: Type.Optional(list(numbers)),
  sourceScores: Type.Optional(numbers),
  kept: Type.Optional(Type.Union([Type.Literal('sampled'), Type.Literal('mistake')])),
  trueAlignment: Type.Optional(trueAlignment),
  values: Type.Optional(Type.Object({ reference: numbers, predicted: numbers, naive: Type.Optional(numbers) })),
})

const examplesLine = Type.Object({
  kind: Type.Literal('examples'),
  schemaVersion: version(1),
  examples: list(
    Type.Object({
      index: number,
      source: tokens,
      features: Type.Optional(tokens),
      references: list(tokens),
      trueAlignment: Type.Optional(trueAlignment),
      values: Type.Optional(Type.Object({ width: number, reference: numbers, naive: Type.Optional(numbers) })),
      sourceLength: Type.Optional(number),
    }),
  ),
})

const outputs = list(
  Type.Object({
    hypothesis: tokens,
    score: number,
    tokenScores: Type.Optional(numbers),
    sourceScores: Type.Optional(numbers),
    alignmentPercent: Type.Optional(list(numbers)),
    values: Type.Optional(numbers),
    length: Type.Optional(number),
  }),
)
const samplesLine = Type.Union([
  Type.Object({ ...validationFields, outputs }),
  Type.Object({ ...averageFields, outputs }),
])

/** The statistics of one prediction, by metric, cut out of its line. Throws SeqlabError 'run' where they are none. */
export function parseStatistics(text: string, file: string): Readonly<Record<string, readonly number[]>> {
  return parseChecked(statistics, text, file)
}

/** A samples.jsonl: the examples, and what each of the recorded validations gave for them. */
export interface Samples {
  readonly examples: readonly SampledExample[]
  readonly validations: readonly SamplesLine[]
}

/** The lines of a metrics.jsonl. Throws SeqlabError 'run', with the line, at the first that is none. */
export function parseMetrics(text: string, file: string): readonly MetricsLine[] {
  return parseLines(metricsLine, text, file)
}

/** One line of a metrics.jsonl that may still be written; undefined where it is none. */
export function metricsLineOf(text: string): MetricsLine | undefined {
  const line = parseJson(text)
  return matches(metricsLine, line) ? line : undefined
}

/** A samples.jsonl: its first line, and the others. Throws as `parseMetrics`, and where it is of another version. */
export function parseSamples(text: string, file: string): Samples {
  const [first = '', ...rest] = text.split('\n')
  const { examples } = parseChecked(examplesLine, first, file)
  return { examples, validations: parseLines(samplesLine, ['', ...rest].join('\n'), file) }
}

/** One line of a samples.jsonl that may still be written; undefined where it is none of this version. */
export function samplesLineOf(text: string): ExamplesLine | SamplesLine | undefined {
  const line = parseJson(text)
  return matches(examplesLine, line) || matches(samplesLine, line) ? line : undefined
}

/** The lines of a predictions.jsonl. Throws SeqlabError 'run', with the line, at the first that is none. */
export function parsePredictions(text: string, file: string): readonly PredictionLine[] {
  return parseLines(predictionLine, text, file)
}
