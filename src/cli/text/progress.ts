import { toPlainError } from '../../core/errors.js'
import { count } from '../../report/format/numbers.js'
import { duration, lossText } from '../../report/format/values.js'
import type { RunEvent } from '../../runner/events.js'
import { type RunRecord, tookMs } from '../../store/index.js'
import type { TrialEvent } from '../../train/types.js'
import { metricText } from './metrics.js'
import { printable, printableLines } from './printable.js'
import {
  advance,
  begunIn,
  endedIn,
  leftMs,
  type RunningTrial,
  type RunState,
  shareOf,
  startState,
  trialLeftMs,
} from './run-state.js'
import { type Colors, colorsFor, type Output } from './terminal.js'
import { clipped } from './width.js'

/** Shows the progress of a run; `end` leaves the terminal as it was. */
export interface Progress {
  event(event: RunEvent): void
  /** A line that stays above what is redrawn. */
  say(line: string): void
  end(): void
}

const redrawMs = 100
const plainMs = 5_000

/** On a terminal, one line per trial that redraws itself; elsewhere, a plain line every few seconds. */
export function createProgress(output: Output, now: () => number = Date.now): Progress {
  return tolerated(output.isTTY === true ? terminalProgress(output, now) : plainProgress(output, now))
}

/** Progress that cannot be shown ends nothing, and what is said next is tried again. */
function tolerated(progress: Progress): Progress {
  let failed = false
  const attempt = (show: () => void) => {
    try {
      show()
    } catch (error) {
      if (failed) return
      failed = true
      attempt(() => progress.say(`warning: progress cannot be shown: ${toPlainError(error).message}`))
    }
  }
  return {
    event: (event) => attempt(() => progress.event(event)),
    say: (line) => attempt(() => progress.say(line)),
    end: () => attempt(() => progress.end()),
  }
}

/** No progress: warnings alone. */
export function createSilence(output: Output): Progress {
  const say = (line: string) => void output.write(`${line}\n`)
  const colors = colorsFor(output)
  return {
    event: (event) => {
      if (event.kind === 'warning') say(`${colors.yellow('warning')}: ${printableLines(event.message)}`)
    },
    say,
    end: () => {},
  }
}

function plainProgress(output: Output, now: () => number): Progress {
  const state = startState(now())
  const lastMs = new Map<string, number>()
  const colors = colorsFor(output)
  const say = (text: string) => void output.write(`${text}\n`)
  const compiled = new Set<string>()
  // The first compilation of a trial is shown, since nothing else is for a while; of training, a line every few seconds.
  const isDue = ({ trialId, event }: Extract<RunEvent, { kind: 'trial-progress' }>) => {
    const first = event.kind === 'phase' && event.phase === 'compile' && !compiled.has(trialId)
    if (first) compiled.add(trialId)
    const later = event.kind === 'train' && now() - (lastMs.get(trialId) ?? 0) >= plainMs
    if (later) lastMs.set(trialId, now())
    return first || later
  }
  return {
    event: (event) => {
      const line = announcement(event, state, colors, now())
      advance(state, event, now())
      if (line !== undefined) say(line)
      if (event.kind === 'trial-finished' && state.trials > 1) say(overall(state, now()))
      if (event.kind !== 'trial-progress' || !isDue(event)) return
      const trial = state.running.get(event.trialId)
      if (trial !== undefined) say(`${trial.label}: ${progressText(trial, trialLeftMs(state, event.trialId, now()))}`)
    },
    say,
    end: () => {},
  }
}

