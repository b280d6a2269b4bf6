import { isNumber, type Measured } from '../../core/measured.js'
import { joinTokens } from '../../core/pieces.js'
import { randomStream } from '../../core/random.js'
import { shellLine } from '../../core/shell.js'
import { editsOf, errorCount } from '../../report/analysis/edits.js'
import { type Joiners, joinersOf } from '../../report/analysis/joiners.js'
import { metricLookup } from '../../report/analysis/metrics.js'
import { healthOf } from '../../report/analysis/trial/health.js'
import { worstFirst } from '../../report/analysis/trial/samples.js'
import { count } from '../../report/format/numbers.js'
import { duration, lossText, resultDetails, resultNotes } from '../../report/format/values.js'
import { sparkline } from '../../report/render/sparkline.js'
import type { EvaluationRecord, LoadedTrial, RunRecord } from '../../store/index.js'
import { type OutputKind, outputKind } from '../../task/reporting.js'
import type { PredictionLine } from '../../train/types.js'
import { metricResultText, metricText, resultFootnotes } from './metrics.js'
import { printable } from './printable.js'
import { missingText, testSetText } from './runs.js'
import { table, widthOf } from './table.js'
import { type Colors, colorsFor } from './terminal.js'

const samplesShown = 5
const curveWidth = 48

/** What a trained model was evaluated with, and what is planned or damaged. */
interface Evaluations {
  readonly evaluations: readonly EvaluationRecord[]
  /** On data of their own. */
  readonly own: readonly EvaluationRecord[]
  readonly problems: readonly string[]
  /** Labels. */
  readonly missing: readonly string[]
}

/** A finished run for a terminal: curves, metrics of each evaluation, samples of the final one. */
export function trialText(run: LoadedTrial, made: Evaluations): string {
  const { record, directory } = run
  const colors = colorsFor(process.stdout)
  return [
    ...headLines(record, colors),
    ...healthLines(run, colors),
    '',
    ...curves(run),
    ...metricLines(record.metrics, colors),
    ...laterLines(record, made, colors),
    ...samples(run, colors),
    `${colors.dim('page')}  seqlab show ${shellLine([directory])} --html`,
  ].join('\n')
}

function headLines({ label, seed, status, error, spec, ...record }: RunRecord, colors: Colors): string[] {
  const { parameters, stepsDone, bestStep, averaged, timings } = record
  const best = averaged === undefined ? `best at ${count(bestStep)}` : `best: mean of the last ${averaged} validations`
  const time = timings.train === undefined ? '' : `, ${duration(timings.train)} of training`
  return [
    `${colors.bold(printable(label))}  seed ${seed}  ${status === 'completed' ? colors.green(status) : colors.red(status)}`,
    ...(error === undefined ? [] : [colors.red(printable(error.message))]),
    `${spec.task.type}, ${count(parameters)} parameters, ${count(stepsDone)} steps (${best})${time}`,
  ]
}

/** What is wrong with the training; one word where nothing is. */
function healthLines({ record, metrics: lines, predictions }: LoadedTrial, colors: Colors): string[] {
  const findings = healthOf({ record, lines, predictions, metrics: metricLookup(record.spec.metrics) })
  if (findings.length === 0) return []
  const wrong = findings.filter(({ level }) => level !== 'good')
  if (wrong.length === 0) return [`health  ${colors.green('good')}`]
  return wrong.map(
    ({ level, text }) => `health  ${level === 'bad' ? colors.red('bad') : colors.yellow('notice')}: ${text}`,
  )
}

function curves({ metrics: lines }: LoadedTrial): string[] {
  const train = lines.filter(({ kind }) => kind === 'train').map(({ loss }) => loss)
  const validations = lines.filter((line) => line.kind === 'validation')
  const names = Object.keys(validations[0]?.metrics ?? {})
  const rows = [
    { name: 'training loss', values: train, format: lossText },
    { name: 'validation loss', values: validations.map(({ loss }) => loss), format: lossText },
    ...names.map((name) => ({
      name: `dev ${name}`,
      values: validations.flatMap((line) => line.metrics[name] ?? []),
      format: (value: number) => metricText(name, value),
    })),
  ]
  const known = rows.filter(({ values }) => values.length > 1)
  return known.length === 0 ? [] : [table(known.map(curveCells), { others: 'left' }), '']
}

interface CurveRow {
  readonly name: string
  readonly values: readonly Measured[]
  readonly format: (value: number) => string
}

