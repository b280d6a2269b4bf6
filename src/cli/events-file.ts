import { closeSync, openSync } from 'node:fs'
import { toPlainError } from '../core/errors.js'
import { atPlace, writeFully } from '../core/files.js'
import { jsonLine } from '../core/json.js'
import { endedEvent, type ProgressEvent, progressEvent } from '../library/progress-events.js'
import type { TrainEvent } from '../library/run-prepared.js'
import type { RunOutcome } from '../runner/events.js'

/** Where `--events` writes. */
export interface EventsFile {
  write(event: TrainEvent): void
  /** Writes the last event. */
  end(outcome: Pick<RunOutcome, 'status' | 'directory'>): void
  close(): void
}

const none: EventsFile = { write: () => {}, end: () => {}, close: () => {} }

/**
 * Opens a file, which is emptied, or stdout (`-`). Throws SeqlabError 'run' where it cannot be written; a line that cannot be
 * ends no run: `warn` says so once.
 */
export async function openEvents(path: string | undefined, warn: (message: string) => void): Promise<EventsFile> {
  if (path === undefined) return none
  const file = path === '-' ? undefined : await atPlace({ option: '--events' }, () => openSync(path, 'w'))
  let failed = false
  const write = (event: ProgressEvent) => {
    if (failed) return
    try {
      const line = `${jsonLine(event)}\n`
      if (file === undefined) process.stdout.write(line)
      else writeFully(file, Buffer.from(line))
    } catch (error) {
      failed = true
      warn(`no more events are written to ${path}: ${toPlainError(error).message}`)
    }
  }
  const now = () => new Date().toISOString()
  return {
    write: (event) => write(progressEvent(event, now())),
    end: (outcome) => write(endedEvent(outcome, now())),
    close: () => {
      if (file !== undefined) closeSync(file)
    },
  }
}
