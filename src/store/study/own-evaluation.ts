// Evaluations of a trained model on data of their own: no plan has them, and each is sealed by its own evaluation.json.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SeqlabError } from '../../core/errors.js'
import { makeFolder, syncFolder, writeFileSynced } from '../../core/files.js'
import type { PredictionLine } from '../../train/types.js'
import { evaluationDirectory, evaluationFile, isPlannedEvaluation, trialPath } from '../layout.js'
import { sealJson } from '../sealed-json.js'
import { writePredictionLines } from '../trial/attempt.js'
import { type EvaluationRecord, readEvaluation } from '../trial/evaluation.js'
import { removeLeftovers, unfinishedFolder } from './unfinished.js'

/** An evaluation before it is on disk. */
export interface OwnEvaluation {
  readonly evaluation: Omit<EvaluationRecord, 'predictions'>
  readonly predictions: readonly PredictionLine[]
}

/** Where an evaluation goes: into a trial's folder (an ensemble's into its study's) under its name, or a folder of its own. */
export type EvaluationPlace = { readonly trial: string } | { readonly folder: string }

/**
 * Refuses a name that is no plain folder name or means a planned evaluation, and one that another evaluation of the trial
 * has. Throws SeqlabError 'spec'.
 */
export function checkEvaluationName(name: string, trialDirectory: string | undefined, id?: string): void {
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.@+-]{0,99}$/u.test(name))
    throw new SeqlabError('spec', `--name: ${JSON.stringify(name)} cannot be an evaluation's name`, {
      hint: 'Use letters, digits, and . _ - @ + (not first).',
    })
  if (isPlannedEvaluation(name))
    throw new SeqlabError('spec', `--name: ${name} is a name of planned evaluations`, { hint: 'Give another name.' })
  if (trialDirectory === undefined || id === undefined) return
  const directory = evaluationDirectory(trialDirectory, name)
  if (!existsSync(directory) || readEvaluation(trialDirectory, name)?.id === id) return
  throw new SeqlabError('spec', `${directory} is an evaluation with other data, search or metrics`, {
    hint: 'Give this one another name with --name.',
  })
}

/**
 * Writes an evaluation: its predictions, and evaluation.json, which seals them. In a trial it appears whole or not at all,
 * and takes the place of an equal one. Gives its folder and record.
 */
export async function writeOwnEvaluation(
  place: EvaluationPlace,
  { evaluation, predictions }: OwnEvaluation,
): Promise<{ readonly directory: string; readonly record: EvaluationRecord }> {
  if ('folder' in place) {
    makeFolder(place.folder)
    return { directory: place.folder, record: await writeInto(place.folder, evaluation, predictions) }
  }
  removeLeftovers(place.trial)
  const temporary = unfinishedFolder(place.trial)
  const made = join(temporary, evaluation.name)
  const directory = evaluationDirectory(place.trial, evaluation.name)
  try {
    mkdirSync(made)
    const record = await writeInto(made, evaluation, predictions)
    mkdirSync(trialPath(place.trial, 'evaluations'), { recursive: true })
    rmSync(directory, { recursive: true, force: true })
    renameSync(made, directory)
    syncFolder(trialPath(place.trial, 'evaluations'))
    return { directory, record }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

async function writeInto(
  directory: string,
  evaluation: OwnEvaluation['evaluation'],
  predictions: readonly PredictionLine[],
): Promise<EvaluationRecord> {
  const digest = await writePredictionLines(evaluationFile(directory, 'predictions'), predictions)
  const { engine, versions, ...rest } = evaluation
  const record = { ...rest, predictions: digest, engine, versions }
  writeFileSynced(evaluationFile(directory, 'evaluation'), sealJson(record))
  syncFolder(directory)
  return record
}
