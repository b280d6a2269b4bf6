import { counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { duration } from '../../format/values.js'
import type { Model } from '../model.js'
import type { StudyRow, TrialRow, TrialStatus } from '../types.js'

const order: readonly TrialStatus[] = [
  'running',
  'computed',
  'queued',
  'waiting',
  'interrupted',
  'completed',
  'failed',
  'cancelled',
  'damaged',
]

/** `6 trials: 1 running, 2 waiting, 3 completed`. */
export function countsText({ trials, counts }: StudyRow): string {
  const parts = order.flatMap((status) => (counts[status] === undefined ? [] : [`${count(counts[status])} ${status}`]))
  return `${counted(trials, 'trial')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`
}

/** `4 min 10 s left, until about 21:43`; '' where nothing is known. */
export function endText(endMs: number | undefined, { aheadMs }: Pick<Model, 'aheadMs'>): string {
  if (endMs === undefined) return ''
  const left = Math.max(0, endMs - aheadMs - Date.now())
  if (left < 5000) return 'ends soon'
  const date = new Date(Date.now() + left)
  const clock = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  const day = left > 12 * 3_600_000 ? `${date.toLocaleDateString()} ` : ''
  return `${duration(left)} left (until about ${day}${clock})`
}

/** `step 1,200 of 5,000`; '' where it has not begun. */
export function stepText({ step, steps }: TrialRow): string {
  if (step === undefined) return ''
  return steps === undefined || steps === step ? `step ${count(step)}` : `step ${count(step)} of ${count(steps)}`
}

export function runName({ label, seed }: Pick<TrialRow, 'label' | 'seed'>): string {
  return seed === undefined ? label : `${label}, seed ${seed}`
}

/** `3 min ago`. */
export function agoText(ms: number, { aheadMs }: Pick<Model, 'aheadMs'>): string {
  const passed = Math.max(0, Date.now() + aheadMs - ms)
  if (passed < 60_000) return 'now'
  const minutes = Math.round(passed / 60_000)
  if (minutes < 60) return `${minutes} min ago`
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} d ago`
}
