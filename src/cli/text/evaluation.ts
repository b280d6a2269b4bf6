import type { EvaluatedRun } from '../../inference/evaluation/evaluate-run.js'
import { baselineSentences } from '../../report/analysis/evaluation/baseline.js'
import type { ClassTable, NoTable } from '../../report/analysis/evaluation/classes.js'
import type { EvaluationDetails } from '../../report/analysis/evaluation/details.js'
import { metricTitle } from '../../report/analysis/metrics.js'
import { counted } from '../../report/format/grammar.js'
import { mergedTexts } from '../../report/format/merged.js'
import { count } from '../../report/format/numbers.js'
import { measuredText } from '../../report/format/values.js'
import { metricResultText, resultFootnotes } from './metrics.js'
import { printable } from './printable.js'
import { table, widthOf } from './table.js'
import { type Colors, colorsFor } from './terminal.js'

const rowsShown = 12

/** An evaluation for a terminal: its metrics, the differences to the baseline, the classes, and where the page is. */
export function evaluationText(
  { record, baseline, counts }: EvaluatedRun,
  details: EvaluationDetails,
  page: string,
): string {
  const colors = colorsFor(process.stdout)
  const examples = record.testSet?.examples ?? 0
  const results = Object.entries(record.results.test)
  const notes = resultFootnotes(results.map(([name, result]) => ({ place: name, result })))
  const rows = results.map(([name, result]) => [metricTitle(name), metricResultText(name, result)])
  return [
    `${colors.bold(printable(record.label))} on ${counted(examples, 'example')} of ${printable((record.testSet?.files ?? []).join(', '))}`,
    table(rows, { others: 'left', width: widthOf(process.stdout) }),
    ...[...notes, ...countNotes(counts)].map((note) => colors.dim(printable(note))),
    ...(baseline === undefined ? [] : ['', ...baselineSentences(baseline, examples).map(printable)]),
    ...classLines('label', details.labels, colors),
    ...classLines('entity', details.entities, colors),
    '',
    `${colors.dim('report')}  ${printable(page)}`,
  ].join('\n')
}

/** What of the examples is left out, cut, merged or not known to the model. */
function countNotes({ dropped, cut, merged, unknownTokens }: EvaluatedRun['counts']): string[] {
  const noted = (of: Readonly<Record<string, number>>, what: string) =>
    Object.entries(of).map(([reason, times]) => `${what}: ${count(times)} (${reason})`)
  const ofMerged = merged === undefined ? [] : mergedTexts(merged).map((text) => `merged: ${text}`)
  return [...noted(dropped, 'left out'), ...noted(cut, 'cut'), ...ofMerged, ...noted(unknownTokens, 'unknown tokens')]
}

function classLines(what: string, classes: ClassTable | NoTable | undefined, colors: Colors): string[] {
  if (classes === undefined) return []
  if ('without' in classes) return ['', colors.dim(printable(classes.without))]
  if (classes.rows.length === 0) return []
  const { rows, micro, macro } = classes
  const shares = ({ precision, recall, f1 }: ClassTable['macro']) =>
    [precision, recall, f1].map((share) => measuredText(share, 'percent'))
  const head = [what, 'expected', 'precision', 'recall', 'F1'].map((cell) => colors.dim(cell))
  const shown = rows.slice(0, rowsShown)
  const lines = shown.map((row) => [{ text: printable(row.name) }, count(row.expected), ...shares(row)])
  const averages = [
    ['micro', count(micro.expected), ...shares(micro)],
    ['macro', '', ...shares(macro)],
  ]
  const more = rows.length - shown.length
  return [
    '',
    table([head, ...lines, ...averages], { width: widthOf(process.stdout), head: true }),
    ...(more > 0 ? [colors.dim(`${more} more in details.json`)] : []),
  ]
}
