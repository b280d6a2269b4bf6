import { isUndefined } from '../../../../core/measured.js'
import { type CostPoint, paretoFront } from '../../../analysis/comparison/pareto.js'
import type { Group, MetricComparison, MetricValues, Variant } from '../../../analysis/comparison/types.js'
import { count } from '../../../format/numbers.js'
import {
  countQuantity,
  durationQuantity,
  metricQuantity,
  type Quantity,
  quantityText,
} from '../../../format/quantity.js'
import { duration, valueText } from '../../../format/values.js'
import { costChart } from '../../charts/scatter.js'
import { gapNote } from './gaps.js'
import { overText, resultLines } from './tips.js'
import type { ComparisonFigure, View } from './types.js'

/** A cost of variants: training time, parameters. */
interface Cost {
  readonly key: string
  readonly name: string
  readonly of: (variant: Variant) => number | null
  /** In sentences and tables. */
  readonly format: (cost: number) => string
  /** On the axis and in tooltips, and what one of its units is. */
  readonly quantity: (costs: readonly number[]) => { readonly quantity: Quantity; readonly one: number }
}

const costs: readonly Cost[] = [
  {
    key: 'time',
    name: 'training time',
    of: ({ trainMs }) => trainMs,
    format: duration,
    quantity: (all) => durationQuantity('training time', all),
  },
  {
    key: 'parameters',
    name: 'parameters',
    of: ({ parameters }) => parameters,
    format: count,
    quantity: () => ({ quantity: countQuantity('parameters'), one: 1 }),
  },
]

interface VariantPoint extends CostPoint {
  readonly variant: Variant
  readonly mean: MetricValues['mean']
}

/** Training time and parameters against the main metric. */
export function costFigures(group: Group, main: MetricComparison, view: View): ComparisonFigure[] {
  return costs.flatMap((cost) => {
    const points = main.values.flatMap(({ variant: id, mean }): VariantPoint[] => {
      if (!view.matching.has(id)) return []
      const variant = group.variants.find((one) => one.id === id)
      const value = variant === undefined ? null : cost.of(variant)
      return variant === undefined || value === null || isUndefined(mean)
        ? []
        : [{ name: variant.label, cost: value, value: mean.value, variant, mean }]
    })
    return new Set(points.map((point) => point.cost)).size < 2 ? [] : [costFigure(cost, points, group, main, view)]
  })
}

function costFigure(
  cost: Cost,
  points: readonly VariantPoint[],
  group: Group,
  main: MetricComparison,
  { prefix }: View,
): ComparisonFigure {
  const { key, name, format } = cost
  const { title, unit, better } = main
  const front = new Set(paretoFront(points, better).map((point) => point.name))
  const gaps = main.values.flatMap(({ variant, mean }) =>
    isUndefined(mean)
      ? [{ name: group.variants.find(({ id }) => id === variant)?.label ?? variant, reason: mean.reason }]
      : [],
  )
  return {
    id: `${prefix}-cost-${key}`,
    title: `How does ${title} trade off against ${name}?`,
    note: `Test means; the dashed line is the Pareto front: the variants that no other one beats in both.${gapNote(gaps)}`,
    alternative: points
      .map((point) => {
        const onFront = front.has(point.name) ? ' (on the Pareto front)' : ''
        return `${point.name}: ${format(point.cost)}, ${valueText(point.value, unit)}${onFront}`
      })
      .join('; '),
    heights: { wide: 300, narrow: 280 },
    option: ({ width }) => costChart({ width, better, ...drawnCosts(cost, points, front, group, main) }),
    trigger: 'item',
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

/** The points in the units of their axes, with their tips. */
function drawnCosts(
  cost: Cost,
  points: readonly VariantPoint[],
  front: ReadonlySet<string>,
  { seedWord, examples }: Group,
  { title, unit }: MetricComparison,
) {
  const { quantity: x, one } = cost.quantity(points.map((point) => point.cost))
  const y = metricQuantity(
    `test ${title}`,
    unit,
    points.map(({ value }) => value),
  )
  const drawn = points.map(({ variant, mean, ...point }) => {
    const lines = [
      `${x.name}: ${quantityText(x, point.cost / one)}`,
      ...resultLines(mean, y),
      overText([variant.seeds.length, seedWord], [examples, 'test example']),
      ...(front.has(point.name) ? ['on the Pareto front'] : []),
    ]
    return { ...point, cost: point.cost / one, tip: { heading: point.name, lines } }
  })
  return { x, y, points: drawn }
}
