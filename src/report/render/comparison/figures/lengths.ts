import { isUndefined } from '../../../../core/measured.js'
import type { Group, LengthCurve, MetricComparison } from '../../../analysis/comparison/types.js'
import { count, drawnResult, resultSentence, unitSuffix, valueText, valueWithUnit } from '../../../format/values.js'
import { intervalChart } from '../../charts/intervals.js'
import type { ComparisonFigure, View } from './types.js'
import { byRank, colourIndexOf, hasSeeds, labelOf, legendOf } from './variants.js'

/** The main metric by source length. */
export function lengthFigure(
  group: Group,
  main: MetricComparison,
  lengths: LengthCurve,
  { prefix, shown }: View,
): ComparisonFigure {
  const { title, unit, better } = main
  const drawn = byRank(
    main,
    lengths.variants.filter(({ variant }) => shown.has(variant)),
  )
  const text = (value: (typeof drawn)[number]['values'][number] | undefined) =>
    value === undefined ? '' : resultSentence(value, unit)
  const of = hasSeeds(group) ? `Averages over ${group.seedWord}s` : 'Single trained models'
  return {
    id: `${prefix}-lengths`,
    title: `How does ${title} depend on the source length?`,
    note: `${title} by source length in tokens; ${better} is better. ${of} with 95 % intervals over the examples of each bin.`,
    alternative: drawn
      .map(({ variant, values }) => {
        const byBin = values.map((value, at) => `${lengths.bins[at]}: ${text(value)}`)
        return `${labelOf(group, variant)}: ${byBin.join(', ')}`
      })
      .join('; '),
    heights: { wide: 320, narrow: 300 },
    option: () =>
      intervalChart({
        x: 'source length (tokens)',
        y: `${title}${unitSuffix(unit)}`,
        categories: lengths.bins,
        series: drawn.map(({ variant, values }) => ({
          name: labelOf(group, variant),
          colourIndex: colourIndexOf(main, variant),
          values: values.map((value) => (isUndefined(value) ? undefined : drawnResult(value))),
        })),
        formatY: (value) => valueText(value, unit),
      }),
    legend: legendOf(group, main, drawn, 'dot'),
    trigger: 'axis',
    format: (value) => valueWithUnit(value, unit),
    table: {
      head: ['length', 'examples', ...drawn.map(({ variant }) => labelOf(group, variant))],
      rows: lengths.bins.map((bin, at) => [
        bin,
        count(lengths.examples[at] ?? 0),
        ...drawn.map(({ values }) => text(values[at])),
      ]),
    },
  }
}
