import { measureId } from '../../metrics/measures.js'
import type { RunEvent } from '../../runner/events.js'
import {
  type Compiling,
  nothingSpent,
  type SpentTimes,
  type TaskTimes,
  timeLeft,
  timesLeft,
} from '../../runner/time-left.js'
import type { RunRecord } from '../../store/index.js'
import { choiceName, selectChoices } from '../../train/select-choices.js'
import type { TrialEvent, TrialPhase } from '../../train/types.js'
import { isBetter } from './metrics.js'
import { printable } from './printable.js'

type TrainEvent = Extract<TrialEvent, { kind: 'train' }>
type ValidationEvent = Extract<TrialEvent, { kind: 'validation' }>

/** What is known of a trial that was started. */
export interface RunningTrial {
  readonly label: string
  /** On a cluster; when its machine took it, is not known exactly. */
  readonly elsewhere: boolean
  /** It is in the queue of a cluster: nothing was heard of it yet. */
  waits: boolean
  readonly startedMs: number
  /** `evaluate`: its model is trained already. */
  readonly task: 'train' | 'evaluate'
  phase: 'start' | TrialPhase
  phaseSinceMs: number
  spent: SpentTimes
  /** How far training was, and how long it had taken, at each report. */
  readonly reports: { readonly share: number; readonly train: number }[]
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
  /** In the order of starting. */
  planned: Extract<RunEvent, { kind: 'started' }>['times']
  workers: number
  /** What ended tasks took, by trial and kind. */
  readonly endedTimes: Map<string, SpentTimes>
}

/** Trials that somebody works on, with their ids; those in the queue of a cluster only wait. */
export function begunIn({ running }: RunState): readonly (readonly [id: string, trial: RunningTrial])[] {
  return [...running].filter(([, { waits }]) => !waits)
}

/** Trials that this run brought to an end. */
export function endedIn({ ended }: RunState): number {
  return ended.completed + ended.failed + ended.cancelled
}

/** The best dev value among finished trials, of the metric that selects in the first of them. */
export interface Best {
  readonly label: string
  readonly metric: string
  /** Equal for values that can be compared. */
  readonly measure: string
  readonly value: number
}

export function startState(nowMs: number): RunState {
  const ended = { completed: 0, failed: 0, cancelled: 0 }
  const times = { planned: [], workers: 1, endedTimes: new Map() }
  return { startedMs: nowMs, trials: 0, finishedBefore: 0, ended, running: new Map(), ...times }
}

/** Updates the state by an event. */
export function advance(state: RunState, event: RunEvent, nowMs: number): void {
  switch (event.kind) {
    case 'started':
      state.trials = event.trials
      state.finishedBefore = event.finishedBefore
      state.planned = event.times
      state.workers = event.workers
      return
    case 'trial-started':
      state.running.set(event.trialId, {
        label: printable(`${event.label} seed ${event.seed}`),
        elsewhere: event.waits,
        waits: event.waits,
        startedMs: nowMs,
        task: event.task,
        phase: 'start',
        phaseSinceMs: nowMs,
        reports: [],
        // A model that is evaluated is trained.
        spent: event.task === 'train' ? nothingSpent : evaluationBegun,
      })
      return
    case 'trial-progress':
      note(state.running.get(event.trialId), event.event, nowMs)
      return
    case 'trial-retried':
      state.running.delete(event.trialId)
      return
    case 'trial-evaluated':
    case 'evaluation-failed':
      endTimes(state, event.trialId, nowMs)
      state.running.delete(event.trialId)
      return
    case 'trial-finished':
      endTimes(state, event.trialId, nowMs)
      state.running.delete(event.trialId)
      // Nothing of it is evaluated later.
      if (event.record.status !== 'completed') state.endedTimes.set(taskKey(event.trialId, 'evaluate'), evaluated)
      finish(state, event.record)
  }
}

function note(trial: RunningTrial | undefined, event: TrialEvent, nowMs: number): void {
  if (trial === undefined) return
  // Its time in the queue is none of starting.
  if (trial.waits) trial.phaseSinceMs = nowMs
  trial.waits = false
  if (event.kind === 'phase') enter(trial, event.phase, nowMs)
  if (event.kind === 'train') {
    enter(trial, 'train', nowMs)
    noteSteps(trial, event)
  }
  if (event.kind === 'validation') {
    trial.validation = event
    trial.spent = withValidation(spentAt(trial, nowMs))
    trial.phaseSinceMs = nowMs
  }
}

/** The pace of training counts from the first event: a resumed trial had steps before. */
function noteSteps(trial: RunningTrial, event: TrainEvent): void {
  const isFirst = trial.train === undefined
  trial.train = event
  const share = shareOf(trial)
  trial.spent = { ...trial.spent, share, ...(isFirst && { from: share, train: 0 }) }
  const lately = secondHalf(trial)
  if (lately !== undefined) trial.spent = { ...trial.spent, lately }
  trial.reports.push({ share, train: trial.spent.train })
}

