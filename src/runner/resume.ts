import { copyFileSync, linkSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { readCheckpoint } from '../train/loop/checkpoint.js'
import type { TrainState } from '../train/types.js'
import { digestOf, temporarySuffix } from './files.js'
import { readMark } from './metrics-log.js'

/** Where a trial goes on: a state, and metrics.jsonl cut back to it. */
export interface Resume {
  /** The earlier attempt's folder. */
  readonly directory: string
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

/**
 * Takes a checkpoint over into a new attempt's folder, which may have nothing to add to it. Its files are only ever
 * replaced, never changed, so both folders may name the same ones.
 */
export async function adoptCheckpoint(from: string, to: string): Promise<void> {
  const [source, target] = [join(from, 'checkpoint'), join(to, 'checkpoint')]
  for (const name of await readdir(source)) {
    if (name.endsWith(temporarySuffix)) continue
    try {
      linkSync(join(source, name), join(target, name))
    } catch {
      // A file system without hard links.
      copyFileSync(join(source, name), join(target, name))
    }
  }
}

async function readResume(directory: string): Promise<Resume | undefined> {
  const checkpoint = join(directory, 'checkpoint')
  const state = await readCheckpoint(checkpoint)
  if (state === undefined) return undefined
  const mark = readMark(checkpoint, state.step)
  const path = join(directory, 'metrics.jsonl')
  if (mark === undefined) throw new SeqlabError('run', `${checkpoint} does not say how long metrics.jsonl was`)
  const metrics = (await readOrNothing(path)).subarray(0, mark.bytes)
  if (digestOf(metrics).sha256 === mark.sha256) return { directory, state, metrics }
  throw new SeqlabError('run', `${path} is damaged before step ${state.step}`)
}

async function readOrNothing(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
}
