import { isNumber, type Measured } from '../../../core/measured.js'
import type { CurvePoint } from '../../../stats/curve.js'
import type { RunRecord } from '../../../store/index.js'
import { decodesOutputs, lossMeasure } from '../../../task/reporting.js'
import { metricTitle } from '../../analysis/metrics.js'
import { type StepAxes, stepAxes } from '../../analysis/trial/axes.js'
import { thinnedCurve } from '../../analysis/trial/curves.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { type Measure, quantityOf, quantityText } from '../../format/quantity.js'
import { lossText, significant, valueText, valueWithUnit } from '../../format/values.js'
import { linesData, type MeasuredLines, measuredChart } from '../charts/line.js'
import { figure, table } from '../page/figure.js'
import { embeddedJson, type Html, html } from '../page/html.js'
import { lineEntries } from '../page/legend.js'

const pointsDrawn = 240

type Lines = TrialReportInput['lines']
type Train = Extract<Lines[number], { kind: 'train' }>
type Validation = Extract<Lines[number], { kind: 'validation' }>

/** Whether the loss still falls: first of all curves. */
export function lossSection({ lines, record }: TrialReportInput): Html {
  const { train, validations } = partsOf(lines)
  if (train.length === 0 && validations.length === 0) return html``
  const axes = embeddedJson(thinnedAxes(stepAxes(record, lines)))
  return html`<section id="loss">${lossFigure(train, validations, record)}<script type="application/json" id="step-axes">${axes}</script></section>`
}

/** Validation metrics, learning rate, gradient norm and, of untied weights, the distance between copies over steps. */
export function curvesSection({ lines, record, metrics }: TrialReportInput): Html {
  const { train, validations } = partsOf(lines)
  const names = Object.keys(validations[0]?.metrics ?? {})
  if (train.length === 0 && validations.length === 0)
    return html`<section><h2 id="curves">Learning curves</h2><p class="quiet small instead">No chart: ${nothingRecorded(record)}.</p></section>`
  return html`<section><h2 id="curves">Learning curves</h2><div class="columns">
${names.map((name) => metricFigure(name, validations, record, metrics))}
${train.length > 0 && rateFigure(train)}
${train.length > 0 && gradientFigure(train)}
${copiesFigure(validations)}
</div></section>`
}

const knotsKept = 120

/** Tokens grow almost evenly: some knots are enough to place a step between them. */
function thinnedAxes({ tokens, ...axes }: StepAxes): StepAxes {
  if (tokens === undefined) return axes
  const every = Math.ceil(tokens.knots.length / knotsKept)
  const knots = tokens.knots.filter((_, at) => at % every === 0 || at === tokens.knots.length - 1)
  return { ...axes, tokens: { ...tokens, knots } }
}

function partsOf(lines: Lines) {
  return {
    train: lines.filter((line): line is Train => line.kind === 'train'),
    validations: lines.filter((line): line is Validation => line.kind === 'validation'),
  }
}

function nothingRecorded({ status, stepsDone }: RunRecord): string {
  const ended = status === 'completed' ? 'the trial recorded no step' : `the trial ${endings[status] ?? 'ended'}`
  return `${ended} (${counted(stepsDone, 'step')} done)`
}

const endings: Readonly<Record<string, string>> = {
  failed: 'failed before it recorded a step',
  cancelled: 'was cancelled before it recorded a step',
}

const finite = ([, y]: CurvePoint) => Number.isFinite(y)

/** A curve with the points where it has a value, and where it has none. */
interface Recorded {
  readonly name: string
  readonly points: readonly CurvePoint[]
  /** At how many of its points it is undefined, and why at the first; '' where it is nowhere. */
  readonly gap: string
}

function recorded(name: string, values: readonly (readonly [step: number, value: Measured])[]): Recorded {
  const points = values.flatMap(([step, value]): CurvePoint[] => (isNumber(value) ? [[step, value]] : []))
  const reasons = values.flatMap(([, value]) => (isNumber(value) ? [] : [value.reason]))
  const [first] = reasons
  if (first === undefined) return { name, points, gap: '' }
  return { name, points, gap: `${name} undefined at ${reasons.length} of ${values.length} points: ${first}` }
}

