import type { Group, MetricComparison } from '../../../analysis/comparison/types.js'
import { unitSuffix, valueText, valueWithInterval, valueWithUnit } from '../../../format/values.js'
import { labelWidth, lineCount } from '../../charts/base/text-width.js'
import { dotPlot } from '../../charts/dots.js'
import type { ComparisonFigure, View } from './types.js'
import { byDev, hasSeeds, labelOf } from './variants.js'

const rowsAtMost = 30

/** Test values of the variants with intervals and seeds. */
export function testFigure(group: Group, main: MetricComparison, { prefix }: View): ComparisonFigure {
  const { title, unit, better } = main
  const rows = byDev(main)
    .slice(0, rowsAtMost)
    .map(({ variant, mean, low, high, perSeed }) => ({
      name: labelOf(group, variant),
      value: mean,
      low,
      high,
      perSeed,
    }))
  const more = main.values.length > rows.length ? ` The best ${rows.length} of ${main.values.length} on dev.` : ''
  const names = rows.map(({ name }) => name)
  const roomFor = (width: number) => Math.round(Math.min(labelWidth(names) + 10, width * 0.4))
  const heightAt = (width: number) => 60 + rows.length * (12 + 14 * lineCount(names, roomFor(width) - 12))
  return {
    id: `${prefix}-dots`,
    title: `Which variant has the ${better === 'lower' ? 'lowest' : 'highest'} ${title}?`,
    note: `${whatIsShown(group)} Ordered by dev value.${more}`,
    alternative: rows.map((row) => `${row.name}: ${valueWithInterval(row, unit)}`).join('; '),
    heights: { wide: heightAt(540), narrow: heightAt(340) },
    option: ({ width }) =>
      dotPlot(rows, `test ${title}${unitSuffix(unit)}`, (value) => valueText(value, unit), roomFor(width)),
    trigger: 'item',
    format: (value) => valueWithUnit(value, unit),
    table: {
      head: ['variant', `test ${title} (95 % interval)`, `${group.seedWord}s`],
      rows: rows.map((row) => [
        row.name,
        valueWithInterval(row, unit),
        row.perSeed.map((value) => valueText(value, unit)).join(', '),
      ]),
    },
  }
}

function whatIsShown(group: Group): string {
  const seeds = `${group.seedWord}s`
  return hasSeeds(group)
    ? `Test means with uncorrected 95 % intervals over new ${seeds} and examples; rings are single ${seeds}.`
    : 'Test values of single trained models with uncorrected 95 % intervals over new examples only.'
}
