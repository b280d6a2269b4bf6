import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { readCheckpoint } from '../train/checkpoint.js'
import type { TrainState } from '../train/types.js'
import { digestOf } from './files.js'
import { readMark } from './metrics-log.js'

/** Where a trial goes on: a state, and metrics.jsonl cut back to it. */
export interface Resume {
  readonly state: TrainState
  readonly metrics: Buffer
}

/** The furthest whole checkpoint among some attempts' folders; damaged ones are named and passed over. */
export async function findResume(
  directories: readonly string[],
): Promise<{ readonly found?: Resume; readonly problems: readonly string[] }> {
  const problems: string[] = []
  let found: Resume | undefined
  for (const directory of directories) {
    try {
      const resume = await readResume(directory)
      if (resume !== undefined && resume.state.step > (found?.state.step ?? -1)) found = resume
    } catch (error) {
      if (!(error instanceof SeqlabError)) throw error
      problems.push(`${error.message}; an earlier checkpoint is taken, or the trial begins anew`)
    }
  }
  return found === undefined ? { problems } : { found, problems }
}

async function readResume(directory: string): Promise<Resume | undefined> {
  const checkpoint = join(directory, 'checkpoint')
  const state = await readCheckpoint(checkpoint)
  if (state === undefined) return undefined
  const mark = readMark(checkpoint, state.step)
  const path = join(directory, 'metrics.jsonl')
  if (mark === undefined) throw new SeqlabError('run', `${checkpoint} does not say how long metrics.jsonl was`)
  const metrics = (await readFile(path)).subarray(0, mark.bytes)
  if (digestOf(metrics).sha256 === mark.sha256) return { state, metrics }
  throw new SeqlabError('run', `${path} is damaged before step ${state.step}`)
}
