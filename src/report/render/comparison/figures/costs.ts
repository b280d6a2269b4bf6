import { isUndefined } from '../../../../core/measured.js'
import { type CostPoint, paretoFront } from '../../../analysis/comparison/pareto.js'
import type { Group, MetricComparison, Variant } from '../../../analysis/comparison/types.js'
import { count, duration, durationTick, significant, unitSuffix, valueText } from '../../../format/values.js'
import { costChart } from '../../charts/scatter.js'
import type { ComparisonFigure, View } from './types.js'

/** A cost of variants: training time, parameters. */
interface Cost {
  readonly key: string
  readonly name: string
  readonly of: (variant: Variant) => number | null
  readonly format: (cost: number) => string
  /** As a label of the axis. */
  readonly tick: (cost: number) => string
}

const costs: readonly Cost[] = [
  { key: 'time', name: 'training time', of: ({ trainMs }) => trainMs, format: duration, tick: durationTick },
  {
    key: 'parameters',
    name: 'parameters',
    of: ({ parameters }) => parameters,
    format: count,
    tick: (value) => significant(value, 2),
  },
]

/** Training time and parameters against the main metric. */
export function costFigures(group: Group, main: MetricComparison, view: View): ComparisonFigure[] {
  return costs.flatMap((cost) => {
    const points = main.values.flatMap(({ variant, mean }): CostPoint[] => {
      const of = group.variants.find(({ id }) => id === variant)
      const value = of === undefined ? null : cost.of(of)
      return of === undefined || value === null || isUndefined(mean)
        ? []
        : [{ name: of.label, cost: value, value: mean.value }]
    })
    return new Set(points.map((point) => point.cost)).size < 2 ? [] : [costFigure(cost, points, main, view)]
  })
}

function costFigure(
  { key, name, format, tick }: Cost,
  points: readonly CostPoint[],
  { title, unit, better }: MetricComparison,
  { prefix }: View,
): ComparisonFigure {
  const front = new Set(paretoFront(points, better).map((point) => point.name))
  return {
    id: `${prefix}-cost-${key}`,
    title: `How does ${title} trade off against ${name}?`,
    note: 'Test means; the dashed line is the Pareto front: the variants that no other one beats in both.',
    alternative: points
      .map((point) => {
        const onFront = front.has(point.name) ? ' (on the Pareto front)' : ''
        return `${point.name}: ${format(point.cost)}, ${valueText(point.value, unit)}${onFront}`
      })
      .join('; '),
    heights: { wide: 300, narrow: 280 },
    option: ({ width }) =>
      costChart({
        width,
        points,
        better,
        x: name,
        y: `${title}${unitSuffix(unit)}`,
        formatX: tick,
        formatY: (value) => valueText(value, unit),
      }),
    trigger: 'item',
    format: (value) => valueText(value, unit),
    table: {
      head: ['variant', name, title, 'on the Pareto front'],
      rows: points.map((point) => [
        point.name,
        format(point.cost),
        valueText(point.value, unit),
        front.has(point.name) ? 'yes' : '',
      ]),
    },
  }
}
