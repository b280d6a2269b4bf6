import { basename } from 'node:path'
import { counted, listed } from '../../report/format/grammar.js'
import type { DetailedRun, EvaluationRecord } from '../../store/index.js'
import { printable } from './printable.js'
import { mainMetric, metricCell, missingText, resultCell, runJson, statusText, testSetText } from './runs.js'
import { type Cell, table, widthOf } from './table.js'
import { type Colors, colorsFor } from './terminal.js'

/** A line of JSON for each trial, with the results of every evaluation. */
export function studyLines(runs: readonly DetailedRun[]): string {
  return runs.map((run) => `${JSON.stringify(studyJson(run))}\n`).join('')
}

function studyJson({ evaluations, evaluationProblems, ...run }: DetailedRun): object {
  const problems = evaluationProblems.length === 0 ? {} : { evaluationProblems }
  const made = evaluations.map(({ name, id, label, decode, metrics, results }) => {
    return { name, id, label, decode, metrics, results }
  })
  return { ...runJson(run), evaluations: made, ...problems }
}

/** A study for a terminal: a row for each trial and for each further evaluation of it, and what is missing. */
export function studyText(directory: string, runs: readonly DetailedRun[]): string {
  const colors = colorsFor(process.stdout)
  const trials = runs.filter((run) => run.directory !== run.study)
  const digits = leastDigits(trials.map(idOf))
  const head = ['trial', 'variant', 'seed', 'status', 'main metric (95 %)'].map((cell) => colors.dim(cell))
  const rows = trials.flatMap((run) => trialRows(run, idOf(run).slice(0, digits), colors))
  const problems = runs.filter((run) => run.directory === run.study).map(({ problem = '' }) => printable(problem))
  return [
    ...problems.map((problem) => colors.red(problem)),
    ...(trials.length === 0 ? [] : [table([head, ...rows], { width: widthOf(process.stdout), head: true })]),
    `${printable(directory)}: ${totals(trials)}`,
  ].join('\n')
}

function trialRows(run: DetailedRun, id: string, colors: Colors): Cell[][] {
  const { label, seed, status, record, evaluations, evaluationProblems, missingEvaluations, ownEvaluations } = run
  const row = (name: string, state: string, result: Cell): Cell[] => {
    return [id, { text: printable(name) }, seed === undefined ? '' : String(seed), state, result]
  }
  const later = evaluations.filter(({ id: evaluation }) => evaluation !== record?.evaluation)
  return [
    row(label, statusText(status, colors), resultCell(run, colors)),
    ...later.map((each) => row(each.label, colors.green('evaluated'), evaluationCell(each))),
    ...ownEvaluations.map((each) => {
      return row(`${each.name}: ${testSetText(each)}`, colors.green('evaluated'), evaluationCell(each))
    }),
    ...evaluationProblems.map((problem) => row(label, colors.red('damaged'), { text: colors.red(printable(problem)) })),
    ...missingEvaluations.map((name) => row(name, colors.dim('to evaluate'), '')),
  ]
}

function evaluationCell({ metrics, results }: EvaluationRecord): Cell {
  return metricCell(mainMetric(metrics), results)
}

/** As many first digits as tell the ids apart, at least four. */
function leastDigits(ids: readonly string[]): number {
  const most = Math.max(4, ...ids.map(({ length }) => length))
  const distinct = new Set(ids).size
  let digits = 4
  while (digits < most && new Set(ids.map((id) => id.slice(0, digits))).size < distinct) digits++
  return digits
}

function idOf({ directory }: DetailedRun): string {
  return basename(directory)
}

/** `6 trials: 4 completed, 1 failed, 1 waiting; 1 evaluation missing`. */
function totals(trials: readonly DetailedRun[]): string {
  const states = new Map<string, number>()
  for (const { status } of trials) states.set(status, (states.get(status) ?? 0) + 1)
  const of = listed([...states].map(([status, number]) => `${number} ${status}`))
  const missing = trials.reduce((sum, { missingEvaluations }) => sum + missingEvaluations.length, 0)
  const count = counted(trials.length, 'trial')
  return `${count}${of === '' ? '' : `: ${of}`}${missing === 0 ? '' : `; ${missingText(missing)}`}`
}
