import { readFileSync, statSync } from 'node:fs'
import { type BegunRun, metricsLineOf } from '../../../store/index.js'
import { addLine, bestOnDev, emptyHistory, type RunHistory } from './history.js'
import { stepsInAll, trainingLeftMs } from './progress.js'
import { selectedBy, trainingLength } from './settings.js'

/** How far a run is that has no result yet. */
export interface RunProgress {
  readonly step: number
  /** In all, where that is known. */
  readonly steps?: number
  /** The best value on dev so far of the metric that selects. */
  readonly dev?: { readonly metric: string; readonly value: number }
  /** Until its last step; absent where nobody trains it, or its pace is not known. */
  readonly leftMs?: number
}

/** Reads a run's curve. Its pace is that since its attempt began, at the step of the checkpoint that it took over. */
export function runProgress({ start, curve, settings }: BegunRun, nowMs: number): RunProgress {
  const history = curve === undefined ? emptyHistory() : readHistory(curve)
  const dev = bestOnDev(history, selectedBy(settings))
  const steps = stepsInAll(trainingLength(settings), history)
  const written = curve === undefined ? undefined : statSync(curve, { throwIfNoEntry: false })?.mtimeMs
  const left =
    start === undefined || written === undefined
      ? undefined
      : trainingLeftMs(steps, start, { step: history.step, ms: written })
  return {
    step: history.step,
    ...(steps !== undefined && { steps }),
    ...(dev && { dev }),
    ...(left !== undefined && written !== undefined && { leftMs: Math.max(0, left - (nowMs - written)) }),
  }
}

/** A line that is still written is left out. */
function readHistory(path: string): RunHistory {
  const history = emptyHistory()
  for (const text of textOf(path).split('\n')) {
    const line = metricsLineOf(text)
    if (line !== undefined) addLine(history, line, 0)
  }
  return history
}

/** '' where its attempt has been published since it was found. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
