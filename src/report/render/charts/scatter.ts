import { type CostPoint, efficientFront } from '../../analysis/comparison/pareto.js'
import { colour } from '../page/colours.js'
import { across, textStyle, upwards } from './base/axes.js'
import { cutAt } from './base/text-width.js'
import type { ChartOption } from './base/types.js'

export interface ScatterParts {
  readonly points: readonly CostPoint[]
  readonly better: 'lower' | 'higher'
  readonly x: string
  readonly y: string
  readonly formatX: (value: number) => string
  readonly formatY: (value: number) => string
  /** Of the whole picture. */
  readonly width: number
}

const labelsAtMost = 8

const symbolSize = 10
const plot = { left: 56, right: 24 }

/** Cost against quality; the line joins what no other variant beats in both. */
export function costChart({ points, better, x, y, formatX, formatY, width }: ScatterParts): ChartOption {
  const front = efficientFront(points, better)
  const named = points.length <= labelsAtMost ? points : front
  const costs = points.map(({ cost }) => cost)
  const middle = (Math.min(...costs) + Math.max(...costs)) / 2
  return {
    textStyle,
    grid: { ...plot, top: 28, bottom: 44 },
    xAxis: across(x, { type: 'value', scale: true, axisLabel: { formatter: formatX } }),
    yAxis: upwards(y, formatY),
    series: [
      {
        type: 'line',
        name: 'efficient front',
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
        emphasis: { disabled: true },
        data: points.map((point) => ({
          name: point.name,
          value: [point.cost, point.value],
          label: named.includes(point) ? nameBeside(point, middle, width) : { show: false },
        })),
        labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
      },
    ],
  }
}

/** On the side that has more room, above the line of the front; what is longer than that is cut. */
function nameBeside({ name, cost }: CostPoint, middle: number, width: number) {
  const onRight = cost <= middle
  return {
    show: true,
    formatter: cutAt(name.replace(/[{}|]/g, ' '), (width - plot.left - plot.right) / 2 - 16, 1),
    position: [onRight ? symbolSize + 2 : -2, -3],
    align: onRight ? 'left' : 'right',
    verticalAlign: 'middle',
    color: colour('ink'),
    fontSize: 11,
  }
}
