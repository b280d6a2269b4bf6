import type { AttemptFailure, FailureKind } from '../../messages.js'
import type { ElementEnd } from './end.js'

/** What Slurm's states of a job that left no result mean for its attempts, and how that is said. */
const states: Readonly<Record<string, { readonly kind: FailureKind; readonly words: string }>> = {
  TIMEOUT: { kind: 'time-limit', words: 'its job reached its time limit before it had saved' },
  OUT_OF_MEMORY: { kind: 'over-memory', words: 'its job took more memory than it was given' },
  NODE_FAIL: { kind: 'stopped-by-cluster', words: 'the node of its job failed' },
  CANCELLED: { kind: 'stopped-by-cluster', words: 'its job was cancelled' },
  PREEMPTED: { kind: 'stopped-by-cluster', words: 'its job gave way to another one' },
  COMPLETED: { kind: 'stopped-by-cluster', words: 'its job was begun a second time, or left no result' },
  FAILED: { kind: 'host-exited', words: 'its job failed' },
}

const unknown = { kind: 'stopped-by-cluster', words: 'Slurm does not know its job any more' } as const

/** A signal (to save, say) that came before anybody listened to it: no trial is the cause. */
export const endedBeforeItBegan: AttemptFailure = {
  kind: 'stopped-by-cluster',
  message: 'its job was ended before it began',
  shared: false,
}

/** An attempt whose job is gone without a result; `attempts`: so many were left in it. */
export function goneFailure(state: string, lastWords: string, attempts: number): AttemptFailure {
  const { kind, words } = states[state] ?? (state === '' ? unknown : { ...unknown, words: `its job ended as ${state}` })
  const said = lastWords === '' ? '' : `: ${lastWords}`
  const isOwn = kind === 'over-memory' || kind === 'host-exited'
  return { kind, message: `${words}${said}`, shared: isOwn && attempts > 1 }
}

/** An attempt that its job stopped, which nobody had asked for here; undefined where it ended by itself. */
export function stoppedFailure({ outcome, stopped }: ElementEnd): AttemptFailure | undefined {
  const isStopped = outcome?.kind === 'stopped' || (outcome?.kind === 'ran' && outcome.summary.status === 'stopped')
  if (!isStopped) return undefined
  const kind = stopped ?? 'stopped-by-cluster'
  const words = kind === 'time-limit' ? 'its job was about to reach its time limit' : 'its job was ended by the cluster'
  return { kind, message: words, shared: false }
}
