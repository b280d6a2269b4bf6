import type { RunEvent } from '../runner/events.js'
import type { TrialEvent } from '../train/types.js'
import { metricText } from './metrics.js'
import { type Colors, colorsFor, duration, grouped, type Output, seen } from './terminal.js'

/** Shows a run while it goes on; `end` leaves the terminal as it was. */
export interface Progress {
  event(event: RunEvent): void
  end(): void
}

type TrainEvent = Extract<TrialEvent, { kind: 'train' }>
type ValidationEvent = Extract<TrialEvent, { kind: 'validation' }>

/** What is known of a running trial. */
interface Running {
  readonly label: string
  readonly startedMs: number
  phase: string
  train?: TrainEvent
  validation?: ValidationEvent
}

const redrawMs = 100
const plainMs = 5_000

/** A line a trial that redraws itself on a terminal; elsewhere a plain line every few seconds. */
export function createProgress(output: Output, now: () => number = Date.now): Progress {
  return output.isTTY === true ? terminalProgress(output, now) : plainProgress(output, now)
}

export const silent: Progress = { event: () => {}, end: () => {} }

function plainProgress(output: Output, now: () => number): Progress {
  const running = new Map<string, Running>()
  const lastMs = new Map<string, number>()
  const say = (text: string) => output.write(`${text}\n`)
  return {
    event: (event) => {
      const line = announcement(event, running, colorsFor(output), now())
      track(running, event, now())
      if (line !== undefined) say(line)
      if (event.kind !== 'trial-progress' || event.event.kind !== 'train') return
      if (now() - (lastMs.get(event.trialId) ?? 0) < plainMs) return
      lastMs.set(event.trialId, now())
      const trial = running.get(event.trialId)
      if (trial !== undefined) say(`${trial.label}: ${standing(trial)}`)
    },
    end: () => {},
  }
}

function terminalProgress(output: Output, now: () => number): Progress {
  const running = new Map<string, Running>()
  const colors = colorsFor(output)
  let drawn = 0
  let drawnMs = 0
  const erase = () => {
    if (drawn > 0) output.write(`\u001b[${drawn}A\u001b[J`)
    drawn = 0
  }
  const draw = () => {
    const width = (output.columns ?? 80) - 1
    const lines = [...running.values()].map((trial) =>
      clip(`${bar(trial, colors)} ${trial.label} ${standing(trial)}`, width),
    )
    output.write(lines.map((line) => `${line}\n`).join(''))
    drawn = lines.length
    drawnMs = now()
  }
  return {
    event: (event) => {
      const line = announcement(event, running, colors, now())
      track(running, event, now())
      if (line === undefined && now() - drawnMs < redrawMs) return
      erase()
      if (line !== undefined) output.write(`${line}\n`)
      draw()
    },
    end: erase,
  }
}

function track(running: Map<string, Running>, event: RunEvent, nowMs: number): void {
  if (event.kind === 'trial-started') {
    running.set(event.trialId, { label: `${event.label} seed ${event.seed}`, startedMs: nowMs, phase: 'starts' })
  }
  if (event.kind === 'trial-finished' || event.kind === 'trial-retried') running.delete(event.trialId)
  const trial = event.kind === 'trial-progress' ? running.get(event.trialId) : undefined
  if (trial === undefined || event.kind !== 'trial-progress') return
  if (event.event.kind === 'phase') trial.phase = event.event.phase
  if (event.event.kind === 'train') trial.train = event.event
  if (event.event.kind === 'validation') trial.validation = event.event
}

/** A line that stays: something began, ended or went wrong. */
function announcement(
  event: RunEvent,
  running: ReadonlyMap<string, Running>,
  colors: Colors,
  nowMs: number,
): string | undefined {
  switch (event.kind) {
    case 'started':
      return startedLine(event)
    case 'trial-finished': {
      const trial = running.get(event.trialId)
      const took = trial === undefined ? '' : ` after ${duration(nowMs - trial.startedMs)}`
      const status = event.record.status === 'completed' ? colors.green('completed') : colors.red(event.record.status)
      const why = event.record.error === undefined ? '' : `: ${event.record.error.message}`
      return `${event.record.label} seed ${event.record.seed}: ${status}${took}${why}`
    }
    case 'trial-retried':
      return `${colors.yellow('again')}: ${event.trialId}: ${event.error.message}`
    case 'warning':
      return `${colors.yellow('warning')}: ${event.message}`
    case 'trial-progress':
      return event.event.kind === 'validation'
        ? validationLine(event.event, running.get(event.trialId)?.label ?? '')
        : undefined
    default:
      return undefined
  }
}

function startedLine({ study, trials, finishedBefore, directory }: Extract<RunEvent, { kind: 'started' }>): string {
  const done = finishedBefore === 0 ? '' : `, ${finishedBefore} of them finished before`
  return `${study}: ${trials === 1 ? '1 trial' : `${trials} trials`}${done}, in ${directory}`
}

function validationLine({ step, lossNatsPerToken, metrics, best }: ValidationEvent, label: string): string {
  const told = Object.entries(metrics).map(([name, value]) => `${name} ${metricText(name, value)}`)
  const loss = `loss ${lossNatsPerToken.toFixed(4)}`
  return `${label}: validated at step ${grouped(step)}: ${[...told, loss].join(', ')}${best ? ' (best)' : ''}`
}

/** `step 1,200/5,000  loss 0.4123  12,300 tokens/s  1:12 left  dev per 9.8 %`. */
function standing({ train, validation, phase }: Running): string {
  if (train === undefined) return phaseText(phase)
  const share = train.step / train.totalSteps
  const leftMs = train.step === 0 ? 0 : (train.elapsedMs * (1 - share)) / share
  const [metric, value] = Object.entries(validation?.metrics ?? {})[0] ?? []
  const parts = [
    `step ${grouped(train.step)}/${grouped(train.totalSteps)}`,
    `loss ${train.lossNatsPerToken.toFixed(4)}`,
    `${grouped(train.tokensPerSecond)} tokens/s`,
    `${duration(leftMs)} left`,
    ...(metric === undefined || value === undefined ? [] : [`dev ${metric} ${metricText(metric, value)}`]),
    ...(phase === 'train' ? [] : [phaseText(phase)]),
  ]
  return parts.join('  ')
}

const phases: Readonly<Record<string, string>> = {
  data: 'reads data',
  compile: 'compiles',
  train: 'trains',
  validate: 'validates',
  test: 'predicts the test set',
  write: 'writes',
}

function phaseText(phase: string): string {
  return phases[phase] ?? phase
}

const barWidth = 20

function bar({ train }: Running, colors: Colors): string {
  const share = train === undefined ? 0 : train.step / train.totalSteps
  const full = Math.round(share * barWidth)
  return `${colors.green('━'.repeat(full))}${colors.dim('─'.repeat(barWidth - full))}`
}

/** A line that does not wrap: redrawing counts lines. */
function clip(line: string, width: number): string {
  if (seen(line) <= width) return line
  let kept = line
  while (seen(kept) > width - 1) kept = kept.slice(0, -1)
  return `${kept}…\u001b[0m`
}
