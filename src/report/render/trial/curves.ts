import type { MetricLookup } from '../../analysis/metrics.js'
import { metricTitle } from '../../analysis/metrics.js'
import { bare, count, plain, unitMark } from '../../format/values.js'
import type { TrialReportInput } from '../../trial/input.js'
import { lineChart, type Point, thin } from '../charts/line.js'
import { figure, table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'
import { linesNamed } from '../page/legend.js'

const pointsDrawn = 240

type Lines = TrialReportInput['lines']
type Train = Extract<Lines[number], { kind: 'train' }>
type Validation = Extract<Lines[number], { kind: 'validation' }>

/** Loss, validation metrics, learning rate, gradient norm and (untied weights) the distance of copies over steps. */
export function curvesSection({ lines, record, metrics }: TrialReportInput): Html {
  const train = lines.filter((line): line is Train => line.kind === 'train')
  const validations = lines.filter((line): line is Validation => line.kind === 'validation')
  if (train.length === 0 && validations.length === 0) return html``
  const names = Object.keys(validations[0]?.metrics ?? {})
  return html`<section><h2>Learning curves</h2><div class="columns">
${lossFigure(train, validations, record.bestStep)}
${names.map((name) => metricFigure(name, validations, record.bestStep, metrics))}
${train.length > 1 && rateFigure(train)}
${train.length > 1 && gradientFigure(train)}
${copiesFigure(validations)}
</div></section>`
}

const finite = ([, y]: Point) => Number.isFinite(y)
const heights = { wide: 280, narrow: 240 }

function lossFigure(train: readonly Train[], validations: readonly Validation[], bestStep: number): Html {
  const trained = train.map(({ step, lossNatsPerToken }): Point => [step, lossNatsPerToken]).filter(finite)
  const validated = validations.map(({ step, lossNatsPerToken }): Point => [step, lossNatsPerToken]).filter(finite)
  const last = trained.at(-1)
  const lowest = validated.map(([, y]) => y).reduce((least, y) => Math.min(least, y), Number.POSITIVE_INFINITY)
  return figure({
    id: 'curve-loss',
    title: 'Does the loss still fall?',
    note: 'nats a target token',
    alternative: `Training loss ends at ${plain(last?.[1] ?? Number.NaN)} at step ${count(last?.[0] ?? 0)}; lowest validation loss ${plain(lowest)}.`,
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: 'loss (nats)',
        series: [
          { name: 'training', points: thin(trained, pointsDrawn) },
          { name: 'validation', points: validated, marks: true },
        ],
        ...bestMark(bestStep),
      }),
    legend: linesNamed('training', 'validation'),
    table: table({
      head: ['step', 'validation loss (nats)'],
      rows: validated.map(([step, loss]) => [count(step), plain(loss, 4)]),
      numbers: [0, 1],
    }),
  })
}

function bestMark(bestStep: number) {
  return bestStep > 0 ? { markAt: { x: bestStep, name: 'best' } } : {}
}

function metricFigure(name: string, validations: readonly Validation[], bestStep: number, metrics: MetricLookup): Html {
  const view = metrics(name)
  const unit = view?.unit ?? 'number'
  const points = validations.map((line): Point => [line.step, line.metrics[name] ?? Number.NaN]).filter(finite)
  const better = view === undefined ? '' : `; ${view.better} is better`
  return figure({
    id: `curve-${name}`,
    title: `How does ${metricTitle(name)} on dev develop?`,
    note: `free-running on the dev split${better}`,
    alternative: points.map(([step, value]) => `step ${step}: ${bare(value, unit)}`).join(', '),
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: `${metricTitle(name)}${unitMark(unit)}`,
        series: [{ name: metricTitle(name), points, marks: true }],
        formatY: (value) => bare(value, unit),
        ...bestMark(bestStep),
      }),
    table: table({
      head: ['step', metricTitle(name)],
      rows: points.map(([step, value]) => [count(step), bare(value, unit) + unitMark(unit)]),
      numbers: [0, 1],
    }),
  })
}

function rateFigure(train: readonly Train[]): Html {
  const points = train.map(({ step, learningRate }): Point => [step, learningRate])
  return figure({
    id: 'curve-rate',
    title: 'What learning rate was used?',
    alternative: `From ${plain(points[0]?.[1] ?? 0)} to ${plain(points.at(-1)?.[1] ?? 0)}.`,
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: 'learning rate',
        series: [{ name: 'learning rate', points: thin(points, pointsDrawn) }],
        formatY: (value) => plain(value, 2),
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
    alternative: `Largest gradient norm ${plain(largest)}.`,
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: 'gradient norm',
        series: [{ name: 'gradient norm', points: thin(points, pointsDrawn) }],
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
    title: 'How far have the copies of the weights drifted apart?',
    note: 'root mean square distance from their mean over time steps',
    alternative: points.map(([step, distance]) => `step ${step}: ${plain(distance)}`).join(', '),
    heights,
    option: () =>
      lineChart({
        x: 'step',
        y: 'distance',
        series: [{ name: 'distance of copies', points, marks: true }],
      }),
    table: table({
      head: ['step', 'distance of copies'],
      rows: points.map(([step, distance]) => [count(step), plain(distance, 4)]),
      numbers: [0, 1],
    }),
  })
}
