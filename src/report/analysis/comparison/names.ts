import { SeqlabError } from '../../../core/errors.js'
import { didYouMean } from '../../../core/suggest.js'
import { settingPaths } from '../../../spec/settings.js'
import { testName } from './measures.js'
import type { Found } from './read.js'
import type { FoundTrial } from './read-trial.js'

/** The path of a setting, the metric and the evaluation for a comparison. */
interface AskedFor {
  readonly by?: string | undefined
  readonly metric?: string | undefined
  readonly evaluation?: string | undefined
}

/** Throws SeqlabError 'spec' for an evaluation, a setting or a metric that no trial has: that is an error, not an empty table. */
export function checkNames({ trials }: Pick<Found, 'trials'>, { by, metric, evaluation }: AskedFor): void {
  if (evaluation !== undefined && !trials.some((trial) => trial.evaluation === evaluation))
    throw new SeqlabError('spec', `--evaluation: no trial has an evaluation ${evaluation}`, {
      hint: 'Make it with `seqlab evaluate RUN --name NAME`, for each of the runs.',
    })
  if (by !== undefined) checkPath(trials, by)
  if (metric !== undefined) checkMetric(trials, metric)
}

function checkPath(trials: readonly FoundTrial[], by: string): void {
  const paths = settingPaths(trials.map(({ record }) => record.spec))
  if (paths.includes(by)) return
  const near = paths.filter((path) => path.endsWith(`.${by.split('.').at(-1)}`))
  const hint =
    near.length > 0 ? `Name one, such as ${near.slice(0, 5).join(', ')}.` : 'compare --no-only-changed lists all.'
  throw new SeqlabError('spec', `--by: no trial has a setting ${by}${didYouMean(by, paths)}`, { hint })
}

function checkMetric(trials: readonly FoundTrial[], metric: string): void {
  const measured = trials.flatMap((trial) =>
    trial.record.spec.metrics
      .map(({ type }): string => type)
      .filter((type) => trial.statistics[testName(trial, type)] !== undefined),
  )
  const metrics = [...new Set([...trials.flatMap(({ statistics }) => Object.keys(statistics)), ...measured])]
  if (metrics.includes(metric)) return
  throw new SeqlabError('spec', `--metric: no trial has a metric ${metric}${didYouMean(metric, metrics)}`, {
    hint: `There are: ${metrics.join(', ') || 'none'}.`,
  })
}
