import type { RunEvent } from '../../runner/events.js'
import type { RunRecord } from '../../store/index.js'
import { choiceName, selectChoices } from '../../train/select-choices.js'
import type { TrialEvent, TrialPhase } from '../../train/types.js'
import { isBetter } from './metrics.js'
import { printable } from './printable.js'

type TrainEvent = Extract<TrialEvent, { kind: 'train' }>
type ValidationEvent = Extract<TrialEvent, { kind: 'validation' }>

/** What is known of a running trial. */
export interface RunningTrial {
  readonly label: string
  readonly startedMs: number
  /** `evaluate`: its model is trained already. */
  readonly task: 'train' | 'evaluate'
  phase: 'start' | TrialPhase
  train?: TrainEvent
  validation?: ValidationEvent
}

/** Progress of a run, from its events. */
export interface RunState {
  readonly startedMs: number
  trials: number
  finishedBefore: number
  /** Trials that this run brought to an end, by how. */
  readonly ended: Record<RunRecord['status'], number>
  readonly running: Map<string, RunningTrial>
  best?: Best
}

/** Trials that this run brought to an end. */
export function endedIn({ ended }: RunState): number {
  return ended.completed + ended.failed + ended.cancelled
}

/** The best dev value among finished trials, of the metric that selects. */
export interface Best {
  readonly label: string
  readonly metric: string
  readonly value: number
}

export function startState(nowMs: number): RunState {
  const ended = { completed: 0, failed: 0, cancelled: 0 }
  return { startedMs: nowMs, trials: 0, finishedBefore: 0, ended, running: new Map() }
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
        task: event.task,
        phase: 'start',
      })
      return
    case 'trial-progress':
      note(state.running.get(event.trialId), event.event)
      return
    case 'trial-retried':
    case 'trial-evaluated':
    case 'evaluation-failed':
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
  state.ended[record.status]++
  const [criterion] = selectChoices(record.spec)
  const metric = criterion && choiceName(criterion)
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
  const share = (endedIn(state) + begun) / Math.max(1, state.trials - state.finishedBefore)
  return share <= 0 ? undefined : ((nowMs - state.startedMs) * (1 - share)) / share
}
