import { isUndefined } from '../../../../core/measured.js'
import type { Group, MetricComparison, MetricValues, Variant } from '../../../analysis/comparison/types.js'
import { settingText } from '../../../analysis/comparison/variants.js'
import { orderedLevels } from '../../../format/order.js'
import { metricQuantity } from '../../../format/quantity.js'
import { undefinedText } from '../../../format/values.js'
import { labelWidth, lineCount, lineHeight } from '../../charts/base/text-width.js'
import { heatmap } from '../../charts/heatmap.js'
import { shortPath } from '../tables.js'
import { noChart } from './gaps.js'
import { overText, resultLines } from './tips.js'
import type { ComparisonFigure, View } from './types.js'

interface Cell {
  readonly variant: Variant
  readonly mean: MetricValues['mean']
}

/** A grid over two factors, where a study varies exactly two; of the variants that match alone, with their levels alone. */
export function factorFigures(group: Group, main: MetricComparison, { prefix, matching }: View): ComparisonFigure[] {
  const [first, second] = group.factors
  if (first === undefined || second === undefined || group.factors.length !== 2) return []
  if (levelsIn(group.variants, first).length * levelsIn(group.variants, second).length > 2 * group.variants.length)
    return []
  const variants = group.variants.filter(({ id }) => matching.has(id))
  const [rows, columns] = [levelsIn(variants, first), levelsIn(variants, second)]
  const cells = rows.map((row) => columns.map((column) => cellAt(variants, main, { [first]: row, [second]: column })))
  const values = cells.map((row) => row.map((cell) => cell?.mean.value ?? null))
  const known = values.flat().filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  const { title, unit, better } = main
  const quantity = metricQuantity(`test ${title}`, unit, known)
  const text = (row: number, column: number) => {
    const value = values[row]?.[column] ?? null
    if (value !== null) return quantity.text(value)
    return cells[row]?.[column] === undefined ? 'none' : undefinedText
  }
  const gaps = cells
    .flat()
    .flatMap((cell) =>
      cell !== undefined && isUndefined(cell.mean) ? [{ name: cell.variant.label, reason: cell.mean.reason }] : [],
    )
  const roomFor = (width: number) => {
    const names = Math.min(labelWidth(rows) + 10, Math.round(width * 0.35))
    return { names, column: (width - names - 8) / columns.length }
  }
  const heightAt = (width: number) =>
    60 + rows.length * 36 + lineHeight * (lineCount(columns, roomFor(width).column - 4) - 1)
  const tip = (row: number, column: number) => {
    const cell = cells[row]?.[column]
    const lines = [
      `${second}: ${columns[column]}`,
      ...(cell === undefined ? [] : resultLines(cell.mean, quantity)),
      overText([cell?.variant.seeds.length ?? 0, group.seedWord], [group.examples, 'test example']),
    ]
    return { heading: `${first}: ${rows[row]}`, lines }
  }
  return [
    {
      id: `${prefix}-factors`,
      title: `How do ${shortPath(first)} and ${shortPath(second)} interact in ${title}?`,
      note: `Test means${quantity.unit === '' ? '' : ` in${quantity.unit}`}; stronger colours are better. Rows: ${first}; columns: ${second}.`,
      alternative: rows
        .map((row, at) => `${row}: ${columns.map((column, inner) => `${column} ${text(at, inner)}`).join(', ')}`)
        .join('; '),
      heights: { wide: heightAt(540), narrow: heightAt(340) },
      heightAt,
      instead: noChart(known.length, gaps),
      option: ({ width }) =>
        heatmap({
          columns,
          rows,
          values,
          range: better === 'lower' ? [most, least] : [least, most],
          labelWidth: roomFor(width).names,
          columnWidth: roomFor(width).column,
          columnLines: lineCount(columns, roomFor(width).column - 4),
          format: quantity.text,
          columnName: shortPath(second),
          tip,
        }),
      trigger: 'item',
      table: {
        head: [first, ...columns],
        rows: rows.map((row, at) => [row, ...columns.map((_, inner) => text(at, inner))]),
      },
    },
  ]
}

function levelsIn(variants: readonly Variant[], path: string): string[] {
  return orderedLevels([...new Set(variants.map(({ settings }) => settingText(settings[path])))])
}

function cellAt(
  variants: readonly Variant[],
  main: MetricComparison,
  levels: Readonly<Record<string, string>>,
): Cell | undefined {
  const variant = variants.find(({ settings }) =>
    Object.entries(levels).every(([path, level]) => settingText(settings[path]) === level),
  )
  const values = main.values.find((one) => one.variant === variant?.id)
  return variant === undefined || values === undefined ? undefined : { variant, mean: values.mean }
}
