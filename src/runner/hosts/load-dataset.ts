import { readFile } from 'node:fs/promises'
import { SeqlabError, toPlainError } from '../../core/errors.js'
import { loadDataset } from '../../data/load.js'
import { unpackDataset } from '../../data/packed.js'
import { shareDataset } from '../../data/share.js'
import { type Dataset, type DatasetDigests, sameDigests } from '../../data/types.js'
import { tasks } from '../../task/index.js'
import type { LoadedDataset, TrialJob } from '../messages.js'

/** Loads a trial's data for all threads of its host. Errors are returned as plain data: they concern other trials too. */
export async function loadShared(job: TrialJob): Promise<LoadedDataset> {
  const { digests } = job
  try {
    const dataset = await read(job)
    if (!sameDigests(dataset.digests, digests)) throw changed(dataset.digests, digests)
    return { kind: 'dataset', dataset: shareDataset(dataset) }
  } catch (error) {
    return { kind: 'no-dataset', error: toPlainError(error) }
  }
}

function read({ spec, baseDir, dataset }: TrialJob): Promise<Dataset> {
  if (dataset !== undefined) return readFile(dataset).then((bytes) => unpackDataset(bytes, dataset))
  return loadDataset(spec.data, tasks.get(spec.task.type).sides, { baseDir })
}

function changed(received: DatasetDigests, expected: DatasetDigests): SeqlabError {
  const split = received.training === expected.training ? 'test' : 'training'
  const difference = `digest of the ${split} data ${received[split]}, not ${expected[split]}`
  return new SeqlabError('data', `The data changed after the run was planned: ${difference}`, {
    hint: 'Run the command again: it plans with the data as they are now.',
  })
}
