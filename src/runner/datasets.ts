import { type PlainError, SeqlabError, toPlainError } from '../core/errors.js'
import { loadDataset } from '../data/load.js'
import { shareDataset } from '../data/share.js'
import type { Dataset } from '../data/types.js'
import { tasks } from '../task/index.js'
import type { TrialJob } from './messages.js'

export type DatasetReply =
  | { readonly kind: 'dataset'; readonly dataset: Dataset }
  | { readonly kind: 'no-dataset'; readonly error: PlainError }

/** The datasets of a host, each loaded once and shared by its threads. */
export interface Datasets {
  get(job: TrialJob): Promise<DatasetReply>
}

/** So many are kept; studies rarely have more than one. */
const kept = 4

export function createDatasets(): Datasets {
  const loaded = new Map<string, Promise<DatasetReply>>()
  return {
    get: (job) => {
      const key = JSON.stringify([job.dataDigest, job.spec.data, job.baseDir])
      const reply = loaded.get(key) ?? load(job)
      loaded.delete(key)
      loaded.set(key, reply)
      const [oldest] = loaded.keys()
      if (loaded.size > kept && oldest !== undefined) loaded.delete(oldest)
      return reply
    },
  }
}

async function load({ spec, baseDir, dataDigest }: TrialJob): Promise<DatasetReply> {
  try {
    const task = Object.values(tasks.parts).find((part) => part.name === spec.task.type)
    if (task === undefined) throw new SeqlabError('internal', `There is no task "${spec.task.type}"`)
    const dataset = await loadDataset(spec.data, task.sides, { baseDir })
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
