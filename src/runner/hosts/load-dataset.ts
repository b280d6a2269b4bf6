import { SeqlabError, toPlainError } from '../../core/errors.js'
import { loadDataset } from '../../data/load.js'
import { shareDataset } from '../../data/share.js'
import { tasks } from '../../task/index.js'
import type { LoadedDataset, TrialJob } from '../messages.js'

/** Loads a trial's data for all threads of its host. Errors are returned as plain data: they concern other trials too. */
export async function loadShared({ spec, baseDir, dataDigest }: TrialJob): Promise<LoadedDataset> {
  try {
    const dataset = await loadDataset(spec.data, tasks.get(spec.task.type).sides, { baseDir })
    if (dataset.digest !== dataDigest) throw changed(dataset.digest, dataDigest)
    return { kind: 'dataset', dataset: shareDataset(dataset) }
  } catch (error) {
    return { kind: 'no-dataset', error: toPlainError(error) }
  }
}

function changed(received: string, expected: string): SeqlabError {
  return new SeqlabError('data', `The data changed after the run was planned: digest ${received}, not ${expected}`, {
    hint: 'Run the command again: it plans with the data as they are now.',
  })
}
