import { isNumber, isUndefined } from '../../../../core/measured.js'
import type { Effect, Group, MetricComparison } from '../../../analysis/comparison/types.js'
import { orderedLevels } from '../../../format/order.js'
import { metricQuantity } from '../../../format/quantity.js'
import { drawnResult, resultSentence } from '../../../format/values.js'
import { labelWidth, lineCount } from '../../charts/base/text-width.js'
import { dotPlot, nameLines, rowGap } from '../../charts/dots.js'
import { shortPath } from '../tables.js'
import { gapNote, noChart } from './gaps.js'
import { overText, resultLines } from './tips.js'
import type { ComparisonFigure, View } from './types.js'

interface LevelRow {
  readonly name: string
  readonly values: MetricComparison['values'][number]
  readonly seedWord: string
}

/** Levels of a factor with their values, numeric ones by size. */
export function levelRows({ path, levels, metric, seedWord }: Effect): LevelRow[] {
  const order = orderedLevels(levels.map(({ level }) => level))
  return levels
    .toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
    .flatMap(({ id, level }) => {
      const values = metric.values.find(({ variant }) => variant === id)
      return values === undefined ? [] : [{ name: `${shortPath(path)} = ${level}`, values, seedWord }]
    })
}

/** All levels of all factors on one scale, so that the size of the effects can be compared; none without several factors. */
export function effectFigures(group: Group, main: MetricComparison, { prefix }: View): ComparisonFigure[] {
  if (group.effects.length === 0) return []
  const { title, unit } = main
  const rows = group.effects.flatMap(levelRows)
  const known = rows.flatMap((row) =>
    isUndefined(row.values.mean) ? [] : [{ ...row, drawn: drawnResult(row.values.mean) }],
  )
  const quantity = metricQuantity(
    `test ${title}`,
    unit,
    known.flatMap(({ drawn }) => [drawn.value, drawn.low, drawn.high]),
  )
  const gaps = rows.flatMap(({ name, values: { mean } }) => (isUndefined(mean) ? [{ name, reason: mean.reason }] : []))
  const dots = known.map(({ name, values, seedWord, drawn }) => ({
    name,
    ...drawn,
    perSeed: values.perSeed.filter(isNumber),
    tip: {
      heading: name,
      lines: [...resultLines(values.mean, quantity), overText([values.seeds.length, seedWord])],
    },
  }))
  const names = dots.map(({ name }) => name)
  const roomFor = (width: number) => Math.round(Math.min(labelWidth(names) + 10, width * 0.4))
  const heightAt = (width: number) =>
    60 + dots.length * (rowGap(dots.length) + 14 * lineCount(names, roomFor(width) - 12, nameLines))
  return [
    {
      id: `${prefix}-effects`,
      title: `Which factor matters most for ${title}?`,
      note: `Means over the other settings with uncorrected 95 % intervals.${gapNote(gaps)}`,
      alternative: rows.map(({ name, values }) => `${name}: ${resultSentence(values.mean, unit)}`).join('; '),
      heights: { wide: heightAt(540), narrow: heightAt(340) },
      heightAt,
      instead: noChart(dots.length, gaps),
      option: ({ width }) => dotPlot(dots, quantity, { width, labelWidth: roomFor(width) }),
      trigger: 'item',
      table: {
        head: ['level', `test ${title} (95 % interval)`],
        rows: rows.map(({ name, values }) => [name, resultSentence(values.mean, unit)]),
      },
    },
  ]
}