/** In place of a chart of curves that have one point at most. */
function insteadOf(curves: readonly Recorded[]): string | undefined {
  const points = curves.flatMap((curve) => curve.points)
  if (points.length > 1) return undefined
  const [only] = points
  const gaps = curves.flatMap(({ gap }) => (gap === '' ? [] : [gap]))
  const value =
    only === undefined ? [] : [`one value was recorded (${significant(only[1], 4)} at step ${count(only[0])})`]
  const reasons = [...value, ...gaps]
  return `No chart: ${reasons.length === 0 ? 'nothing was recorded' : reasons.join('; ')}.`
}

/** A long curve with its peaks, and a note on what is left out. */
function thinned(points: readonly CurvePoint[]) {
  const { points: drawn, window } = thinnedCurve(points, pointsDrawn)
  const stillNote =
    window === 1 ? undefined : `Of every ${window} recorded values the lowest and the highest are drawn.`
  return { points: drawn, stillNote }
}

const heights = { wide: 280, narrow: 240 }

function lossFigure(train: readonly Train[], validations: readonly Validation[], { spec, bestStep }: RunRecord): Html {
  const { label, unit } = lossMeasure(spec.task)
  const of = (name: string, lines: readonly (Train | Validation)[]) =>
    recorded(
      name,
      lines.map(({ step, loss }) => [step, loss]),
    )
  const [training, validation] = [of('training loss', train), of('validation loss', validations)]
  const { points, stillNote } = thinned(training.points)
  const log = isWide([...points, ...validation.points].map(([, y]) => y))
  const lines: MeasuredLines = {
    ...{ x: 'step', y: { name: 'loss', unit, kind: 'plain', title: `loss (${label})` }, log, ...bestMark(bestStep) },
    series: [
      { name: 'training', points: training.points },
      { name: 'validation', points: validation.points },
    ],
  }
  return figure({
    id: 'curve-loss',
    title: 'Is the loss still decreasing?',
    note: [
      ...[label, ...fallingNote(validation.points)],
      ...[training, validation].map(({ gap }) => gap).filter((gap) => gap !== ''),
    ].join('; '),
    stillNote: log ? `Logarithmic scale. ${stillNote ?? ''}`.trim() : stillNote,
    alternative: lossWords(training.points, validation.points),
    heights,
    instead: insteadOf([training, validation]),
    option: ({ width }) => measuredChart(lines, width, [points]),
    lines: linesData(lines),
    legend: lineEntries('training', 'validation').filter((_, at) => [points, validation.points][at]?.length !== 0),
    table: table({
      head: ['step', `validation loss (${label})`],
      rows: validation.points.map(([step, loss]) => [count(step), lossText(loss)]),
      numbers: [0, 1],
    }),
  })
}

/** Whether a linear scale would hide how the small values change: the loss falls fast at first. */
function isWide(values: readonly number[]): boolean {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const most = values.reduce((a, b) => Math.max(a, b), 0)
  return least > 0 && most / least > 2
}

/** What the validations say at the end. */
function fallingNote(validated: readonly CurvePoint[]): string[] {
  if (validated.length < 2) return []
  const lowest = validated.reduce((best, point) => (point[1] < best[1] ? point : best))
  const last = validated.at(-1)
  return lowest === last
    ? ['the validation loss is lowest at the end: it may fall further']
    : [`the validation loss is lowest at step ${count(lowest[0])}`]
}

function lossWords(trained: readonly CurvePoint[], validated: readonly CurvePoint[]): string {
  const last = trained.at(-1)
  const end =
    last === undefined
      ? 'No training loss'
      : `Training loss ends at ${significant(last[1])} at step ${count(last[0])}, its highest is ${significant(Math.max(...trained.map(([, y]) => y)))}`
  const lowest = Math.min(...validated.map(([, y]) => y))
  return `${end}; ${validated.length === 0 ? 'no validation loss' : `lowest validation loss ${significant(lowest)}`}.`
}

function bestMark(bestStep: number) {
  return bestStep > 0 ? { markAt: { x: bestStep, name: 'best' } } : {}
}

