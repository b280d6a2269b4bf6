import type { RunEvent } from '../../runner/events.js'
import type { RunRecord } from '../../store/index.js'
import type { TrialEvent, TrialPhase } from '../../train/types.js'
import { isBetter } from './metrics.js'
import { printable } from './printable.js'

type TrainEvent = Extract<TrialEvent, { kind: 'train' }>
type ValidationEvent = Extract<TrialEvent, { kind: 'validation' }>

/** What is known of a running trial. */
export interface RunningTrial {
  readonly label: string
  readonly startedMs: number
  phase: 'start' | TrialPhase
  train?: TrainEvent
  validation?: ValidationEvent
}

/** Progress of a run, from its events. */
export interface RunState {
  readonly startedMs: number
  trials: number
  finishedBefore: number
  done: number
  failed: number
  readonly running: Map<string, RunningTrial>
  best?: Best
}

/** The best dev value among finished trials, of the metric that selects. */
export interface Best {
  readonly label: string
  readonly metric: string
  readonly value: number
}

export function startState(nowMs: number): RunState {
  return { startedMs: nowMs, trials: 0, finishedBefore: 0, done: 0, failed: 0, running: new Map() }
}

/** Updates the state by an event. */
export function advance(state: RunState, event: RunEvent, nowMs: number): void {
  switch (event.kind) {
    case 'started':
      state.trials = event.trials
      state.finishedBefore = event.finishedBefore
      return
    case 'trial-started':
      state.running.set(event.trialId, {
        label: printable(`${event.label} seed ${event.seed}`),
        startedMs: nowMs,
        phase: 'start',
      })
      return
    case 'trial-progress':
      note(state.running.get(event.trialId), event.event)
      return
    case 'trial-retried':
      state.running.delete(event.trialId)
      return
    case 'trial-finished':
      state.running.delete(event.trialId)
      finish(state, event.record)
  }
}

function note(trial: RunningTrial | undefined, event: TrialEvent): void {
  if (trial === undefined) return
  if (event.kind === 'phase') trial.phase = event.phase
  if (event.kind === 'train') {
    trial.train = event
    trial.phase = 'train'
  }
  if (event.kind === 'validation') trial.validation = event
}

function finish(state: RunState, record: RunRecord): void {
  state.done++
  if (record.status === 'failed') state.failed++
  const metric = record.spec.train.validate.select
  const value = metric === undefined ? undefined : record.metrics.dev?.[metric]?.value
  if (metric === undefined || value === undefined || value === null) return
  if (state.best === undefined || isBetter(metric, value, state.best.value)) {
    state.best = { label: printable(`${record.label} seed ${record.seed}`), metric, value }
  }
}

/** Fraction of a running trial's steps that are done. */
export function shareOf({ train }: RunningTrial): number {
  return train === undefined ? 0 : train.step / train.totalSteps
}

/** Estimated time left of the whole run at the rate so far; undefined before the first step. */
export function leftMs(state: RunState, nowMs: number): number | undefined {
  const begun = [...state.running.values()].reduce((sum, trial) => sum + shareOf(trial), 0)
  const share = (state.done + begun) / Math.max(1, state.trials - state.finishedBefore)
  return share <= 0 ? undefined : ((nowMs - state.startedMs) * (1 - share)) / share
}
