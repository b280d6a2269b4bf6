import { isUndefined } from '../../../../core/measured.js'
import { byRank } from '../../../analysis/comparison/by-dev.js'
import type { Group, LengthCurve, MetricComparison } from '../../../analysis/comparison/types.js'
import { counted } from '../../../format/grammar.js'
import { count } from '../../../format/numbers.js'
import { metricQuantity } from '../../../format/quantity.js'
import { drawnResult, resultSentence } from '../../../format/values.js'
import { intervalChart } from '../../charts/intervals.js'
import { oneLengthText } from '../../lengths.js'
import { type Gap, gapNote, noChart } from './gaps.js'
import { overText, resultLines } from './tips.js'
import type { ComparisonFigure, View } from './types.js'
import { hasSeeds, labelOf, legendOf } from './variants.js'

type Drawn = LengthCurve['variants'][number]
type Value = Drawn['values'][number]

/** The main metric by source length. */
export function lengthFigure(group: Group, main: MetricComparison, lengths: LengthCurve, view: View): ComparisonFigure {
  const { prefix, shown } = view
  const { title, unit, better } = main
  const drawn = byRank(
    main,
    lengths.variants.filter(({ variant }) => shown.has(variant)),
  )
  const text = (value: Value | undefined) => (value === undefined ? '' : resultSentence(value, unit))
  const of = hasSeeds(group) ? `Averages over ${group.seedWord}s` : 'Single trained models'
  const known = drawn.flatMap(({ values }) => values.flatMap((value) => (isUndefined(value) ? [] : [value])))
  const gaps = gapsOf(group, lengths, drawn)
  return {
    id: `${prefix}-lengths`,
    title: `How does ${title} depend on the source length?`,
    note: `${title} by source length in tokens; ${better} is better. ${of} with 95 % intervals over the examples of each bin.${gapNote(gaps)}`,
    alternative: drawn
      .map(({ variant, values }) => {
        const byBin = values.map((value, at) => `${lengths.bins[at]}: ${text(value)}`)
        return `${labelOf(group, variant)}: ${byBin.join(', ')}`
      })
      .join('; '),
    heights: { wide: 320, narrow: 300 },
    instead: lengths.bins.length < 2 ? oneLengthText(lengths.bins[0] ?? '') : noChart(known.length, gaps),
    option: () => chartOf(group, main, view, lengths, drawn),
    legend: legendOf(group, view, drawn, 'dot'),
    trigger: 'axis',
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

function gapsOf(group: Group, { bins }: LengthCurve, drawn: readonly Drawn[]): Gap[] {
  return drawn.flatMap(({ variant, values }) =>
    values.flatMap((value, at) =>
      isUndefined(value) ? [{ name: `${labelOf(group, variant)} at ${bins[at]} tokens`, reason: value.reason }] : [],
    ),
  )
}

function chartOf(
  group: Group,
  main: MetricComparison,
  { colours }: View,
  { bins, examples }: LengthCurve,
  drawn: readonly Drawn[],
) {
  const { title, unit } = main
  const ends = drawn.flatMap(({ values }) =>
    values.flatMap((value) => (isUndefined(value) ? [] : Object.values(drawnResult(value)))),
  )
  const quantity = metricQuantity(title, unit, ends)
  const seriesOf = ({ variant, values }: Drawn) => {
    const series = { name: labelOf(group, variant), colourIndex: colours.get(variant) ?? 0, kind: 'dot' } as const
    const seeds = group.variants.find(({ id }) => id === variant)?.seeds.length ?? 0
    const tipOf = (value: Value, at: number) => ({
      heading: `${bins[at]} tokens, ${counted(examples[at] ?? 0, 'example')}`,
      series,
      lines: resultLines(value, quantity, overText([seeds, group.seedWord])),
    })
    const points = values.map((value, at) =>
      isUndefined(value) ? undefined : { ...drawnResult(value), tip: tipOf(value, at) },
    )
    return { ...series, values: points }
  }
  return intervalChart({ x: 'source length (tokens)', y: quantity, categories: bins, series: drawn.map(seriesOf) })
}
