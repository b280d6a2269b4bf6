import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { runErrorOrThrow } from '../../core/checked-json.js'
import { SeqlabError } from '../../core/errors.js'
import { wrongTurn } from '../../core/obstacle.js'
import { didYouMean } from '../../core/suggest.js'
import { leaves } from '../../core/tree.js'
import type { StartingPoint } from '../../train/types.js'
import { foldersIn, hasCheckpoint, isTrialFolder, trialPath } from '../layout.js'
import { hasModel, readModel } from '../model/files.js'
import { readCheckpoint } from './checkpoint.js'
import { readDataDescription } from './data-description.js'
import { openTrial } from './read.js'

/**
 * What training can start from in a trial's folder, in a checkpoint's or in a model's, for `train.init.from`. Throws
 * SeqlabError 'run' where there is nothing, or what there is is damaged or of another version.
 */
export async function readStartingState(from: string): Promise<StartingPoint> {
  const isThere = isFolder(from)
  const point = isThere ? await pointIn(from) : undefined
  if (point !== undefined) return point
  const message = isThere ? `${from} has no checkpoint` : absence(from)
  throw new SeqlabError('run', `train.init.from: ${message}`, {
    problems: [{ path: 'train.init.from', message, expected: "a trial's folder, `runs/<study>/<trial id>`" }],
    hint: foldersNear(from),
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** Why there is no folder of that name, with the name that was probably meant. */
function absence(from: string): string {
  const wrong = wrongTurn(join(from, 'checkpoint'))
  if (wrong !== undefined) return wrong
  const path = resolve(from)
  let missing = path
  while (!existsSync(dirname(missing))) missing = dirname(missing)
  return `${from} does not exist${didYouMean(basename(missing), foldersIn(dirname(missing)))}`
}

/** What is damaged is the other run, which this one cannot mend. */
async function pointIn(from: string): Promise<StartingPoint | undefined> {
  try {
    return (await fromCheckpoint(trialPath(from, 'checkpoint'))) ?? (await fromCheckpoint(from)) ?? fromModel(from)
  } catch (error) {
    const { message, problems, hint } = runErrorOrThrow(error)
    const again = `Train the run in ${from} again (its own command with --fresh), restore its files, or start from another run.`
    throw new SeqlabError('run', message, { problems, hint: hint ?? again, cause: error })
  }
}

async function fromCheckpoint(checkpoint: string): Promise<StartingPoint | undefined> {
  const training = await readCheckpoint(checkpoint)
  if (training === undefined) return undefined
  const data = readDataDescription(checkpoint)
  const parameters = new Map(leaves(training.selection.bestParams ?? training.params))
  if (data !== undefined) {
    const optimizer = await optimizerOf(dirname(resolve(checkpoint)))
    return { parameters, data, training, ...(data.costs && { costs: data.costs }), ...(optimizer && { optimizer }) }
  }
  const message = `${checkpoint} was written by an earlier version of seqlab, which did not record what its symbols are: run it again`
  throw new SeqlabError('run', `train.init.from: ${message}`, { problems: [{ path: 'train.init.from', message }] })
}

/** What a published trial was trained with; of one that is not published, or not whole, it is not known. */
async function optimizerOf(trialDirectory: string): Promise<string | undefined> {
  if (!isTrialFolder(trialDirectory)) return undefined
  const opened = await openTrial(trialDirectory).catch(runErrorOrThrow)
  return 'record' in opened ? opened.record.spec.train.optimizer.type : undefined
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
