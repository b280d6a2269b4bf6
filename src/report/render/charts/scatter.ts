import type { ScatterSeriesOption } from 'echarts/charts'
import { type CostPoint, paretoFront } from '../../analysis/comparison/pareto.js'
import type { Quantity } from '../../format/quantity.js'
import { colour } from '../page/colours.js'
import { textStyle, xValues, yValues } from './base/axes.js'
import { lineHeight, wrapped } from './base/text-width.js'
import { type Tip, tipped } from './base/tip.js'
import type { ChartOption } from './base/types.js'

interface DrawnCost extends CostPoint {
  readonly tip?: Tip
}

interface ScatterParts {
  readonly points: readonly DrawnCost[]
  readonly better: 'lower' | 'higher'
  readonly x: Quantity
  readonly y: Quantity
  /** Of the whole chart. */
  readonly width: number
}

const labelsAtMost = 8

const symbolSize = 10
const plot = { left: 56, right: 24 }

/** Cost against quality with the Pareto front. */
export function costChart({ points, better, x, y, width }: ScatterParts): ChartOption {
  const front = paretoFront(points, better)
  const named = points.length <= labelsAtMost ? points : front
  const costs = points.map(({ cost }) => cost)
  const middle = { cost: middleOf(costs), value: middleOf(points.map(({ value }) => value)) }
  return {
    textStyle,
    grid: { ...plot, top: 28, bottom: 44 },
    xAxis: xValues(x, costs, { width: width - plot.left - plot.right }),
    yAxis: yValues(y),
    series: [
      {
        type: 'line',
        name: 'Pareto front',
        silent: true,
        showSymbol: false,
        step: 'end',
        lineStyle: { color: colour('s2'), type: 'dashed', width: 2 },
        data: front.map(({ cost, value }) => [cost, value]),
      },
      {
        type: 'scatter',
        name: 'variants',
        symbolSize,
        itemStyle: { color: colour('s1') },
        data: points.map((point) => ({
          ...tipped([point.cost, point.value], point.tip),
          name: point.name,
          label: named.includes(point) ? pointLabel(point, middle, width) : { show: false },
        })),
        labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
      },
    ],
  }
}

function middleOf(values: readonly number[]): number {
  return (Math.min(...values) + Math.max(...values)) / 2
}

/** On the side with more room, above the line of the front, in two lines where that is needed; truncated where it is longer. */
function pointLabel(
  { name, cost, value }: CostPoint,
  middle: { readonly cost: number; readonly value: number },
  width: number,
): NonNullable<ScatterSeriesOption['label']> {
  const onRight = cost <= middle.cost
  const isLow = value <= middle.value
  const room = (width - plot.left - plot.right) / 2 - 16
  return {
    show: true,
    formatter: wrapped(name.replace(/[{}|]/g, ' '), room, 2),
    lineHeight,
    // Two lines of a low point must not reach the labels of the axis.
    position: [onRight ? symbolSize + 2 : -2, isLow ? symbolSize - 3 : -3],
    align: onRight ? 'left' : 'right',
    verticalAlign: isLow ? 'bottom' : 'middle',
    color: colour('ink'),
    fontSize: 11,
  }
}