function terminalProgress(output: Output, now: () => number): Progress {
  const state = startState(now())
  const colors = colorsFor(output)
  let drawn = 0
  let drawnMs = 0
  let ended = false
  const erase = () => {
    if (drawn > 0) output.write(`\u001b[${drawn}A\u001b[J`)
    drawn = 0
  }
  const draw = () => {
    // What comes after the end (a host that was killed, a late warning) must leave no table behind.
    if (ended) return
    // What waits in a queue is a number among what is left.
    const begun = state.trials === 1 ? [...state.running] : begunIn(state)
    const trials = begun.map(
      ([id, trial]) => `${bar(trial, colors)} ${trial.label}  ${progressText(trial, trialLeftMs(state, id, now()))}`,
    )
    // A terminal without a known size reports 0. No more than the screen holds: what has scrolled off it cannot be
    // redrawn.
    const shown = trials.slice(0, Math.max(1, (output.rows || 24) - 2))
    const lines = state.trials > 1 ? [...shown, colors.dim(overall(state, now()))] : shown
    const width = (output.columns || 80) - 1
    output.write(lines.map((line) => `${clipped(line, width)}\n`).join(''))
    drawn = lines.length
    drawnMs = now()
  }
  return {
    event: (event) => {
      const line = announcement(event, state, colors, now())
      advance(state, event, now())
      // Nothing may follow for a long time on the start of the only one.
      const isOnly = event.kind === 'trial-started' && state.trials === 1
      if (line === undefined && !isOnly && now() - drawnMs < redrawMs) return
      erase()
      if (line !== undefined) output.write(`${line}\n`)
      draw()
    },
    say: (line) => {
      erase()
      output.write(`${line}\n`)
      draw()
    },
    end: () => {
      erase()
      ended = true
    },
  }
}

/** A line that stays: something started, ended or failed. `state` is as it was before the event. */
function announcement(event: RunEvent, state: RunState, colors: Colors, nowMs: number): string | undefined {
  switch (event.kind) {
    case 'started':
      return startedLine(event)
    case 'trial-finished':
      return finishedLine(event, state, colors, nowMs)
    case 'trial-evaluated':
      return evaluatedLine(event, colors)
    case 'evaluation-failed':
      return `${printable(event.label)} seed ${event.seed}: ${colors.red('not evaluated')}: ${printableLines(event.error.message)}`
    case 'trial-retried':
      return `${colors.yellow('retrying')}: ${state.running.get(event.trialId)?.label ?? event.trialId}: ${printableLines(event.error.message)}`
    case 'warning':
      return `${colors.yellow('warning')}: ${printableLines(event.message)}`
    case 'trial-progress':
      return event.event.kind === 'validation' || event.event.kind === 'average'
        ? validationLine(event.event, state.running.get(event.trialId))
        : undefined
    default:
      return undefined
  }
}

/** `scorers: 6 trials (4 finished, 2 new), in runs/scorers`. */
function startedLine(event: Extract<RunEvent, { kind: 'started' }>): string {
  const { study, trials, directory, earlier } = event
  const states = trialStates(event)
  const of = states.length === 0 ? '' : ` (${states.join(', ')})`
  const kept = `${counted(earlier, 'trial')} of an earlier plan kept, not part of this one`
  return printable(`${study}: ${counted(trials, 'trial')}${of}, in ${directory}${earlier === 0 ? '' : `; ${kept}`}`)
}

/** How far its trials had come before; empty where nothing had begun. */
function trialStates(event: Extract<RunEvent, { kind: 'started' }>): string[] {
  const { trials, finishedBefore, added, toEvaluate } = event
  const rest = trials - finishedBefore - added
  if (finishedBefore === 0 && added === 0) return []
  return [
    ...(finishedBefore === 0 ? [] : [`${finishedBefore} finished`]),
    ...(toEvaluate === 0 ? [] : [`${toEvaluate} of them to evaluate`]),
    ...(rest === 0 ? [] : [`${rest} to do`]),
    ...(added === 0 ? [] : [`${added} new`]),
  ]
}

