import type { ListedReproduction } from '../../report/analysis/reproductions/known.js'
import { count } from '../../report/format/numbers.js'
import { valueWithUnit } from '../../report/format/values.js'
import { printable } from './printable.js'
import { table, widthOf } from './table.js'
import { colorsFor } from './terminal.js'

/** Every published figure with ours, as a table for a terminal. */
export function reproductionTable(listed: readonly ListedReproduction[], stream: NodeJS.WriteStream): string {
  const colors = colorsFor(stream)
  const head = ['study', 'figure', 'published', 'ours', 'status', 'minutes', 'measured'].map((cell) => colors.dim(cell))
  const rows = listed.flatMap((each) => figureRows(each))
  const about = '`seqlab reproduce STUDY` runs one of them'
  return `${table([head, ...rows], { width: widthOf(stream), head: true })}\n${colors.dim(about)}`
}

function figureRows({ name, published, record, own }: ListedReproduction): { text: string }[][] {
  const minutes = published.minutes === undefined ? '' : count(published.minutes)
  return published.figures.map((figure, at) => {
    const found = record?.figures[at]
    const unit = found?.unit ?? 'number'
    const ours = found?.ours ?? null
    const measured = record === undefined ? '' : `${record.date.slice(0, 10)}${own ? '' : ' (stored)'}`
    const what = figure.name === undefined ? figure.metric : `${figure.name}: ${figure.metric}`
    const cells = [
      name,
      what,
      found === undefined ? String(figure.value) : valueWithUnit(figure.value, unit),
      ours === null ? '' : valueWithUnit(ours, unit),
      found?.status ?? 'not run',
      minutes,
      measured,
    ]
    return cells.map((text) => ({ text: printable(text) }))
  })
}
