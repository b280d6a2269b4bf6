import { SeqlabError } from '../core/errors.js'
import { evaluationDirectory, findEvaluation, findRun, findUnfinished, readEvaluation } from '../store/index.js'
import { metricResultText } from './text/metrics.js'
import { printable } from './text/printable.js'
import { progressText, runJson, statusText, testSetText } from './text/runs.js'
import { table, widthOf } from './text/table.js'
import { colorsFor } from './text/terminal.js'

/** What `list` names and is no run with a result: one that is to come or runs, or an evaluation; undefined where it is none. */
export async function describeOther(name: string, out: string, json: boolean): Promise<string | undefined> {
  const evaluation = findEvaluation(name, out)
  if (evaluation !== undefined) return evaluationText(evaluation, json)
  try {
    await findRun(name, out)
    return undefined
  } catch (error) {
    const run = error instanceof SeqlabError ? await findUnfinished(name, out) : undefined
    if (run === undefined) return undefined
    if (json) return JSON.stringify(runJson(run))
    const { directory, label, seed, status, begun } = run
    const how = begun === undefined ? '' : `, ${progressText(begun, status)}`
    const of = seed === undefined ? label : `${label}, seed ${seed}`
    return `${printable(directory)}: ${printable(of)}: ${statusText(status, colorsFor(process.stdout))}${printable(how)}`
  }
}

function evaluationText({ trial, name }: { readonly trial: string; readonly name: string }, json: boolean): string {
  const evaluation = readEvaluation(trial, name)
  if (evaluation === undefined)
    throw new SeqlabError('run', `${evaluationDirectory(trial, name)} has no evaluation.json`)
  if (json) return JSON.stringify(evaluation)
  const { label, results } = evaluation
  const rows = Object.entries(results.test).map(([metric, result]) => [metric, metricResultText(metric, result)])
  return [
    `${printable(evaluationDirectory(trial, name))}: ${printable(label)} ${printable(testSetText(evaluation))}`,
    table(rows, { others: 'left', width: widthOf(process.stdout) }),
  ].join('\n')
}
