import { copiesCurve } from '../../../../train/curve-names.js'
import { curveBetter, curveTitle, curveUnit } from '../../../analysis/comparison/curve-titles.js'
import type { Group, LengthCurve, MetricComparison } from '../../../analysis/comparison/types.js'
import { bare, count, plain, unitMark } from '../../../format/values.js'
import { bandChart } from '../../charts/bands.js'
import { labelRoom, linesAt } from '../../charts/base/text-width.js'
import { dotPlot } from '../../charts/dots.js'
import { intervalChart } from '../../charts/intervals.js'
import { costs } from './costs.js'
import { twoFactors } from './factors.js'
import type { Picture, View } from './types.js'
import { byDev, byRank, hasSeeds, intervalText, labelOf, legendOf, placeOf } from './variants.js'

// Pure functions of a group's data, so that the page draws the same pictures live that were drawn as SVG when it was made.

const shownAtFirst = 8
const rowsAtMost = 30

/** Which variants are drawn before anybody chooses: the best on dev by the main metric. */
export function firstShown(group: Group): Set<string> {
  const main = group.metrics[0]
  if (main === undefined) return new Set()
  return new Set(
    byDev(main)
      .slice(0, shownAtFirst)
      .map(({ variant }) => variant),
  )
}

/** All pictures of a group that its data allow. */
export function pictures(group: Group, view: View): Picture[] {
  const main = group.metrics[0]
  if (main === undefined) return []
  return [
    dots(group, main, view),
    ...twoFactors(group, main, view),
    ...group.lengths.map((lengths) => byLength(group, main, lengths, view)),
    ...[main.name, 'validation-loss', 'training-loss', copiesCurve].flatMap((name) => curves(group, name, main, view)),
    ...costs(group, main, view),
  ]
}

function dots(group: Group, main: MetricComparison, { prefix }: View): Picture {
  const { title, unit, better } = main
  const rows = byDev(main)
    .slice(0, rowsAtMost)
    .map(({ variant, mean, low, high, perSeed }) => ({
      name: labelOf(group, variant),
      value: mean,
      low,
      high,
      singles: perSeed,
    }))
  const more = main.values.length > rows.length ? ` The best ${rows.length} of ${main.values.length} on dev.` : ''
  const names = rows.map(({ name }) => name)
  const labelWidth = (width: number) => Math.round(Math.min(labelRoom(names) + 10, width * 0.4))
  const heightAt = (width: number) => 60 + rows.length * (12 + 14 * linesAt(names, labelWidth(width) - 12))
  return {
    id: `${prefix}-dots`,
    title: `Which variant has the ${better === 'lower' ? 'lowest' : 'highest'} ${title}?`,
    note: `${hasSeeds(group) ? `Test means with uncorrected 95 % intervals over new ${group.seedWord}s and examples; rings are ${group.seedWord}s.` : 'Test values of single trained models with uncorrected 95 % intervals over new examples alone.'} In the order of dev.${more}`,
    alternative: rows
      .map(({ name, value, low, high }) => `${name}: ${intervalText(value, low, high, unit)}`)
      .join('; '),
    heights: { wide: heightAt(540), narrow: heightAt(340) },
    option: ({ width }) =>
      dotPlot(rows, `test ${title}${unitMark(unit)}`, (value) => bare(value, unit), labelWidth(width)),
    pointer: 'item',
    table: {
      head: ['variant', `test ${title} (95 % interval)`, 'seeds'],
      rows: rows.map(({ name, value, low, high, singles }) => [
        name,
        intervalText(value, low, high, unit),
        singles.map((one) => bare(one, unit)).join(', '),
      ]),
    },
  }
}

function byLength(group: Group, main: MetricComparison, lengths: LengthCurve, { prefix, shown }: View): Picture {
  const { title, unit, better } = main
  const drawn = byRank(
    main,
    lengths.variants.filter(({ variant }) => shown.has(variant)),
  )
  const text = (value: { value: number; low: number; high: number } | null | undefined) =>
    value === null || value === undefined ? '' : intervalText(value.value, value.low, value.high, unit)
  return {
    id: `${prefix}-lengths`,
    title: `Which variant suffers on long inputs?`,
    note: `${title} by source length in tokens; ${better} is better. ${hasSeeds(group) ? `Averages over ${group.seedWord}s` : 'Single trained models'} with 95 % intervals over the examples of each bin.`,
    alternative: drawn
      .map(
        ({ variant, values }) =>
          `${labelOf(group, variant)}: ${values.map((value, at) => `${lengths.bins[at]}: ${text(value)}`).join(', ')}`,
      )
      .join('; '),
    heights: { wide: 320, narrow: 300 },
    option: () =>
      intervalChart({
        x: 'source length (tokens)',
        y: `${title}${unitMark(unit)}`,
        categories: lengths.bins,
        series: drawn.map(({ variant, values }) => ({
          name: labelOf(group, variant),
          place: placeOf(main, variant),
          values: values.map((value) => value ?? undefined),
        })),
        formatY: (value) => bare(value, unit),
      }),
    legend: legendOf(group, main, drawn, 'dot'),
    pointer: 'axis',
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

function curves(group: Group, name: string, main: MetricComparison, { prefix, shown }: View): Picture[] {
  const curvesShown = group.curves.filter((curve) => curve.name === name && shown.has(curve.variant))
  const drawn = byRank(
    main,
    curvesShown.filter(({ points }) => points.length > 0),
  )
  if (drawn.length === 0) return []
  const curve = { name, metric: name === main.name ? main : undefined }
  const [unit, better] = [curveUnit(curve), curveBetter(curve)]
  const last = (points: (typeof drawn)[number]['points']) => points.at(-1) ?? [0, 0, 0, 0]
  return [
    {
      id: `${prefix}-curve-${name}`,
      title: `How does the ${curveTitle(curve)} develop?`,
      note: `${hasSeeds(group) ? `Means over ${group.seedWord}s with a band from the lowest to the highest` : 'Single trained models'}.${better === undefined ? '' : ` ${better === 'lower' ? 'Lower' : 'Higher'} is better.`}`,
      alternative: drawn
        .map(
          ({ variant, points }) =>
            `${labelOf(group, variant)} ends at ${bare(last(points)[1], unit)} at step ${count(last(points)[0])}`,
        )
        .join('; '),
      heights: { wide: 300, narrow: 280 },
      option: () =>
        bandChart({
          x: 'step',
          y: curve.metric === undefined ? plainAxis(name) : `${main.title}${unitMark(unit)}`,
          series: drawn.map(({ variant, points }) => ({
            name: labelOf(group, variant),
            place: placeOf(main, variant),
            points,
          })),
          formatY: (value) => (curve.metric === undefined ? plain(value) : bare(value, unit)),
        }),
      legend: legendOf(group, main, drawn, 'line'),
      pointer: 'axis',
      table: {
        head: ['variant', 'last step', 'mean', 'lowest', 'highest'],
        rows: drawn.map(({ variant, points }) => {
          const [step, ...values] = last(points)
          return [labelOf(group, variant), count(step), ...values.map((value) => bare(value, unit))]
        }),
      },
    },
  ]
}

function plainAxis(name: string): string {
  return name === copiesCurve ? 'distance' : 'nats a token'
}
