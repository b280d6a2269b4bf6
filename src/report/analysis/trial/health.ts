import { isNumber, isUndefined, type Measured } from '../../../core/measured.js'
import { quantile } from '../../../stats/quantile.js'
import type { RunRecord } from '../../../store/index.js'
import { lossMeasure, outputKind } from '../../../task/reporting.js'
import type { MetricsLine, PredictionLine } from '../../../train/types.js'
import { counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { significant } from '../../format/values.js'
import type { MetricLookup } from '../metrics.js'

// What a result does not show of how its model was trained: whether it learned anything, and whether it could have gone on.

export interface HealthFinding {
  readonly kind: 'loss' | 'undefined-loss' | 'clipping' | 'plateau' | 'endless'
  /** `bad`: the result is not to be trusted; `notice`: worth a look. */
  readonly level: 'good' | 'notice' | 'bad'
  readonly text: string
}

export interface TrainedTrial {
  readonly record: Pick<RunRecord, 'spec' | 'sizes' | 'stepsDone' | 'bestStep' | 'metrics' | 'outputLimit'>
  readonly lines: readonly MetricsLine[]
  readonly predictions: readonly PredictionLine[]
  readonly metrics: MetricLookup
}

/** How training went; nothing of what was not recorded. */
export function healthOf(trial: TrainedTrial): HealthFinding[] {
  return [...lossFindings(trial), ...undefinedLosses(trial), ...clipping(trial), ...plateau(trial), ...endless(trial)]
}

/** The findings that matter most; without any, training went well. */
export function worstLevel(findings: readonly HealthFinding[]): HealthFinding['level'] {
  const has = (level: HealthFinding['level']) => findings.some((finding) => finding.level === level)
  return has('bad') ? 'bad' : has('notice') ? 'notice' : 'good'
}

type Train = Extract<MetricsLine, { kind: 'train' }>
type Validation = Extract<MetricsLine, { kind: 'validation' }>

const trainLines = ({ lines }: TrainedTrial) => lines.filter((line): line is Train => line.kind === 'train')
const validationLines = ({ lines }: TrainedTrial) =>
  lines.filter((line): line is Validation => line.kind === 'validation')

/** What a model costs that knows nothing, and how it is called. */
interface Guess {
  readonly loss: number
  readonly text: string
}

/** log V: a uniform guess among V symbols. Of scaled numbers 1: their mean costs at most that in training, squared or absolute. */
function guessOf({ record: { spec, sizes } }: TrainedTrial): Guess | undefined {
  const kind = outputKind(spec.task)
  if (kind === 'numbers') return { loss: 1, text: 'always forecasting the training mean (at most 1)' }
  if (sizes === undefined || !('vocabulary' in sizes.target) || sizes.target.vocabulary < 2) return undefined
  const { vocabulary } = sizes.target
  const symbols = kind === 'labels' || kind === 'label' ? 'labels' : 'symbols'
  const loss = Math.log(vocabulary)
  return { loss, text: `a uniform guess among ${count(vocabulary)} ${symbols} (${significant(loss)})` }
}

/** Last points of the training curve, whose median is its end. */
const lastPoints = 10

function lossFindings(trial: TrainedTrial): HealthFinding[] {
  const guess = guessOf(trial)
  if (guess === undefined) return []
  const trained = numbersOf(trainLines(trial).map(({ loss }) => loss)).slice(-lastPoints)
  const { bestStep, spec } = trial.record
  const validated = numbersOf(validationLines(trial).flatMap(({ step, loss }) => (step === bestStep ? [loss] : [])))
  const { label } = lossMeasure(spec.task)
  // Only training is scaled to a mean of 0: a forecast's dev part may lie elsewhere.
  const compared = [
    {
      name: 'training loss at the end',
      loss: trained.length === 0 ? undefined : quantile(Float64Array.from(trained).sort(), 0.5),
    },
    ...(outputKind(spec.task) === 'numbers' ? [] : [{ name: 'validation loss at the best step', loss: validated[0] }]),
  ]
  return compared.flatMap(({ name, loss }): HealthFinding[] => {
    if (loss === undefined) return []
    const bad = loss > guess.loss
    const text = `${name} ${significant(loss)} ${label}, ${bad ? 'above' : 'below'} ${guess.text}`
    return [{ kind: 'loss', level: bad ? 'bad' : 'good', text }]
  })
}

function numbersOf(values: readonly Measured[]): number[] {
  return values.filter(isNumber)
}

function undefinedLosses(trial: TrainedTrial): HealthFinding[] {
  const curves = [
    ['training', trainLines(trial)],
    ['validation', validationLines(trial)],
  ] as const
  return curves.flatMap(([name, lines]): HealthFinding[] => {
    const missing = lines.filter(({ loss }) => !isNumber(loss)).length
    if (missing === 0) return []
    const text = `${name} loss undefined at ${count(missing)} of ${counted(lines.length, 'point')}`
    return [{ kind: 'undefined-loss', level: missing === lines.length ? 'bad' : 'notice', text }]
  })
}

/** Above this share of clipped steps the limit, and not the gradient, decides how far a step goes. */
const manyClipped = 0.5

function clipping(trial: TrainedTrial): HealthFinding[] {
  const { clipNorm } = trial.record.spec.train
  const lines = trainLines(trial)
  if (clipNorm === undefined || lines.length === 0) return []
  const share = lines.filter(({ gradientNorm }) => gradientNorm > clipNorm).length / lines.length
  const which =
    lines.length < trial.record.stepsDone ? `${count(lines.length)} recorded steps` : counted(lines.length, 'step')
  const text = `gradients above clipNorm ${significant(clipNorm)} in ${percent(share)} of ${which}`
  return [{ kind: 'clipping', level: share > manyClipped ? 'notice' : 'good', text }]
}

/** Validations without improvement, over at least half of training. */
const longPlateau = { share: 0.5, validations: 3 }

function plateau(trial: TrainedTrial): HealthFinding[] {
  const { bestStep, stepsDone } = trial.record
  const validations = validationLines(trial)
  if (validations.length === 0 || bestStep === 0) return []
  const since = validations.filter(({ step }) => step > bestStep).length
  const isLong = since >= longPlateau.validations && stepsDone - bestStep >= longPlateau.share * stepsDone
  const passed = since === 0 ? '' : `, no better in ${counted(since, 'validation')} since`
  const text = `best on dev at step ${count(bestStep)} of ${count(stepsDone)}${passed}`
  return [{ kind: 'plateau', level: isLong && !isPerfect(trial) ? 'notice' : 'good', text }]
}

/** Whether nothing was left to improve. */
function isPerfect({ record, metrics }: TrainedTrial): boolean {
  const [first] = record.spec.metrics
  const view = first === undefined ? undefined : metrics(first.type)
  const result = first === undefined ? undefined : record.metrics.dev?.[first.type]
  if (view === undefined || result === undefined || isUndefined(result)) return false
  return result.value === view.range[view.better === 'lower' ? 0 : 1]
}

/** The outputs of a split, and how many of them reached the limit. */
export interface OutputCounts {
  readonly split: PredictionLine['split']
  readonly outputs: number
  readonly endless: number
}

/** Symbols at which a search cuts an output; undefined where it has as many as its source, or the limit was not recorded. */
export function limitOf({ spec, outputLimit }: TrainedTrial['record']): number | undefined {
  return outputKind(spec.task) === 'sequence' ? outputLimit : undefined
}

function endless({ record, predictions }: TrainedTrial): HealthFinding[] {
  const limit = limitOf(record)
  if (limit === undefined) return []
  const test = predictions.filter(({ split }) => split === 'test')
  const [split, lines] = test.length > 0 ? (['test', test] as const) : (['dev', predictions] as const)
  const reached = lines.filter(({ hypothesis }) => hypothesis.length >= limit).length
  return endlessFindings({ split, outputs: lines.length, endless: reached }, limit)
}

/** From this share on outputs that do not end decide a result. */
const manyEndless = 0.05

/** Whether outputs ended; nothing where there are none. */
export function endlessFindings({ split, outputs, endless: reached }: OutputCounts, limit: number): HealthFinding[] {
  if (outputs === 0) return []
  const which = `${reached === 0 ? 'none' : count(reached)} of ${counted(outputs, `${split} output`)}`
  const text = `${which} without an end after ${counted(limit, 'symbol')}`
  const level = reached === 0 ? 'good' : reached < manyEndless * outputs ? 'notice' : 'bad'
  return [{ kind: 'endless', level, text }]
}

function percent(share: number): string {
  return `${significant(100 * share, 2)} %`
}
