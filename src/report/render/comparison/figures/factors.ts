import type { Group, MetricComparison } from '../../../analysis/comparison/types.js'
import { settingText } from '../../../analysis/comparison/variants.js'
import { orderedLevels } from '../../../format/order.js'
import { valueText } from '../../../format/values.js'
import { labelWidth, lineCount, lineHeight } from '../../charts/base/text-width.js'
import { heatmap } from '../../charts/heatmap.js'
import { shortPath } from '../tables.js'
import type { ComparisonFigure, View } from './types.js'

/** A grid over two factors, where a study varies exactly two. */
export function factorFigures(group: Group, main: MetricComparison, { prefix }: View): ComparisonFigure[] {
  const [first, second] = group.factors
  if (first === undefined || second === undefined || group.factors.length !== 2) return []
  const levels = (path: string) =>
    orderedLevels([...new Set(group.variants.map(({ settings }) => settingText(settings[path])))])
  const [rows, columns] = [levels(first), levels(second)]
  if (rows.length * columns.length > 2 * group.variants.length) return []
  const meanAt = (row: string, column: string) => {
    const cell = group.variants.find(
      ({ settings }) => settingText(settings[first]) === row && settingText(settings[second]) === column,
    )
    return main.values.find(({ variant }) => variant === cell?.id)?.mean.value ?? null
  }
  const values = rows.map((row) => columns.map((column) => meanAt(row, column)))
  const known = values.flat().filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  const { title, unit, better } = main
  const roomFor = (width: number) => {
    const names = Math.min(labelWidth(rows) + 10, Math.round(width * 0.35))
    return { names, column: (width - names - 8) / columns.length }
  }
  const heightAt = (width: number) =>
    60 + rows.length * 36 + lineHeight * (lineCount(columns, roomFor(width).column) - 1)
  return [
    {
      id: `${prefix}-factors`,
      title: `How do ${shortPath(first)} and ${shortPath(second)} interact in ${title}?`,
      note: `Test means; stronger colours are better. Rows: ${first}; columns: ${second}.`,
      alternative: rows
        .map(
          (row, at) =>
            `${row}: ${columns.map((column, inner) => `${column} ${values[at]?.[inner] === null ? 'none' : valueText(values[at]?.[inner] ?? 0, unit)}`).join(', ')}`,
        )
        .join('; '),
      heights: { wide: heightAt(540), narrow: heightAt(340) },
      option: ({ width }) =>
        heatmap({
          columns,
          rows,
          values,
          range: better === 'lower' ? [most, least] : [least, most],
          labelWidth: roomFor(width).names,
          columnWidth: roomFor(width).column,
          columnLines: lineCount(columns, roomFor(width).column),
          format: (value) => valueText(value, unit),
          columnName: shortPath(second),
        }),
      trigger: 'item',
      format: (value) => valueText(value, unit),
      table: {
        head: [first, ...columns],
        rows: rows.map((row, at) => [
          row,
          ...(values[at] ?? []).map((value) => (value === null ? '' : valueText(value, unit))),
        ]),
      },
    },
  ]
}