/** Of the training since the first report; undefined before the third. */
function secondHalf({ reports, spent: { share, train } }: RunningTrial): SpentTimes['lately'] {
  const [first] = reports
  if (first === undefined) return undefined
  const half = reports.findLast((report) => report.share <= (first.share + share) / 2)
  if (half === undefined || half === first || share === half.share) return undefined
  return { train: train - half.train, share: share - half.share }
}

/** A model that is evaluated is trained. */
const evaluationBegun: SpentTimes = { ...nothingSpent, share: 1, from: 1 }
const evaluated: SpentTimes = { ...evaluationBegun, doing: 'nothing' }

const activities: Readonly<Record<Exclude<TrialPhase, 'compile'>, SpentTimes['doing']>> = {
  ...{ data: 'start', train: 'train', validate: 'validate', test: 'test', write: 'write' },
}

function enter(trial: RunningTrial, phase: TrialPhase, nowMs: number): void {
  const spent = spentAt(trial, nowMs)
  // A graph counts once it is there.
  const compiled = trial.phase === 'compile' && phase !== 'compile' ? withGraph(spent) : spent
  trial.spent = phase === 'compile' ? compiled : { ...compiled, doing: activities[phase] }
  trial.phase = phase
  trial.phaseSinceMs = nowMs
}

function withGraph(spent: SpentTimes): SpentTimes {
  const { doing, compile, compiling } = spent
  if (!isCompiling(doing)) return spent
  const { graphs, ms } = compile[doing]
  return { ...spent, compiling: 0, compile: { ...compile, [doing]: { graphs: graphs + 1, ms: ms + compiling } } }
}

function withValidation(spent: SpentTimes): SpentTimes {
  const { validate, validating, validations } = spent
  return { ...spent, validate: validate + validating, validating: 0, validations: validations + 1 }
}

/** With what the present phase has taken. */
function spentAt({ phase, phaseSinceMs, spent, waits }: RunningTrial, nowMs: number): SpentTimes {
  const { doing } = spent
  if (waits) return spent
  const ms = nowMs - phaseSinceMs
  if (phase === 'compile' && isCompiling(doing)) return { ...spent, compiling: spent.compiling + ms }
  if (doing === 'validate') return { ...spent, validating: spent.validating + ms }
  return doing === 'nothing' ? spent : { ...spent, [doing]: spent[doing] + ms }
}

function isCompiling(doing: SpentTimes['doing']): doing is Compiling {
  return doing === 'train' || doing === 'validate' || doing === 'test'
}

function endTimes({ running, endedTimes }: RunState, trialId: string, nowMs: number): void {
  const trial = running.get(trialId)
  if (trial === undefined) return
  endedTimes.set(taskKey(trialId, trial.task), { ...spentAt(trial, nowMs), doing: 'nothing' })
}

function taskKey(trialId: string, task: RunningTrial['task']): string {
  return `${trialId} ${task}`
}

function finish(state: RunState, record: RunRecord): void {
  state.ended[record.status]++
  const [criterion] = selectChoices(record.spec)
  const metric = criterion && choiceName(criterion)
  const value = metric === undefined ? undefined : record.metrics.dev?.[metric]?.value
  if (metric === undefined || value === undefined || value === null) return
  const spec = record.spec.metrics.find(({ type }) => type === metric)
  const measure = spec === undefined ? metric : measureId(spec)
  // Values of other measures are neither better nor worse.
  if (state.best !== undefined && state.best.measure !== measure) return
  if (state.best === undefined || isBetter(metric, value, state.best.value)) {
    state.best = { label: printable(`${record.label} seed ${record.seed}`), metric, measure, value }
  }
}

/** Fraction of a running trial's steps that are done. */
export function shareOf({ train }: RunningTrial): number {
  return train === undefined ? 0 : train.step / train.totalSteps
}

/** Estimated time left of one running trial; undefined where nothing was planned before its first steps. */
export function trialLeftMs(state: RunState, trialId: string, nowMs: number): number | undefined {
  const trial = state.running.get(trialId)
  if (trial === undefined) return undefined
  const index = state.planned.findIndex((planned) => planned.trialId === trialId && planned.task === trial.task)
  if (index !== -1) return timesLeft(taskTimes(state, nowMs), state.workers)[index]
  const share = shareOf(trial)
  return trial.train === undefined || share === 0 ? undefined : (trial.train.elapsedMs * (1 - share)) / share
}

/** Estimated time left of the whole run; undefined where nothing was planned. */
export function leftMs(state: RunState, nowMs: number): number | undefined {
  return timeLeft(taskTimes(state, nowMs), state.workers)
}

function taskTimes({ planned, running, endedTimes }: RunState, nowMs: number): readonly TaskTimes[] {
  return planned.map(({ trialId, task, times }) => {
    const trial = running.get(trialId)
    const spent = trial?.task === task ? spentAt(trial, nowMs) : endedTimes.get(taskKey(trialId, task))
    return { planned: times, ...(spent && { spent }) }
  })
}
