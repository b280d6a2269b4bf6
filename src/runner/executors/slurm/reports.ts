import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeFully } from '../../../core/files.js'
import { jsonLine } from '../../../core/json.js'
import { diskProblem, elementPath, endName, writeSealed } from '../../../store/index.js'
import type { TrialJob, WorkerEvent } from '../../messages.js'
import type { ElementEnd } from './end.js'

export type StopReason = NonNullable<ElementEnd['stopped']>

/** What a job of an array tells its coordinator, by files: events as lines, and the end of each attempt. */
export interface Reports {
  event(job: TrialJob, event: WorkerEvent): void
  warn(message: string): void
  end(job: TrialJob, how: Pick<ElementEnd, 'outcome' | 'failure'>, stopped: StopReason | undefined): void
  /** Resolves once every end is in its file. Throws where a disk stays full. */
  settled(): Promise<void>
}

/** An end that cannot be written yet (a full disk) would be taken for a failure of its trial: it is tried again. */
async function writeWhenPossible(path: string, end: object): Promise<void> {
  for (let left = writesAtMost; ; left--) {
    try {
      return writeSealed(path, end)
    } catch (error) {
      if (left === 0 || diskProblem(error) === undefined) throw error
      await sleep(writeAgainMs)
    }
  }
}

const writesAtMost = 600
const writeAgainMs = 1000

/** Training events of a trial; the coordinator reads them when it looks at the queue. */
const shownEveryMs = 2000

export function createReports(batchDirectory: string, index: number): Reports {
  const log = openSync(elementPath(batchDirectory, index, 'events'), 'a')
  const ends: Promise<void>[] = []
  const shownAt = new Map<string, number>()
  const write = (line: object) => {
    try {
      writeFully(log, Buffer.from(`${jsonLine(line)}\n`))
    } catch {
      // Nothing depends on what is shown; a full disk is reported by what is to be kept.
    }
  }
  return {
    event: ({ trialId, attempt }, event) => {
      if (event.kind === 'trial' && event.event.kind === 'train') {
        const now = performance.now()
        if (now - (shownAt.get(trialId) ?? Number.NEGATIVE_INFINITY) < shownEveryMs) return
        shownAt.set(trialId, now)
      }
      write({ trialId, attempt, event })
    },
    warn: (message) => write({ message }),
    end: ({ trialId, attempt }, how, stopped) => {
      const end = { schemaVersion: 1, trialId, attempt, ...how, ...(stopped && { stopped }) }
      ends.push(writeWhenPossible(join(batchDirectory, endName(index, { trialId, attempt })), end))
    },
    settled: async () => {
      await Promise.all(ends)
      closeSync(log)
    },
  }
}