function counted(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`
}

function evaluatedLine({ seed, evaluation }: Extract<RunEvent, { kind: 'trial-evaluated' }>, colors: Colors): string {
  return `${printable(evaluation.label)} seed ${seed}: ${colors.green('evaluated')}`
}

function finishedLine(
  { trialId, record }: Extract<RunEvent, { kind: 'trial-finished' }>,
  { running }: RunState,
  colors: Colors,
  nowMs: number,
): string {
  const trial = running.get(trialId)
  const took = trial === undefined ? '' : ` after ${duration(msOf(trial, record, nowMs))}`
  const status = record.status === 'completed' ? colors.green('completed') : colors.red(record.status)
  const why = record.error === undefined ? '' : `: ${printableLines(record.error.message)}`
  return `${printable(record.label)} seed ${record.seed}: ${status}${took}${why}`
}

/** Since it was started here; what it took a machine of a cluster is in its record alone. */
function msOf({ elsewhere, startedMs }: RunningTrial, record: RunRecord, nowMs: number): number {
  return elsewhere ? tookMs(record) : nowMs - startedMs
}

function validationLine(
  event: Extract<TrialEvent, { kind: 'validation' | 'average' }>,
  trial: RunningTrial | undefined,
): string {
  const { loss, metrics, best } = event
  const what =
    event.kind === 'average'
      ? `validated the mean of the last ${event.validations} validations`
      : `validated at step ${count(event.step)}`
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${metricText(name, value)}`)
  const parts = [...values, `loss ${lossText(loss)}`].join(', ')
  return `${trial?.label ?? ''}: ${what}: ${parts}${best ? ' (best)' : ''}`
}

/** `3 done, 2 running, 0 failed, 5 left  best dev per 9.8 % (additive seed 1)  4 min 10 s left`. */
function overall(state: RunState, nowMs: number): string {
  const { trials, finishedBefore, ended, best } = state
  const begun = begunIn(state)
  const training = begun.filter(([, { task }]) => task === 'train').length
  const waiting = trials - finishedBefore - endedIn(state) - training
  const left = leftMs(state, nowMs)
  const cancelled = ended.cancelled === 0 ? '' : `, ${ended.cancelled} cancelled`
  return [
    `${finishedBefore + ended.completed} done, ${begun.length} running, ${ended.failed} failed${cancelled}, ${waiting} left`,
    ...(best === undefined ? [] : [`best dev ${best.metric} ${metricText(best.metric, best.value)} (${best.label})`]),
    ...(left === undefined ? [] : [`${duration(left)} left`]),
  ].join('  ')
}

/** `step 1,200/5,000  loss 0.4123  1 min 12 s left  12,300 tokens/s  dev per 9.8 %`; `compiling  2 min left` before. */
function progressText(trial: RunningTrial, left: number | undefined): string {
  const { train, validation, phase, waits } = trial
  if (waits) return 'waiting in the queue'
  const time = left === undefined ? [] : [`${duration(left)} left`]
  if (train === undefined) return [phases[phase], ...time].join('  ')
  const [metric, value] = Object.entries(validation?.metrics ?? {})[0] ?? []
  return [
    `step ${count(train.step)}/${count(train.totalSteps)}`,
    `loss ${lossText(train.loss)}`,
    ...time,
    `${count(train.tokensPerSecond)} tokens/s`,
    ...(metric === undefined || value === undefined ? [] : [`dev ${metric} ${metricText(metric, value)}`]),
    ...(phase === 'train' ? [] : [phases[phase]]),
  ].join('  ')
}

const phases: Readonly<Record<RunningTrial['phase'], string>> = {
  start: 'starting',
  data: 'reading data',
  compile: 'compiling',
  train: 'training',
  validate: 'validating',
  test: 'predicting the test set',
  write: 'writing results',
}

const barWidth = 20

function bar(trial: RunningTrial, colors: Colors): string {
  const full = Math.round(shareOf(trial) * barWidth)
  return `${colors.green('━'.repeat(full))}${colors.dim('─'.repeat(barWidth - full))}`
}
