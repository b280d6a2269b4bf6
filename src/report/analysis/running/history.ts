import { isNumber, type Measured } from '../../../core/measured.js'
import { curveValues } from '../../../train/curve-names.js'
import type { MetricsLine, ValidationLine } from '../../../train/types.js'
import { addPoint, emptyCurve, type Thinned } from './thinned.js'

/** What a trial has recorded so far, in memory that does not grow with it. */
export interface RunHistory {
  readonly curves: Map<string, Thinned>
  step: number
  /** Passes over the training data that are done, and the step at which the last of them was. */
  epochs: number
  epochStep: number
  loss?: Measured
  /** The last validation, and the one that was the best so far. */
  last?: ValidationLine
  best?: ValidationLine
}

export function emptyHistory(): RunHistory {
  return { curves: new Map(), step: 0, epochs: 0, epochStep: 0 }
}

/** The best value on dev so far of the metric that selects; of the first that is recorded where none is named. */
export function bestOnDev(
  { best }: RunHistory,
  selected: string | undefined,
): { readonly metric: string; readonly value: number } | undefined {
  const metric = selected ?? Object.keys(best?.metrics ?? {})[0]
  const value = metric === undefined ? undefined : best?.metrics[metric]
  return metric !== undefined && value !== undefined && isNumber(value) ? { metric, value } : undefined
}

/** Curves that only a trial's own page shows. */
export const rateCurve = 'learning-rate'
export const gradientCurve = 'gradient-norm'

/** Of each curve, at most two points each. */
const bucketsKept = 196

/** Adds a line of metrics.jsonl. */
export function addLine(history: RunHistory, line: MetricsLine, version: number): void {
  history.step = Math.max(history.step, line.step)
  if (line.kind === 'train') {
    if (line.epoch > history.epochs) {
      history.epochs = line.epoch
      history.epochStep = line.step
    }
    history.loss = line.loss
  }
  if (line.kind === 'validation') {
    history.last = line
    if (line.best) history.best = line
  }
  for (const [name, value] of Object.entries(valuesOf(line))) {
    if (!isNumber(value) || !Number.isFinite(value)) continue
    const curve = history.curves.get(name) ?? emptyCurve()
    history.curves.set(name, curve)
    addPoint(curve, [line.step, value], version, bucketsKept)
  }
}

function valuesOf(line: MetricsLine): Readonly<Record<string, Measured>> {
  if (line.kind !== 'train') return curveValues(line)
  return { ...curveValues(line), [rateCurve]: line.learningRate, [gradientCurve]: line.gradientNorm }
}
