import { dirname } from 'node:path'
import { distinctBy } from '../../../core/lists.js'
import { metrics } from '../../../metrics/index.js'
import type { FoundTrial, Skipped } from './read-trial.js'

/** Metrics of the trials that this program does not know: parts of the user's own, whose files were not given. Each study's once. */
export function unknownMetrics(trials: readonly FoundTrial[]): readonly Skipped[] {
  const all = trials.flatMap(({ directory, record }) =>
    record.spec.metrics
      .map(({ type }): string => type)
      .filter((name) => metrics.find(name) === undefined)
      .map((name) => ({
        path: dirname(directory),
        reason: `its metric ${name} is a part of your own: give its file with --parts to compare by it`,
      })),
  )
  return distinctBy(all, ({ path, reason }) => `${path} ${reason}`)
}
