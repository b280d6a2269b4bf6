import type { PlainError } from '../../core/errors.js'
import { type Ending, isFinished, type RunRecord } from '../../store/index.js'
import type { RunOutcome } from '../events.js'
import type { AttemptOutcome } from '../messages.js'

/** How an attempt with a result ended its trial; `cancelled` is why, where the run itself stopped it. */
export function endingOf(
  { summary, data, engine, machine }: Extract<AttemptOutcome, { kind: 'ran' }>,
  attempts: number,
  versions: Readonly<Record<string, string>>,
  cancelled: PlainError | undefined,
): Ending {
  const status = summary.status === 'stopped' ? 'cancelled' : summary.status
  return {
    ...{ status, attempts, summary, data },
    versions: { ...versions, engine: engine.version },
    engine: engine.name,
    ...(machine !== undefined && { machine }),
    ...(status === 'cancelled' && cancelled !== undefined ? { error: cancelled } : {}),
  }
}

/** A run's status from the records of its `trials` trials, and from its evaluations of trained models. */
export function statusOf(
  records: readonly RunRecord[],
  trials: number,
  evaluations: { readonly unfinished: boolean; readonly failed: boolean },
): RunOutcome['status'] {
  if (records.filter(isFinished).length < trials || evaluations.unfinished) return 'interrupted'
  return evaluations.failed || records.some(({ status }) => status === 'failed') ? 'some-failed' : 'completed'
}
