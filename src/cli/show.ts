import { SeqlabError } from '../core/errors.js'
import { randomStream } from '../core/random.js'
import { errorCount, nearestEdits } from '../report/analysis/edits.js'
import { type Joiners, joinersOf } from '../report/analysis/joiners.js'
import { worstFirst } from '../report/analysis/trial/samples.js'
import { count, duration, lossText } from '../report/format/values.js'
import { sparkline } from '../report/render/sparkline.js'
import { findRun, type RunRecord, readTrial, type StoredTrial } from '../store/index.js'
import type { PredictionLine } from '../train/types.js'
import { intervalText, metricText } from './metrics.js'
import { printable } from './printable.js'
import { type Colors, colorsFor, table } from './terminal.js'

export interface ShowFlags {
  readonly out: string
  readonly html: boolean
  readonly json: boolean
}

const samplesShown = 5
const curveWidth = 48

/** `seqlab show RUN`: one run in the terminal, or its page. */
export async function show(name: string, { out, html, json }: ShowFlags): Promise<number> {
  const directory = await findRun(name, out)
  if (html) return writePage(directory)
  const run = await readTrial(directory)
  const { record, problems } = run
  if (record === undefined) throw new SeqlabError('run', problems.join('\n'))
  process.stdout.write(json ? `${JSON.stringify(record)}\n` : `${describe(run, record, colorsFor(process.stdout))}\n`)
  return 0
}

async function writePage(directory: string): Promise<number> {
  const { writeTrialReport } = await import('../report/render/trial/write.js')
  const { path, problems } = await writeTrialReport(directory)
  if (path === undefined) throw new SeqlabError('run', problems.join('\n'))
  process.stdout.write(`${path}\n`)
  return 0
}

function describe(run: StoredTrial, record: RunRecord, colors: Colors): string {
  const { label, seed, status, parameters, stepsDone, bestStep, timings, spec, error } = record
  const time = timings.train === undefined ? '' : `, ${duration(timings.train)} of training`
  return [
    `${colors.bold(printable(label))}  seed ${seed}  ${status === 'completed' ? colors.green(status) : colors.red(status)}`,
    ...(error === undefined ? [] : [colors.red(printable(error.message))]),
    `${spec.task.type}, ${count(parameters)} parameters, ${count(stepsDone)} steps (best at ${count(bestStep)})${time}`,
    '',
    ...curves(run),
    ...metricLines(record, colors),
    ...samples(run, record, colors),
    `${colors.dim('page')}  seqlab show ${run.directory} --html`,
  ].join('\n')
}

function curves({ metrics: lines }: StoredTrial): string[] {
  const train = lines.filter(({ kind }) => kind === 'train').map(({ lossNatsPerToken }) => lossNatsPerToken)
  const validations = lines.filter((line) => line.kind === 'validation')
  const names = Object.keys(validations[0]?.metrics ?? {})
  const rows = [
    { name: 'training loss', values: train, format: lossText },
    { name: 'validation loss', values: validations.map(({ lossNatsPerToken }) => lossNatsPerToken), format: lossText },
    ...names.map((name) => ({
      name: `dev ${name}`,
      values: validations.map((line) => line.metrics[name] ?? Number.NaN),
      format: (value: number) => metricText(name, value),
    })),
  ]
  const known = rows.filter(({ values }) => values.length > 1)
  return known.length === 0 ? [] : [...known.map(curveLine), '']
}

interface CurveRow {
  readonly name: string
  readonly values: readonly number[]
  readonly format: (value: number) => string
}

function curveLine({ name, values, format }: CurveRow): string {
  const [first = Number.NaN, last = Number.NaN] = [values[0], values.at(-1)]
  return `${name.padEnd(16)} ${sparkline(values, curveWidth)}  ${format(first)} to ${format(last)}`
}

function metricLines({ metrics }: RunRecord, colors: Colors): string[] {
  const names = [...new Set([...Object.keys(metrics.test ?? {}), ...Object.keys(metrics.dev ?? {})])]
  if (names.length === 0) return []
  const cell = (name: string, split: 'test' | 'dev') => {
    const value = metrics[split]?.[name]
    return value === undefined ? '-' : intervalText(name, value)
  }
  const head = ['', 'test (95 %)', 'dev (95 %)'].map((text) => colors.dim(text))
  return [table([head, ...names.map((name) => [name, cell(name, 'test'), cell(name, 'dev')])]), '']
}

function samples({ predictions }: StoredTrial, record: RunRecord, colors: Colors): string[] {
  const test = predictions.filter(({ split, values }) => split === 'test' && values === undefined)
  if (test.length === 0) return []
  const joiners = joinersOf(record.spec)
  const drawn = randomStream(record.seed, 'sampling', 'report').shuffle(test).slice(0, samplesShown)
  const worst = worstFirst(test).slice(0, samplesShown)
  const lines = (title: string, of: readonly PredictionLine[]) => [
    colors.dim(title),
    ...of.map((line) => sample(line, joiners, colors)),
    '',
  ]
  return [...lines('samples', drawn), ...(worst.length === 0 ? [] : lines('worst', worst))]
}

function sample({ source, references, hypothesis }: PredictionLine, joiners: Joiners, colors: Colors): string {
  const errors = errorCount(nearestEdits(references, hypothesis))
  const prediction = printable(hypothesis.join(joiners.target))
  const input = printable(source.join(joiners.source))
  const reference = printable((references[0] ?? []).join(joiners.target))
  if (errors === 0) return `  ${input}  ${colors.green(prediction)}`
  return `  ${input}  ${colors.red(prediction)}  ${colors.dim(`expected ${reference}`)}`
}
