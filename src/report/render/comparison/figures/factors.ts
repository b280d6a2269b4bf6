import type { Group, MetricComparison } from '../../../analysis/comparison/types.js'
import { brief } from '../../../analysis/comparison/variants.js'
import { bare } from '../../../format/values.js'
import { labelRoom, lineHeight, linesAt } from '../../charts/base/text-width.js'
import { heatmap } from '../../charts/heatmap.js'
import { shortPath } from '../tables.js'
import type { Picture, View } from './types.js'

/** A grid over two factors, where a study varies exactly two. */
export function twoFactors(group: Group, main: MetricComparison, { prefix }: View): Picture[] {
  const [first, second] = group.factors
  if (first === undefined || second === undefined || group.factors.length !== 2) return []
  const levels = (path: string) => [...new Set(group.variants.map(({ settings }) => brief(settings[path])))]
  const [rows, columns] = [levels(first), levels(second)]
  if (rows.length * columns.length > 2 * group.variants.length) return []
  const meanAt = (row: string, column: string) => {
    const found = group.variants.find(
      ({ settings }) => brief(settings[first]) === row && brief(settings[second]) === column,
    )
    return main.values.find(({ variant }) => variant === found?.id)?.mean ?? null
  }
  const values = rows.map((row) => columns.map((column) => meanAt(row, column)))
  const known = values.flat().filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  const { title, unit, better } = main
  const roomFor = (width: number) => {
    const names = Math.min(labelRoom(rows) + 10, Math.round(width * 0.35))
    return { names, column: (width - names - 8) / columns.length }
  }
  const heightAt = (width: number) => 60 + rows.length * 36 + lineHeight * (linesAt(columns, roomFor(width).column) - 1)
  return [
    {
      id: `${prefix}-factors`,
      title: `How do ${shortPath(first)} and ${shortPath(second)} act together on ${title}?`,
      note: `Test means; the stronger the colour, the better. Rows: ${first}; columns: ${second}.`,
      alternative: rows
        .map(
          (row, at) =>
            `${row}: ${columns.map((column, inner) => `${column} ${values[at]?.[inner] === null ? 'none' : bare(values[at]?.[inner] ?? 0, unit)}`).join(', ')}`,
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
          columnLines: linesAt(columns, roomFor(width).column),
          format: (value) => bare(value, unit),
          columnName: shortPath(second),
        }),
      pointer: 'item',
      table: {
        head: [first, ...columns],
        rows: rows.map((row, at) => [
          row,
          ...(values[at] ?? []).map((value) => (value === null ? '' : bare(value, unit))),
        ]),
      },
    },
  ]
}
