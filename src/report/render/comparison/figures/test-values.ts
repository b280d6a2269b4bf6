import { isNumber, isUndefined } from '../../../../core/measured.js'
import { byDev } from '../../../analysis/comparison/by-dev.js'
import type { Group, MetricComparison, MetricValues } from '../../../analysis/comparison/types.js'
import { metricQuantity, type Quantity, quantityText } from '../../../format/quantity.js'
import { drawnResult, resultSentence, undefinedText, valueText } from '../../../format/values.js'
import { labelWidth, lineCount } from '../../charts/base/text-width.js'
import type { Tip } from '../../charts/base/tip.js'
import { dotPlot, nameLines, rowGap } from '../../charts/dots.js'
import { gapNote, noChart } from './gaps.js'
import { overText, resultLines } from './tips.js'
import type { ComparisonFigure, View } from './types.js'
import { hasSeeds, labelOf } from './variants.js'

const rowsAtMost = 40

/** Test values of the variants with intervals and seeds. */
export function testFigure(group: Group, main: MetricComparison, { prefix, matching }: View): ComparisonFigure {
  const { title, unit, better } = main
  const of = byDev(main).filter(({ variant }) => matching.has(variant))
  const rows = of.slice(0, rowsAtMost).map((values) => ({ ...values, name: labelOf(group, values.variant) }))
  const { drawn, quantity } = dotsOf(rows, main, group)
  const gaps = rows.flatMap(({ name, mean }) => (isUndefined(mean) ? [{ name, reason: mean.reason }] : []))
  const more = of.length > rows.length ? ` The best ${rows.length} of ${of.length} on dev.` : ''
  const names = drawn.map(({ name }) => name)
  const roomFor = (width: number) => Math.round(Math.min(labelWidth(names) + 10, width * 0.4))
  const heightAt = (width: number) =>
    60 + drawn.length * (rowGap(drawn.length) + 14 * lineCount(names, roomFor(width) - 12, nameLines))
  return {
    id: `${prefix}-dots`,
    title: `Which variant has the ${better === 'lower' ? 'lowest' : 'highest'} ${title}?`,
    note: `${whatIsShown(group)} Ordered by dev value.${more}${gapNote(gaps)}`,
    alternative: rows.map(({ name, mean }) => `${name}: ${resultSentence(mean, unit)}`).join('; '),
    heights: { wide: heightAt(540), narrow: heightAt(340) },
    heightAt,
    instead: noChart(drawn.length, gaps),
    option: ({ width }) => dotPlot(drawn, quantity, { width, labelWidth: roomFor(width) }),
    trigger: 'item',
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

type NamedValues = MetricValues & { readonly name: string }

function dotsOf(rows: readonly NamedValues[], { title, unit }: MetricComparison, group: Group) {
  const known = rows.flatMap((row) => {
    const { name, mean, perSeed } = row
    return isUndefined(mean) ? [] : [{ row, dot: { name, ...drawnResult(mean), perSeed: perSeed.filter(isNumber) } }]
  })
  const ends = known.flatMap(({ dot: { value, low, high, perSeed } }) => [value, low, high, ...perSeed])
  const quantity = metricQuantity(`test ${title}`, unit, ends)
  return { quantity, drawn: known.map(({ row, dot }) => ({ ...dot, tip: tipOf(row, quantity, group) })) }
}

/** The value with its interval, and the values of the seeds. */
function tipOf({ name, mean, perSeed, seeds }: NamedValues, quantity: Quantity, group: Group): Tip {
  const bySeed = perSeed.map((value, at) => {
    const text = isNumber(value) ? quantityText(quantity, value) : undefinedText
    return `${group.seedWord} ${seeds[at]}: ${text}`
  })
  const over = overText([seeds.length, group.seedWord], [group.examples, 'test example'])
  return { heading: name, lines: [...resultLines(mean, quantity), over, ...(bySeed.length > 1 ? bySeed : [])] }
}

function whatIsShown(group: Group): string {
  const seeds = `${group.seedWord}s`
  return hasSeeds(group)
    ? `Test means with uncorrected 95 % intervals over new ${seeds} and examples; rings are single ${seeds}.`
    : 'Test values of single trained models with uncorrected 95 % intervals over new examples only.'
}
