import { copiesCurve } from '../../../../train/curve-names.js'
import { type CurveMeasure, curveBetter, curveTitle, curveUnit } from '../../../analysis/comparison/curve-titles.js'
import type { Group, MetricComparison } from '../../../analysis/comparison/types.js'
import { capitalised } from '../../../format/grammar.js'
import { count, significant, unitSuffix, valueText, valueWithUnit } from '../../../format/values.js'
import { bandChart } from '../../charts/bands.js'
import type { ComparisonFigure, View } from './types.js'
import { byRank, colourIndexOf, hasSeeds, labelOf, legendOf } from './variants.js'

/** One learning curve of all variants; none where no variant has it. */
export function curveFigures(
  group: Group,
  name: string,
  main: MetricComparison,
  { prefix, shown }: View,
): ComparisonFigure[] {
  const drawn = byRank(
    main,
    group.curves.filter((curve) => curve.name === name && shown.has(curve.variant) && curve.points.length > 0),
  )
  if (drawn.length === 0) return []
  const curve = { name, loss: group.loss, metric: name === main.name ? main : undefined }
  const [unit, better] = [curveUnit(curve), curveBetter(curve)]
  const last = (points: (typeof drawn)[number]['points']) => points.at(-1) ?? [0, 0, 0, 0]
  const format = (value: number) => (curve.metric === undefined ? significant(value) : valueText(value, unit))
  return [
    {
      id: `${prefix}-curve-${name}`,
      title: `How does the ${curveTitle(curve)} develop?`,
      note: `${whatIsShown(group)}.${better === undefined ? '' : ` ${capitalised(better)} is better.`}`,
      alternative: drawn
        .map(({ variant, points }) => {
          const [step, mean] = last(points)
          return `${labelOf(group, variant)} ends at ${valueText(mean, unit)} at step ${count(step)}`
        })
        .join('; '),
      heights: { wide: 300, narrow: 280 },
      option: () =>
        bandChart({
          x: 'step',
          y: axisTitle(curve),
          series: drawn.map(({ variant, points }) => ({
            name: labelOf(group, variant),
            colourIndex: colourIndexOf(main, variant),
            points,
          })),
          formatY: format,
        }),
      legend: legendOf(group, main, drawn, 'line'),
      trigger: 'axis',
      format: (value) => valueWithUnit(value, unit),
      table: {
        head: ['variant', 'last step', 'mean', 'lowest', 'highest'],
        rows: drawn.map(({ variant, points }) => {
          const [step, ...values] = last(points)
          return [labelOf(group, variant), count(step), ...values.map((value) => valueText(value, unit))]
        }),
      },
    },
  ]
}

function whatIsShown(group: Group): string {
  const seeds = `${group.seedWord}s`
  return hasSeeds(group) ? `Means over ${seeds} with the range from the lowest to the highest` : 'Single trained models'
}

function axisTitle({ name, metric, loss }: CurveMeasure): string {
  if (metric !== undefined) return `${metric.title}${unitSuffix(metric.unit)}`
  return name === copiesCurve ? 'distance' : loss.label
}