function curveCells({ name, values, format }: CurveRow): string[] {
  const known = values.filter(isNumber)
  const [first, last] = [known[0], known.at(-1)]
  if (first === undefined || last === undefined) return [name, '', reasonOf(values)]
  const gaps =
    known.length < values.length ? `  (${values.length - known.length} of ${values.length} ${reasonOf(values)})` : ''
  return [name, sparkline(known, curveWidth), `${format(first)} to ${format(last)}${gaps}`]
}

/** Why the first of the values that are undefined is. */
function reasonOf(values: readonly Measured[]): string {
  const missing = values.find((value) => !isNumber(value))
  return missing === undefined || isNumber(missing) ? '' : `undefined: ${missing.reason}`
}

/** The evaluations after the final one, each with its search; those on data of their own with these. */
function laterLines(
  { evaluation }: RunRecord,
  { evaluations, own, problems, missing }: Evaluations,
  colors: Colors,
): string[] {
  const later = evaluations.filter(({ id }) => id !== evaluation)
  return [
    ...later.flatMap(({ label, name, decode, results }) => [
      `${colors.bold(printable(label))}  evaluation ${name}, decode ${JSON.stringify(decode)}`,
      ...metricLines(results, colors),
    ]),
    ...own.flatMap((evaluation) => [
      `${colors.bold(`evaluation ${printable(evaluation.name)}`)}  ${printable(testSetText(evaluation))}, decode ${JSON.stringify(evaluation.decode)}`,
      ...metricLines(evaluation.results, colors),
    ]),
    ...problems.map((problem) => colors.red(`damaged: ${printable(problem)}`)),
    ...(missing.length === 0 ? [] : [`${missingText(missing.length)}: ${missing.map(printable).join('; ')}`]),
    ...(problems.length + missing.length === 0 ? [] : ['']),
  ]
}

function metricLines(metrics: RunRecord['metrics'], colors: Colors): string[] {
  const names = [...new Set([...Object.keys(metrics.test ?? {}), ...Object.keys(metrics.dev ?? {})])]
  if (names.length === 0) return []
  const cell = (name: string, split: 'test' | 'dev') => metricResultText(name, metrics[split]?.[name])
  const shown = names.flatMap((name) =>
    (['test', 'dev'] as const).map((split) => ({ place: `${split} ${name}`, result: metrics[split]?.[name] })),
  )
  const head = ['', 'test (95 %)', 'dev (95 %)'].map((text) => colors.dim(text))
  return [
    table([head, ...names.map((name) => [name, cell(name, 'test'), cell(name, 'dev')])], {
      width: widthOf(process.stdout),
      head: true,
    }),
    ...resultFootnotes(shown, (result) => [...resultNotes(result), ...resultDetails(result)]).map((line) =>
      colors.dim(printable(line)),
    ),
    '',
  ]
}

function samples({ predictions, record }: LoadedTrial, colors: Colors): string[] {
  const test = predictions.filter(({ split, values }) => split === 'test' && values === undefined)
  if (test.length === 0) return []
  const joiners = joinersOf(record.spec)
  const drawn = randomStream(record.seed, 'sampling', 'report').shuffle(test).slice(0, samplesShown)
  const kind = outputKind(record.spec.task)
  const worst = worstFirst(test, kind).slice(0, samplesShown)
  const lines = (title: string, of: readonly PredictionLine[]) => [
    colors.dim(title),
    ...of.map((line) => sample(line, { joiners, kind, colors })),
    '',
  ]
  return [...lines('samples', drawn), ...(worst.length === 0 ? [] : lines('worst', worst))]
}

interface SampleStyle {
  readonly joiners: Joiners
  readonly kind: OutputKind
  readonly colors: Colors
}

function sample(line: PredictionLine, { joiners, kind, colors }: SampleStyle): string {
  const { source, references, hypothesis } = line
  const errors = errorCount(editsOf(kind, line))
  const prediction = printable(joinTokens(hypothesis, joiners.target))
  const input = printable(joinTokens(source, joiners.source))
  const reference = printable(joinTokens(references[0] ?? [], joiners.target))
  if (errors === 0) return `  ${input}  ${colors.green(prediction)}`
  // The text itself is what was expected.
  if (kind === 'next-tokens') return `  ${input}  ${colors.red(prediction)}`
  return `  ${input}  ${colors.red(prediction)}  ${colors.dim(`expected ${reference}`)}`
}