function metricFigure(
  name: string,
  validations: readonly Validation[],
  { spec, bestStep }: RunRecord,
  metrics: TrialReportInput['metrics'],
): Html {
  const view = metrics(name)
  const title = metricTitle(name)
  const unit = view?.unit ?? 'number'
  const curve = recorded(
    title,
    validations.flatMap(({ step, metrics: of }) => (of[name] === undefined ? [] : [[step, of[name]] as const])),
  )
  const { points, gap } = curve
  const better = view === undefined ? '' : `; ${view.better} is better`
  const forcing = view?.reads === undefined ? ', decoded without teacher forcing' : ', under teacher forcing'
  const decoded = decodesOutputs(spec.task) ? forcing : ''
  const lines: MeasuredLines = {
    ...{ x: 'step', y: { name: title, unit, kind: 'metric' }, ...bestMark(bestStep) },
    series: [{ name: title, points }],
  }
  return figure({
    id: `curve-${name}`,
    title: `How does ${title} on dev develop?`,
    note: `dev split${decoded}${better}${gap === '' ? '' : `; ${gap}`}`,
    alternative: points.map(([step, value]) => `step ${step}: ${valueText(value, unit)}`).join(', '),
    heights,
    instead: insteadOf([curve]),
    option: ({ width }) => measuredChart(lines, width),
    lines: linesData(lines),
    table: table({
      head: ['step', title],
      rows: points.map(([step, value]) => [count(step), valueWithUnit(value, unit)]),
      numbers: [0, 1],
    }),
  })
}

function rateFigure(train: readonly Train[]): Html {
  const rates = train.map(({ step, learningRate }): CurvePoint => [step, learningRate])
  return longFigure({
    id: 'curve-rate',
    title: 'Which learning rate was used?',
    name: 'learning rate',
    values: rates,
    gap: '',
    alternative: `From ${significant(rates[0]?.[1] ?? 0)} to ${significant(rates.at(-1)?.[1] ?? 0)}.`,
  })
}

function gradientFigure(train: readonly Train[]): Html {
  const norms = train.map(({ step, gradientNorm }): CurvePoint => [step, gradientNorm]).filter(finite)
  const largest = norms.reduce((most, [, norm]) => Math.max(most, norm), 0)
  const missing = train.length - norms.length
  return longFigure({
    id: 'curve-gradient',
    title: 'How large are the gradients?',
    name: 'gradient norm',
    values: norms,
    note: 'global norm before clipping',
    gap: missing > 0 ? `not finite at ${missing} of ${train.length} points` : '',
    alternative: `Largest gradient norm ${significant(largest)}.`,
  })
}

interface LongFigure {
  readonly id: string
  readonly title: string
  readonly name: string
  readonly values: readonly CurvePoint[]
  readonly note?: string
  /** Where it has no value. */
  readonly gap: string
  readonly alternative: string
}

/** One curve with a point for each recorded step. */
function longFigure({ id, title, name, values, note, gap, alternative }: LongFigure): Html {
  const { points, stillNote } = thinned(values)
  const lines: MeasuredLines = { x: 'step', y: numberMeasure(name), series: [{ name, points: values }] }
  const said = [note ?? '', gap].filter((one) => one !== '').join('; ')
  return figure({
    ...{ id, title, alternative, heights, stillNote },
    ...(said !== '' && { note: said }),
    instead: insteadOf([{ name, points, gap }]),
    option: ({ width }) => measuredChart(lines, width, [points]),
    lines: linesData(lines),
  })
}

function numberMeasure(name: string): Measure {
  return { name, unit: 'number', kind: 'plain' }
}

function copiesFigure(validations: readonly Validation[]): Html {
  const points = validations.flatMap(({ step, copiesDistance }): CurvePoint[] =>
    copiesDistance === undefined ? [] : [[step, copiesDistance]],
  )
  if (points.length === 0) return html``
  const name = 'distance between copies'
  const lines: MeasuredLines = { x: 'step', y: numberMeasure('distance'), series: [{ name, points }] }
  const y = quantityOf(
    lines.y,
    points.map(([, distance]) => distance),
  )
  return figure({
    id: 'curve-copies',
    title: 'How far have the untied copies of the weights diverged?',
    note: 'root mean square distance from their mean over time steps',
    alternative: points.map(([step, distance]) => `step ${step}: ${significant(distance)}`).join(', '),
    heights,
    option: ({ width }) => measuredChart(lines, width),
    lines: linesData(lines),
    table: table({
      head: ['step', 'distance between copies'],
      rows: points.map(([step, distance]) => [count(step), quantityText(y, distance)]),
      numbers: [0, 1],
    }),
  })
}
