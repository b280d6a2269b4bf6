import { isNumber, isUndefined } from '../../../../core/measured.js'
import type { Group, MetricComparison } from '../../../analysis/comparison/types.js'
import {
  drawnResult,
  resultSentence,
  undefinedText,
  unitSuffix,
  valueText,
  valueWithUnit,
} from '../../../format/values.js'
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
    .map(({ variant, mean, perSeed }) => ({ name: labelOf(group, variant), mean, perSeed }))
  const drawn = rows.flatMap(({ name, mean, perSeed }) =>
    isUndefined(mean) ? [] : [{ name, ...drawnResult(mean), perSeed: perSeed.filter(isNumber) }],
  )
  const more = main.values.length > rows.length ? ` The best ${rows.length} of ${main.values.length} on dev.` : ''
  const names = drawn.map(({ name }) => name)
  const roomFor = (width: number) => Math.round(Math.min(labelWidth(names) + 10, width * 0.4))
  const heightAt = (width: number) => 60 + drawn.length * (12 + 14 * lineCount(names, roomFor(width) - 12))
  return {
    id: `${prefix}-dots`,
    title: `Which variant has the ${better === 'lower' ? 'lowest' : 'highest'} ${title}?`,
    note: `${whatIsShown(group)} Ordered by dev value.${more}`,
    alternative: rows.map(({ name, mean }) => `${name}: ${resultSentence(mean, unit)}`).join('; '),
    heights: { wide: heightAt(540), narrow: heightAt(340) },
    option: ({ width }) =>
      dotPlot(drawn, `test ${title}${unitSuffix(unit)}`, (value) => valueText(value, unit), roomFor(width)),
    trigger: 'item',
    format: (value) => valueWithUnit(value, unit),
    table: {
      head: ['variant', `test ${title} (95 % interval)`, `${group.seedWord}s`],
      rows: rows.map((row) => [
        row.name,
        resultSentence(row.mean, unit),
        row.perSeed.map((value) => (isNumber(value) ? valueText(value, unit) : undefinedText)).join(', '),
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
