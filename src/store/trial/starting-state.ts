import { dirname, join, resolve } from 'node:path'
import { SeqlabError } from '../../core/errors.js'
import { leaves } from '../../core/tree.js'
import type { StartingPoint } from '../../train/types.js'
import { foldersIn, hasCheckpoint, trialPath } from '../layout.js'
import { hasModel, readModel } from '../model/files.js'
import { readCheckpoint } from './checkpoint.js'
import { readDataDescription } from './data-description.js'

/**
 * What training can start from in a trial's folder, in a checkpoint's or in a model's, for `train.init.from`. Throws
 * SeqlabError 'run' where there is nothing, or what there is is damaged or of another version.
 */
export async function readStartingState(from: string): Promise<StartingPoint> {
  const point = (await fromCheckpoint(trialPath(from, 'checkpoint'))) ?? (await fromCheckpoint(from)) ?? fromModel(from)
  if (point !== undefined) return point
  const message = `${from} has no checkpoint`
  throw new SeqlabError('run', `train.init.from: ${message}`, {
    problems: [{ path: 'train.init.from', message, expected: "a trial's folder, `runs/<study>/<trial id>`" }],
    hint: foldersNear(from),
  })
}

async function fromCheckpoint(checkpoint: string): Promise<StartingPoint | undefined> {
  const training = await readCheckpoint(checkpoint)
  if (training === undefined) return undefined
  const data = readDataDescription(checkpoint)
  const parameters = new Map(leaves(training.selection.bestParams ?? training.params))
  if (data !== undefined) return { parameters, data, training, ...(data.costs && { costs: data.costs }) }
  const message = `${checkpoint} was written by an earlier version of seqlab, which did not record what its symbols are: run it again`
  throw new SeqlabError('run', `train.init.from: ${message}`, { problems: [{ path: 'train.init.from', message }] })
}

function fromModel(directory: string): StartingPoint | undefined {
  if (!hasModel(directory)) return undefined
  const { parameters, description } = readModel(directory)
  return { parameters, data: description }
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
