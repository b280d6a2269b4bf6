// Attempts of a study that are on a cluster: in batches of Slurm, or in a queue.
import { existsSync } from 'node:fs'
import { endName, studyPath } from '../layout.js'
import { historyByTrial, readableEntries, unfinishedAttempts } from '../study/ledger.js'
import { batchNames, hasBegun, listBatches } from './batches.js'

/** What is known of an attempt that was given to a cluster. */
export interface ClusterAttempt {
  readonly attempt: number
  /** `computed`: its end is there, and nobody has taken it yet (of a queue only the queue itself knows that). */
  readonly state: 'queued' | 'running' | 'computed'
}

/** Attempts that are on Slurm, by trial: those of its batches that the ledger has no end of. */
export function slurmAttempts(studyDirectory: string): ReadonlyMap<string, ClusterAttempt> {
  const { batches } = listBatches(studyDirectory)
  if (batches.length === 0) return new Map()
  const unfinished = unfinishedAttempts(studyDirectory)
  const found = new Map<string, ClusterAttempt>()
  for (const batch of batches) {
    const names = batchNames(batch)
    batch.file.elements.forEach((attempts, index) => {
      for (const each of attempts) {
        if (unfinished.get(each.trialId) !== each.attempt) continue
        const state = names.has(endName(index, each)) ? 'computed' : hasBegun(names, index) ? 'running' : 'queued'
        found.set(each.trialId, { attempt: each.attempt, state })
      }
    })
  }
  return found
}

/** Attempts that are in a queue, by trial, as the last coordinator that asked it knew them. */
export function queueAttempts(studyDirectory: string): ReadonlyMap<string, ClusterAttempt> {
  if (!existsSync(studyPath(studyDirectory, 'queue'))) return new Map()
  const entries = readableEntries(studyDirectory)
  const last = new Map(entries.flatMap((entry) => (entry.kind === 'started' ? [[entry.trialId, entry] as const] : [])))
  const history = historyByTrial(entries)
  return new Map(
    [...last].flatMap(([id, { attempt, queue }]) => {
      if (queue === undefined || history.get(id)?.unfinished !== attempt) return []
      return [[id, { attempt, state: queue === 'begun' ? ('running' as const) : ('queued' as const) }] as const]
    }),
  )
}

/** Attempts that are on any cluster, by trial. */
export function clusterAttempts(studyDirectory: string): ReadonlyMap<string, ClusterAttempt> {
  return new Map([...slurmAttempts(studyDirectory), ...queueAttempts(studyDirectory)])
}
