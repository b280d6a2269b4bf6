import Type, { type Static } from 'typebox'
import { MeasuredValue } from '../core/measured-schema.js'
import { closed } from '../core/schema.js'
import type { RunEvent, RunOutcome } from '../runner/events.js'
import type { EvaluationRecord, RunRecord } from '../store/index.js'
import type { TrialEvent } from '../train/types.js'
import type { TrainEvent } from './run-prepared.js'

const text = (description: string) => Type.String({ description })
const number = (description: string) => Type.Number({ description })
const measured = (description: string) => Type.Unsafe<Static<typeof MeasuredValue>>({ ...MeasuredValue, description })
const values = Type.Record(Type.String(), MeasuredValue, { description: 'On dev, by metric.' })
const results = Type.Unsafe<RunRecord['metrics']>(
  Type.Object(
    { dev: Type.Optional(Type.Object({})), test: Type.Optional(Type.Object({})) },
    { description: 'By split and metric, as in record.json; empty where it was not evaluated.' },
  ),
)
const task = Type.Union([Type.Literal('train'), Type.Literal('evaluate')], {
  description: 'Training with its final evaluation, or the later evaluations of a model that is trained.',
})

/** An event with its time, which it is told at. */
function event<const Kind extends string, Properties extends Parameters<typeof Type.Object>[0]>(
  kind: Kind,
  description: string,
  properties: Properties,
) {
  const time = text('When it was told: ISO 8601, in UTC.')
  return Type.Object({ event: Type.Literal(kind), time, ...properties }, { ...closed, description })
}

const trialId = text("The trial's id: the name of its folder.")
const label = text('Display name of its variant.')
const seed = number('Seed.')
const step = number('Steps done.')

/** One line of `--events`. */
export const ProgressEvent = Type.Union(
  [
    event('run-started', 'A run begins.', {
      study: text('Name of the study.'),
      directory: text('Its folder.'),
      trials: number('Trials of this run.'),
      finishedBefore: number('Those that had been finished before.'),
      workers: number('Trials at a time.'),
    }),
    event('trial-started', 'An attempt at a trial begins.', {
      ...{ trialId, label, seed, task },
      attempt: number('Number of the attempt, from 1.'),
      waits: Type.Boolean({ description: 'Whether it is in a queue for now: its first phase says that it runs.' }),
    }),
    event('phase', 'A trial does something else.', {
      trialId,
      phase: text('data, compile, train, validate, test or write.'),
    }),
    event('train', 'Steps were made.', {
      ...{ trialId, step },
      totalSteps: number('Steps in all.'),
      epoch: number('Passes over the training data that are done.'),
      loss: measured('Mean since the event before, or why there is none.'),
      gradientNorm: number('Global norm of the gradient before clipping.'),
      learningRate: number('Learning rate.'),
      tokensPerSecond: number('Pace.'),
      elapsedMs: number('Milliseconds of training so far.'),
    }),
    event('validation', 'A validation ended.', {
      ...{ trialId, step },
      loss: measured('On dev, or why there is none.'),
      metrics: values,
      best: Type.Boolean({ description: 'Whether it is the best so far.' }),
    }),
    event('average', "The mean of the last validations' parameters was validated.", {
      ...{ trialId, step },
      validations: number('Of how many.'),
      loss: measured('On dev, or why there is none.'),
      metrics: values,
      best: Type.Boolean({ description: 'Whether it is the best.' }),
    }),
    event('notice', 'What the user should know of a trial.', { trialId, message: text('In words.') }),
    event('trial-finished', 'A trial has its result.', {
      ...{ trialId, label, seed },
      status: text('completed, failed or cancelled.'),
      directory: text('Its folder.'),
      metrics: results,
      error: Type.Optional(text('Why it failed.')),
    }),
    event('trial-evaluated', 'A trained model has one more evaluation.', {
      ...{ trialId, label, seed },
      evaluation: text('Its name, that of its folder in evaluations/.'),
      metrics: results,
    }),
    event('evaluation-failed', 'A planned evaluation was not made; the next run tries again.', {
      ...{ trialId, label, seed },
      error: text('Why.'),
    }),
    event('trial-retried', 'An attempt was lost, and another one follows.', { trialId, error: text('Why.') }),
    event('concern', 'A trial completed, but its model is not to be trusted.', { trialId, message: text('Why.') }),
    event('warning', 'What the user should know.', { message: text('In words.') }),
    event('run-ended', 'The last event of a run.', {
      status: text('completed, some-failed or interrupted.'),
      directory: text('Folder of the study.'),
    }),
  ],
  { title: 'seqlab progress event', description: 'One line of what `--events` writes.' },
)
export type ProgressEvent = Static<typeof ProgressEvent>

/** What `--events` writes of an event. */
export function progressEvent(of: TrainEvent, time: string): ProgressEvent {
  switch (of.kind) {
    case 'started':
      return startedEvent(of, time)
    case 'trial-started': {
      const { trialId, label, seed, task, attempt, waits } = of
      return { event: 'trial-started', time, trialId, label, seed, task, attempt, waits }
    }
    case 'trial-progress':
      return trialEvent(of.trialId, of.event, time)
    case 'trial-finished':
      return finishedEvent(of, time)
    case 'trial-evaluated':
      return evaluatedEvent(of.trialId, of.seed, of.evaluation, time)
    case 'evaluation-failed': {
      const { trialId, label, seed, error } = of
      return { event: 'evaluation-failed', time, trialId, label, seed, error: error.message }
    }
    case 'trial-retried':
      return { event: 'trial-retried', time, trialId: of.trialId, error: of.error.message }
    case 'concern':
      return { event: 'concern', time, trialId: of.trialId, message: of.message }
    case 'warning':
      return { event: 'warning', time, message: of.message }
  }
}

/** The last event of a run. */
export function endedEvent(
  { status, directory }: Pick<RunOutcome, 'status' | 'directory'>,
  time: string,
): ProgressEvent {
  return { event: 'run-ended', time, status, directory }
}

function startedEvent(of: Extract<RunEvent, { kind: 'started' }>, time: string): ProgressEvent {
  const { study, directory, trials, finishedBefore, workers } = of
  return { event: 'run-started', time, study, directory, trials, finishedBefore, workers }
}

function finishedEvent(of: Extract<RunEvent, { kind: 'trial-finished' }>, time: string): ProgressEvent {
  const { trialId, directory, record } = of
  const { label, seed, status, metrics, error } = record
  const why = error === undefined ? {} : { error: error.message }
  return { event: 'trial-finished', time, trialId, label, seed, status, directory, metrics, ...why }
}

function evaluatedEvent(trialId: string, seed: number, made: EvaluationRecord, time: string): ProgressEvent {
  const { label, name: evaluation, results: metrics } = made
  return { event: 'trial-evaluated', time, trialId, label, seed, evaluation, metrics }
}

function trialEvent(trialId: string, of: TrialEvent, time: string): ProgressEvent {
  switch (of.kind) {
    case 'phase':
      return { event: 'phase', time, trialId, phase: of.phase }
    case 'notice':
      return { event: 'notice', time, trialId, message: of.message }
    case 'train': {
      const { kind: _, ...train } = of
      return { event: 'train', time, trialId, ...train }
    }
    case 'validation': {
      const { step, loss, metrics, best } = of
      return { event: 'validation', time, trialId, step, loss, metrics, best }
    }
    case 'average': {
      const { step, validations, loss, metrics, best } = of
      return { event: 'average', time, trialId, step, validations, loss, metrics, best }
    }
  }
}
