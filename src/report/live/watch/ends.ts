import { makespan } from '../../../runner/time-left.js'

/** A trial whose end is expected, in milliseconds since 1970. */
export interface Running {
  readonly begunMs?: number | undefined
  readonly endMs?: number | undefined
}

export interface Work {
  readonly running: readonly Running[]
  /** Trials that are to come. */
  readonly waiting: number
  /** Milliseconds that each of the ended trials took. */
  readonly took: readonly number[]
}

/**
 * When the last trial is expected to end, in milliseconds since 1970: those that wait take as long as those that ended took on
 * average, else as those that run are expected to, with as many at a time as now. Undefined where nothing runs, or of what is
 * left nothing is known.
 */
export function expectedEnd({ running, waiting, took }: Work, nowMs: number): number | undefined {
  const whole = running.flatMap(({ begunMs, endMs }) =>
    begunMs === undefined || endMs === undefined ? [] : [endMs - begunMs],
  )
  const one = mean(took) ?? mean(whole)
  const left = running.map(({ begunMs, endMs }) => {
    if (endMs !== undefined) return endMs - nowMs
    return one === undefined ? undefined : one - (nowMs - (begunMs ?? nowMs))
  })
  const known = left.filter((ms) => ms !== undefined)
  if (running.length === 0 || known.length < left.length || (waiting > 0 && one === undefined)) return undefined
  const busy = known.map((ms) => Math.max(1, ms))
  return (
    nowMs +
    makespan(
      busy,
      Array.from({ length: waiting }, () => one ?? 0),
      busy.length,
    )
  )
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** To whole steps of five seconds: an estimate that changes at every look says no more. */
export function roundedTime(ms: number): number {
  return Math.round(ms / 5000) * 5000
}
