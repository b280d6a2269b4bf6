// What the answers of a process are worth once it has ended, and who goes on with which changes.
import { type Answer, type Change, exits } from './work.js'

/** What a process did until it ended. */
export interface Ended {
  /** How many changes it answered that hold, since the tests still passed unchanged afterwards. */
  readonly settled: number
  /** What it answered since then. */
  readonly pending: readonly Answer[]
  /** Whether it ended in the middle of a change, not while the tests ran unchanged. */
  readonly trying: boolean
  readonly checkEach: boolean
  /** Null where a signal ended it. */
  readonly code: number | null
}

export interface Settlement {
  /** More answers that hold. */
  readonly answers: readonly Answer[]
  /** What the next process is to try. */
  readonly left: readonly Change[]
  /** Ids of changes that are tried with a look at the unchanged tests after each. */
  readonly doubted: ReadonlySet<number>
}

/**
 * Settles what a process did of `changes`. A change that made it end (an endless loop, a full heap) is noticed. Where the tests
 * fail unchanged in the end, some change has left something: what was answered since they last passed is tried again. Errors:
 * a process that ends on the unchanged code before it has tried anything: every other would.
 */
export function settle(changes: readonly Change[], doubted: ReadonlySet<number>, ended: Ended): Settlement {
  const { settled, pending, trying, checkEach, code } = ended
  const unsettled = changes.slice(settled)
  // The answer itself is from before the change could leave anything.
  if (code === exits.stained && !checkEach) {
    return { answers: [], left: unsettled, doubted: new Set([...doubted, ...pending.map(({ id }) => id)]) }
  }
  const [next, ...others] = unsettled.slice(pending.length)
  if (next === undefined || code === exits.stained || code === exits.spent) {
    return { answers: pending, left: unsettled.slice(pending.length), doubted }
  }
  if (trying) return { answers: [...pending, { id: next.id, noticed: true }], left: others, doubted }
  if (settled + pending.length === 0) throw new Error('The tests cannot be run without any change: see above')
  return { answers: pending, left: [next, ...others], doubted }
}

/** What one process tries: first what is in doubt, alone. */
export function portionOf(left: readonly Change[], doubted: ReadonlySet<number>) {
  const [first] = left
  if (first === undefined || !doubted.has(first.id)) return { changes: left, checkEach: false }
  const end = left.findIndex(({ id }) => !doubted.has(id))
  return { changes: end < 0 ? left : left.slice(0, end), checkEach: true }
}
