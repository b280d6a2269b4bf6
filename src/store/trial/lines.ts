import Type from 'typebox'
import { list, matches, parseChecked, parseLines } from '../../core/checked-json.js'
import { parseJson } from '../../core/json.js'
import { MeasuredValue } from '../../core/measured-schema.js'
import type { MetricsLine, PredictionLine } from '../../train/types.js'

const number = Type.Number()
const numbers = list(number)
const tokens = list(Type.String())
const metricValues = Type.Record(Type.String(), MeasuredValue)

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
  Type.Object({
    kind: Type.Literal('validation'),
    step: number,
    loss: MeasuredValue,
    metrics: metricValues,
    best: Type.Boolean(),
    copiesDistance: Type.Optional(number),
  }),
  Type.Object({
    kind: Type.Literal('average'),
    step: number,
    validations: number,
    loss: MeasuredValue,
    metrics: metricValues,
    best: Type.Boolean(),
  }),
])

const links = list(Type.Tuple([number, number]))
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
  trueAlignment: Type.Optional(Type.Object({ sure: links, possible: links })),
  values: Type.Optional(Type.Object({ reference: numbers, predicted: numbers, naive: Type.Optional(numbers) })),
})

/** The statistics of one prediction, by metric, cut out of its line. Throws SeqlabError 'run' where they are none. */
export function parseStatistics(text: string, file: string): Readonly<Record<string, readonly number[]>> {
  return parseChecked(statistics, text, file)
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

/** The lines of a predictions.jsonl. Throws SeqlabError 'run', with the line, at the first that is none. */
export function parsePredictions(text: string, file: string): readonly PredictionLine[] {
  return parseLines(predictionLine, text, file)
}
