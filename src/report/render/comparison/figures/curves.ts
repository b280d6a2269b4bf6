import { copiesCurve } from '../../../../train/curve-names.js'
import { byRank } from '../../../analysis/comparison/by-dev.js'
import { type CurveMeasure, curveBetter, curveTitle, curveUnit } from '../../../analysis/comparison/curve-titles.js'
import type { Curve, Group, MetricComparison } from '../../../analysis/comparison/types.js'
import type { AxisName } from '../../../analysis/trial/axes.js'
import { capitalised, counted } from '../../../format/grammar.js'
import { count } from '../../../format/numbers.js'
import { metricQuantity, plainQuantity, type Quantity, quantityText } from '../../../format/quantity.js'
import { valueText } from '../../../format/values.js'
import { bandChart } from '../../charts/bands.js'
import type { Tip } from '../../charts/base/tip.js'
import { idPart } from '../../page/html.js'
import { gapNote, noChart } from './gaps.js'
import { axesOf, horizontalOf } from './step-axes.js'
import type { ComparisonFigure, View } from './types.js'
import { hasSeeds, labelOf, legendOf } from './variants.js'

/** One learning curve of all variants; none where no variant has one of that name. */
export function curveFigures(group: Group, name: string, main: MetricComparison, view: View): ComparisonFigure[] {
  const { prefix, shown } = view
  const named = group.curves.filter((curve) => curve.name === name)
  if (named.length === 0) return []
  const selected = byRank(
    main,
    named.filter(({ variant }) => shown.has(variant)),
  )
  const drawn = selected.filter(({ points }) => points.length > 0)
  const gaps = selected.flatMap(({ variant, reason }) =>
    reason === null ? [] : [{ name: labelOf(group, variant), reason }],
  )
  const curve = { name, loss: group.loss, metric: name === main.name ? main : undefined }
  const [unit, better] = [curveUnit(curve), curveBetter(curve)]
  const last = (points: Curve['points']) => points.at(-1) ?? [0, 0, 0, 0]
  return [
    {
      id: `${prefix}-curve-${idPart(name)}`,
      title: `How does the ${curveTitle(curve)} develop?`,
      note: `${whatIsShown(group, drawn)}${better === undefined ? '' : ` ${capitalised(better)} is better.`}${gapNote(gaps)}`,
      alternative: drawn
        .map(({ variant, points }) => {
          const [step, mean] = last(points)
          return `${labelOf(group, variant)} ends at ${valueText(mean, unit)} at step ${count(step)}`
        })
        .join('; '),
      heights: { wide: 300, narrow: 280 },
      instead: noChart(drawn.length, gaps),
      option: ({ width, log = false, axis = 'step' }) => chartOf(group, view, curve, drawn, { width, log, axis }),
      curves: {
        canBeLog: drawn.every(({ points }) => points.every(([, , low]) => low > 0)),
        axes: axesOf(group),
      },
      legend: legendOf(group, view, drawn, 'line'),
      trigger: 'axis',
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

function whatIsShown(group: Group, drawn: readonly Curve[]): string {
  const seeds = `${group.seedWord}s`
  const of = hasSeeds(group)
    ? `Means over ${seeds} with the range from the lowest to the highest.`
    : 'Single trained models.'
  const window = Math.max(1, ...drawn.map((curve) => curve.window))
  if (window === 1) return of
  return `${of} Each point stands for up to ${window} recorded ones: their mean, and the range from the lowest to the highest of them.`
}

function chartOf(
  group: Group,
  { colours }: View,
  curve: CurveMeasure,
  drawn: readonly Curve[],
  { axis, ...shape }: { readonly width: number; readonly log: boolean; readonly axis: AxisName },
) {
  const y = quantityOf(
    curve,
    drawn.flatMap(({ points }) => points.flatMap(([, ...values]) => values)),
  )
  const x = horizontalOf(group, axis, drawn)
  const seriesOf = ({ variant, points, window }: Curve) => {
    const place = (step: number) => x.place(variant, step)
    const series = { name: labelOf(group, variant), colourIndex: colours.get(variant) ?? 0, kind: 'line' } as const
    const seeds = group.variants.find(({ id }) => id === variant)?.seeds.length ?? 0
    const over = { seeds: counted(seeds, group.seedWord), window }
    const heading = ([step]: Curve['points'][number]) =>
      axis === 'step' ? `step ${count(step)}` : `${quantityText(x.quantity, place(step))} (step ${count(step)})`
    return {
      ...series,
      points: points.map(([step, ...values]) => [place(step), ...values] as const),
      tips: points.map((point) => ({ ...tipOf(point, y, over), heading: heading(point), series })),
    }
  }
  return bandChart({ ...shape, x: x.quantity, y, series: drawn.map(seriesOf) })
}

interface Over {
  readonly seeds: string
  readonly window: number
}

/** `0.312 nats (0.305 to 0.320, lowest to highest of 3 seeds)`. */
function tipOf([, mean, low, high]: Curve['points'][number], y: Quantity, { seeds, window }: Over): Pick<Tip, 'lines'> {
  const points = window > 1 ? `, up to ${window} points` : ''
  const value = quantityText(y, mean)
  const range = low === high ? seeds : `${y.text(low)} to ${quantityText(y, high)}, lowest to highest of ${seeds}`
  return { lines: [`${value} (${range}${points})`] }
}

function quantityOf(curve: CurveMeasure, drawn: readonly number[]): Quantity {
  const { name, metric, loss } = curve
  if (metric !== undefined) return metricQuantity(metric.title, metric.unit, drawn)
  const title = name === copiesCurve ? 'distance' : loss.label
  return plainQuantity(curveTitle(curve), curveUnit(curve), drawn, title)
}
