// What a job has left in files: its events, and the ends of its attempts, whose own files may be late.
import { readFileSync } from 'node:fs'
import Type from 'typebox'
import { matches } from '../../../core/checked-json.js'
import { parseJson } from '../../../core/json.js'
import { elementPath, type FileDigest, missingFiles, predictionFiles, readSealed } from '../../../store/index.js'
import type { AttemptOutcome, TrialJob, WorkerEvent } from '../../messages.js'
import { eventSchema } from '../attempt-schemas.js'
import { type Element, endPath } from './batch.js'
import { type ElementEnd, endSchema } from './end.js'

const lineSchema = Type.Union([
  Type.Object({ trialId: Type.String(), attempt: Type.Number(), event: eventSchema }),
  Type.Object({ message: Type.String({ maxLength: 20_000 }) }),
])

export type ElementLine =
  | { readonly trialId: string; readonly attempt: number; readonly event: WorkerEvent }
  | { readonly message: string }

/** What a job has reported since it was last asked; lines that are none are passed over. */
export function readEvents({ batch, index, events }: Element): readonly ElementLine[] {
  const { lines } = events.read(elementPath(batch.stored.directory, index, 'events'))
  return lines.flatMap((line) => {
    const value = parseJson(line)
    return matches(lineSchema, value) ? [value] : []
  })
}

/** The end of an attempt; why it cannot be taken yet where its file or one of its results is not as it should be. */
export async function readEnd(element: Element, job: TrialJob): Promise<ElementEnd | string> {
  let end: ElementEnd | undefined
  try {
    end = readSealed(endSchema, endPath(element, job))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  if (end === undefined) return `${endPath(element, job)} is missing`
  if (end.trialId !== job.trialId || end.attempt !== job.attempt)
    return `${endPath(element, job)} is of another attempt`
  const problems = end.outcome === undefined ? [] : await missingFiles(job.directory, filesOf(end.outcome))
  return problems.length === 0 ? end : problems.join('; ')
}

function filesOf(outcome: AttemptOutcome): Readonly<Record<string, FileDigest>> {
  if (outcome.kind === 'ran') return outcome.files
  return outcome.kind === 'evaluated' ? predictionFiles(outcome.evaluations) : {}
}

/** The last words of a job, for people; '' where there are none. */
export function lastWords({ batch, index }: Element): string {
  try {
    const text = readFileSync(elementPath(batch.stored.directory, index, 'log'), 'utf8')
    return text.trim().slice(-lastWordsLength)
  } catch {
    return ''
  }
}

const lastWordsLength = 500
