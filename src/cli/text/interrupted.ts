import type { RunOutcome } from '../../runner/events.js'
import { clusterAttempts } from '../../store/index.js'
import { printable } from './printable.js'

/** Missing evaluations that are named; the others are counted. */
const named = 3

/** `stopped: 2 of 3 trials finished, 1 evaluation missing (beam seed 1); the same command continues`. */
export function interruptedLine({ records, missing }: Pick<RunOutcome, 'records' | 'missing'>, trials: number): string {
  const finished = records.filter(({ status, error }) => status === 'completed' || error !== undefined).length
  const done = `${finished} of ${trials === 1 ? '1 trial' : `${trials} trials`} finished`
  return `stopped: ${[done, ...missingText(missing)].join(', ')}; the same command continues`
}

/** `on the cluster: 3 queued, 2 running, 5 done; the same command takes the results`. */
export function detachedLine({ directory, records }: Pick<RunOutcome, 'directory' | 'records'>): string {
  return `on the cluster: ${clusterCounts(directory, records.length)}; the same command takes the results`
}

/** `3 queued, 2 running, 1 computed, 4 done`. */
export function clusterCounts(directory: string, done: number): string {
  const states = [...clusterAttempts(directory).values()].map(({ state }) => state)
  const of = (state: string) => states.filter((each) => each === state).length
  const computed = of('computed') === 0 ? [] : [`${of('computed')} computed`]
  return [`${of('queued')} queued`, `${of('running')} running`, ...computed, `${done} done`].join(', ')
}

function missingText(missing: RunOutcome['missing']): readonly string[] {
  if (missing.length === 0) return []
  const names = missing.slice(0, named).map(({ label, seed }) => printable(`${label} seed ${seed}`))
  const more = missing.length > named ? [`${missing.length - named} more`] : []
  const count = missing.length === 1 ? '1 evaluation' : `${missing.length} evaluations`
  return [`${count} missing (${[...names, ...more].join(', ')})`]
}
