import { SeqlabError } from '../core/errors.js'
import { findModel, isTrialFolder, openTrial, type RunRecord } from '../store/index.js'

/** A trained model on disk. */
export interface FoundModel {
  /** The model's folder, or its trial's. */
  readonly directory: string
  /** Of its trial, where it is in one. */
  readonly record?: RunRecord
}

/** A trained model, and its trial's record. Throws SeqlabError 'run' where a run did not complete. */
export async function findTrained(name: string, outDir: string): Promise<FoundModel> {
  const directory = await findModel(name, outDir)
  if (!isTrialFolder(directory)) return { directory }
  const { record } = await openTrial(directory)
  if (record.status === 'completed') return { directory, record }
  const why = record.error === undefined ? '' : `: ${record.error.message}`
  throw new SeqlabError(
    'run',
    `${directory} has no trained model: the trial ${record.status === 'failed' ? 'failed' : 'was cancelled'}${why}`,
    {
      hint: 'Name a completed trial; `seqlab list` shows them.',
    },
  )
}
