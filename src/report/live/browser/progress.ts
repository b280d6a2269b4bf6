import type { StudyRow, TrialRow } from '../types.js'
import { element } from './dom.js'

/** How much of a trial's training is done; its text stands next to it. */
export function trialBar({ step = 0, steps, status }: TrialRow): HTMLElement {
  const share = status === 'completed' ? 1 : steps === undefined || steps === 0 ? 0 : Math.min(1, step / steps)
  const kind = status === 'completed' ? 'done' : status === 'failed' || status === 'damaged' ? 'lost' : ''
  return bar([[share, kind]])
}

/** Which share of a study's trials has ended, and how. */
export function studyBar({ trials, counts }: StudyRow): HTMLElement {
  const share = (number = 0) => (trials === 0 ? 0 : number / trials)
  const lost = (counts.failed ?? 0) + (counts.cancelled ?? 0) + (counts.damaged ?? 0)
  return bar([
    [share(counts.completed), 'done'],
    [share(lost), 'lost'],
    [share(counts.running), ''],
  ])
}

function bar(parts: readonly (readonly [share: number, kind: string])[]): HTMLElement {
  const filled = parts.map(([share, kind]) => {
    const part = element('span', { class: kind })
    part.style.width = `${100 * share}%`
    return part
  })
  return element('span', { class: 'bar', 'aria-hidden': 'true' }, element('span', { class: 'stack' }, ...filled))
}
