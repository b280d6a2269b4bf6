import { statSync } from 'node:fs'
import { metricsLineOf, openTail } from '../../../store/index.js'
import { addLine, emptyHistory, type RunHistory } from '../../analysis/running/history.js'
import type { Reached } from '../../analysis/running/progress.js'

/** What a run has recorded, read as it grows. */
export interface FollowedRun {
  readonly history: RunHistory
  /** The version at which it began anew: pages that saw it before forget it. */
  readonly begun: number
  /** The step that was found first, and the last one, with their times. */
  readonly first: Reached | undefined
  readonly last: Reached | undefined
  /** Reads what is new; whether anything is. */
  read(path: string, version: number): boolean
}

export function followRun(): FollowedRun {
  const tail = openTail()
  let [history, begun] = [emptyHistory(), 0]
  let first: Reached | undefined
  let last: Reached | undefined
  return {
    get history() {
      return history
    },
    get begun() {
      return begun
    },
    get first() {
      return first
    },
    get last() {
      return last
    },
    read: (path, version) => {
      const { lines, restarted } = tail.read(path)
      if (restarted) [history, begun, first, last] = [emptyHistory(), version, undefined, undefined]
      for (const text of lines) {
        const line = metricsLineOf(text)
        if (line !== undefined) addLine(history, line, version)
      }
      if (lines.length > 0 && history.step > (last?.step ?? 0)) {
        last = { step: history.step, ms: writtenMs(path) }
        first ??= last
      }
      return restarted || lines.length > 0
    },
  }
}

function writtenMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
}
