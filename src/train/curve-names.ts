import type { Measured } from '../core/measured.js'
import { validationMetrics } from './select-choices.js'
import type { MetricsLine, TrialSettings } from './types.js'

// The curves that metrics.jsonl holds, by name; what a claim may name, a comparison draws and a check refuses.

/** How far untied copies of weights have drifted apart; only trials with such copies have it. */
export const copiesCurve = 'copies-distance'

/** The curves of a trial: both losses, every metric on dev, the distance between copies where weights are untied. */
export function curveNames({ model, metrics, train }: Pick<TrialSettings, 'model' | 'metrics' | 'train'>): string[] {
  const copies = model.encoder?.unroll.type === 'untied' ? [copiesCurve] : []
  return [
    'validation-loss',
    'training-loss',
    ...validationMetrics({ metrics, train }).map(({ name }) => name),
    ...copies,
  ]
}

/** What a line of metrics.jsonl adds to which curves. */
export function curveValues(line: MetricsLine): Readonly<Record<string, Measured>> {
  if (line.kind === 'train') return { 'training-loss': line.loss }
  // One more candidate, which is no point of a curve over steps.
  if (line.kind === 'average') return {}
  const { loss, metrics, copiesDistance } = line
  const copies = copiesDistance === undefined ? {} : { [copiesCurve]: copiesDistance }
  return { 'validation-loss': loss, ...metrics, ...copies }
}

/** Lines of the training curve that a trial records, about. */
const trainingPoints = 500

/** Whether the training loss of the steps since the line before is recorded at this step. */
export function trainingLineDue(step: number, totalSteps: number): boolean {
  return step % Math.max(1, Math.floor(totalSteps / trainingPoints)) === 0 || step === totalSteps
}

/** Whether a trial validates at this step. */
export function validationDue(step: number, every: number, totalSteps: number): boolean {
  return step % every === 0 || step === totalSteps
}
