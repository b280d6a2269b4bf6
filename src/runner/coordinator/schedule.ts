import type { Task } from './task.js'

/**
 * Order of starting: longest expected first, so that no long trial is left for the end; equals in the plan's order (sort
 * is stable).
 */
export function byExpectedTime(left: Task, right: Task): number {
  return expectedMs(right) - expectedMs(left)
}

/** An evaluation is short: it comes after what is trained. */
function expectedMs({ kind, trial }: Task): number {
  return kind === 'train' ? (trial.cost?.milliseconds ?? 0) : -1
}
