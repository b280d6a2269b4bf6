import { isNumber, type Measured } from '../../../core/measured.js'
import type { RunRecord } from '../../../store/index.js'
import { decodesOutputs, lossMeasure } from '../../../task/reporting.js'
import type { MetricLookup } from '../../analysis/metrics.js'
import { metricTitle } from '../../analysis/metrics.js'
import { downsample } from '../../analysis/trial/curves.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { count, lossText, significant, unitSuffix, valueText, valueWithUnit } from '../../format/values.js'
import { lineChart, type Point } from '../charts/line.js'
import { figure, table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'
import { lineEntries } from '../page/legend.js'

const pointsDrawn = 240

type Lines = TrialReportInput['lines']
type Train = Extract<Lines[number], { kind: 'train' }>
type Validation = Extract<Lines[number], { kind: 'validation' }>

/** Loss, validation metrics, learning rate, gradient norm and, of untied weights, the distance between copies over steps. */
export function curvesSection({ lines, record, metrics }: TrialReportInput): Html {
  const train = lines.filter((line): line is Train => line.kind === 'train')
  const validations = lines.filter((line): line is Validation => line.kind === 'validation')
  if (train.length === 0 && validations.length === 0) return html``
  const names = Object.keys(validations[0]?.metrics ?? {})
  return html`<section><h2>Learning curves</h2><div class="columns">
${lossFigure(train, validations, record)}
${names.map((name) => metricFigure(name, validations, record, metrics))}
${train.length > 1 && rateFigure(train)}
${train.length > 1 && gradientFigure(train)}
${copiesFigure(validations)}
</div></section>`
}

const finite = ([, y]: Point) => Number.isFinite(y)
/** One point, or none where the value is undefined. */
function pointOf(step: number, value: Measured): Point[] {
  return isNumber(value) ? [[step, value]] : []
}

/** Where a curve has gaps: at how many of its points it is undefined, and why at the first. */
function whyUndefined(title: string, values: readonly { readonly loss: Measured }[]): string[] {
  const reasons = values.flatMap(({ loss }) => (isNumber(loss) ? [] : [loss.reason]))
  const [first] = reasons
  return first === undefined ? [] : [`${title} undefined at ${reasons.length} of ${values.length} points: ${first}`]
}

const heights = { wide: 280, narrow: 240 }

function lossFigure(train: readonly Train[], validations: readonly Validation[], { spec, bestStep }: RunRecord): Html {
  const { label } = lossMeasure(spec.task)
  const trained = train.flatMap(({ step, loss }) => pointOf(step, loss))
  const validated = validations.flatMap(({ step, loss }) => pointOf(step, loss))
  const [last] = trained.slice(-1)
  const lowest = validated.length > 0 ? Math.min(...validated.map(([, y]) => y)) : undefined
  return figure({
    id: 'curve-loss',
    title: 'Is the loss still decreasing?',
    note: [label, ...whyUndefined('training loss', train), ...whyUndefined('validation loss', validations)].join('; '),
    alternative: `${last === undefined ? 'No training loss' : `Training loss ends at ${significant(last[1])} at step ${count(last[0])}`}; ${lowest === undefined ? 'no validation loss' : `lowest validation loss ${significant(lowest)}`}.`,
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: `loss (${label})`,
        series: [
          { name: 'training', points: downsample(trained, pointsDrawn) },
          { name: 'validation', points: validated, symbols: true },
        ],
        ...bestMark(bestStep),
      }),
    legend: lineEntries('training', 'validation'),
    table: table({
      head: ['step', `validation loss (${label})`],
      rows: validated.map(([step, loss]) => [count(step), lossText(loss)]),
      numbers: [0, 1],
    }),
  })
}

function bestMark(bestStep: number) {
  return bestStep > 0 ? { markAt: { x: bestStep, name: 'best' } } : {}
}

function metricFigure(
  name: string,
  validations: readonly Validation[],
  { spec, bestStep }: RunRecord,
  metrics: MetricLookup,
): Html {
  const view = metrics(name)
  const unit = view?.unit ?? 'number'
  const values = validations.flatMap(({ step, metrics: of }) => {
    const loss = of[name]
    return loss === undefined ? [] : [{ step, loss }]
  })
  const points = values.flatMap(({ step, loss }) => pointOf(step, loss))
  const better = view === undefined ? '' : `; ${view.better} is better`
  const decoded = decodesOutputs(spec.task) ? ', decoded without teacher forcing' : ''
  return figure({
    id: `curve-${name}`,
    title: `How does ${metricTitle(name)} on dev develop?`,
    note: [`dev split${decoded}${better}`, ...whyUndefined(metricTitle(name), values)].join('; '),
    alternative: points.map(([step, value]) => `step ${step}: ${valueText(value, unit)}`).join(', '),
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: `${metricTitle(name)}${unitSuffix(unit)}`,
        series: [{ name: metricTitle(name), points, symbols: true }],
        formatY: (value) => valueText(value, unit),
        ...bestMark(bestStep),
      }),
    table: table({
      head: ['step', metricTitle(name)],
      rows: points.map(([step, value]) => [count(step), valueWithUnit(value, unit)]),
      numbers: [0, 1],
    }),
  })
}

function rateFigure(train: readonly Train[]): Html {
  const points = train.map(({ step, learningRate }): Point => [step, learningRate])
  return figure({
    id: 'curve-rate',
    title: 'Which learning rate was used?',
    alternative: `From ${significant(points[0]?.[1] ?? 0)} to ${significant(points.at(-1)?.[1] ?? 0)}.`,
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: 'learning rate',
        series: [{ name: 'learning rate', points: downsample(points, pointsDrawn) }],
        formatY: (value) => significant(value, 2),
      }),
  })
}

function gradientFigure(train: readonly Train[]): Html {
  const points = train.map(({ step, gradientNorm }): Point => [step, gradientNorm]).filter(finite)
  const largest = points.reduce((most, [, norm]) => Math.max(most, norm), 0)
  return figure({
    id: 'curve-gradient',
    title: 'How large are the gradients?',
    note: 'global norm before clipping',
    alternative: `Largest gradient norm ${significant(largest)}.`,
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: 'gradient norm',
        series: [{ name: 'gradient norm', points: downsample(points, pointsDrawn) }],
      }),
  })
}

function copiesFigure(validations: readonly Validation[]): Html {
  const points = validations.flatMap(({ step, copiesDistance }): Point[] =>
    copiesDistance === undefined ? [] : [[step, copiesDistance]],
  )
  if (points.length === 0) return html``
  return figure({
    id: 'curve-copies',
    title: 'How far have the untied copies of the weights diverged?',
    note: 'root mean square distance from their mean over time steps',
    alternative: points.map(([step, distance]) => `step ${step}: ${significant(distance)}`).join(', '),
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: 'distance',
        series: [{ name: 'distance between copies', points, symbols: true }],
      }),
    table: table({
      head: ['step', 'distance between copies'],
      rows: points.map(([step, distance]) => [count(step), significant(distance, 4)]),
      numbers: [0, 1],
    }),
  })
}
