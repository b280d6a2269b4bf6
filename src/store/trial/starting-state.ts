import { dirname, join, resolve } from 'node:path'
import { SeqlabError } from '../../core/errors.js'
import type { TrainState } from '../../train/types.js'
import { foldersIn, hasCheckpoint, trialPath } from '../layout.js'
import { readCheckpoint } from './checkpoint.js'

/** The state in a trial's folder or in a checkpoint's, for `train.init.from`. Throws SeqlabError 'run' where there is none. */
export async function readStartingState(from: string): Promise<TrainState> {
  const state = (await readCheckpoint(trialPath(from, 'checkpoint'))) ?? (await readCheckpoint(from))
  if (state !== undefined) return state
  const message = `${from} has no checkpoint`
  throw new SeqlabError('run', `train.init.from: ${message}`, {
    problems: [{ path: 'train.init.from', message, expected: "a trial's folder, `runs/<study>/<trial id>`" }],
    hint: foldersNear(from),
  })
}

/** What there is instead: the trials in it, where it is a study's folder, else its neighbours. */
function foldersNear(from: string): string {
  for (const folder of [from, dirname(resolve(from))]) {
    const trials = trialsIn(folder)
    const more = trials.length > 8 ? `, and ${trials.length - 8} more` : ''
    if (trials.length > 0) return `In ${folder} there are: ${trials.slice(0, 8).join(', ')}${more}.`
  }
  return 'The path is relative to the working directory.'
}

/** Names of folders with a checkpoint; none where that is no folder. */
function trialsIn(folder: string): readonly string[] {
  try {
    return foldersIn(folder).filter((name) => hasCheckpoint(join(folder, name)))
  } catch {
    return []
  }
}
