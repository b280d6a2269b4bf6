import Type from 'typebox'
import { UndefinedValue } from '../../core/measured-schema.js'
import type { MetricResult } from '../../metrics/score.js'

const number = Type.Number()

const interval = Type.Object({
  low: number,
  high: number,
  method: Type.Union([
    Type.Literal('bootstrap'),
    Type.Literal('clopper-pearson'),
    Type.Literal('clopper-pearson-errors'),
  ]),
  undefinedResamples: Type.Optional(number),
})

const metricResult = Type.Union([
  Type.Object({
    value: number,
    interval: Type.Union([interval, UndefinedValue]),
    note: Type.Optional(Type.String()),
    counts: Type.Optional(Type.Record(Type.String(), number)),
    signature: Type.Optional(Type.String()),
  }),
  UndefinedValue,
])

/** A split's metrics by name, as a record or an evaluation holds them. */
export const metricResultsSchema = Type.Unsafe<Readonly<Record<string, MetricResult>>>(
  Type.Record(Type.String(), metricResult),
)
