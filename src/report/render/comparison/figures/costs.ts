import { type CostPoint, efficientFront } from '../../../analysis/comparison/pareto.js'
import type { Group, MetricComparison } from '../../../analysis/comparison/types.js'
import { bare, count, duration, plain, unitMark } from '../../../format/values.js'
import { costChart } from '../../charts/scatter.js'
import type { Picture, View } from './types.js'

/** Time and parameters against the main metric. */
export function costs(group: Group, main: MetricComparison, view: View): Picture[] {
  const points = (cost: (variant: Group['variants'][number]) => number | null) =>
    main.values.flatMap(({ variant, mean }): CostPoint[] => {
      const found = group.variants.find(({ id }) => id === variant)
      const known = found === undefined ? null : cost(found)
      return found === undefined || known === null ? [] : [{ name: found.label, cost: known, value: mean }]
    })
  return [
    ...cost(
      'time',
      'training time',
      points(({ trainMs }) => trainMs),
      duration,
      main,
      view,
    ),
    ...cost(
      'parameters',
      'parameters',
      points(({ parameters }) => parameters),
      count,
      main,
      view,
    ),
  ]
}

function cost(
  key: string,
  word: string,
  points: readonly CostPoint[],
  format: (value: number) => string,
  main: MetricComparison,
  { prefix }: View,
): Picture[] {
  if (new Set(points.map((point) => point.cost)).size < 2) return []
  const { title, unit, better } = main
  const front = new Set(efficientFront(points, better).map(({ name }) => name))
  return [
    {
      id: `${prefix}-cost-${key}`,
      title: `What does quality cost in ${word}?`,
      note: `Test means; the dashed line joins the variants that no other beats in both.`,
      alternative: points
        .map(
          ({ name, cost: at, value }) =>
            `${name}: ${format(at)}, ${bare(value, unit)}${front.has(name) ? ' (on the front)' : ''}`,
        )
        .join('; '),
      heights: { wide: 300, narrow: 280 },
      option: ({ width }) =>
        costChart({
          width,
          points,
          better,
          x: word,
          y: `${title}${unitMark(unit)}`,
          formatX: key === 'parameters' ? (value) => plain(value, 2) : timeTick,
          formatY: (value) => bare(value, unit),
        }),
      pointer: 'item',
      table: {
        head: ['variant', word, title, 'on the front'],
        rows: points.map(({ name, cost: at, value }) => [
          name,
          format(at),
          bare(value, unit),
          front.has(name) ? 'yes' : '',
        ]),
      },
    },
  ]
}

/** Finer than a duration in words: neighbouring ticks must differ. */
function timeTick(elapsedMs: number): string {
  if (elapsedMs < 1000) return `${plain(elapsedMs)} ms`
  return elapsedMs < 60_000 ? `${plain(elapsedMs / 1000)} s` : `${plain(elapsedMs / 60_000)} min`
}
