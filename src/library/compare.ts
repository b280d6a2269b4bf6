import { shellLine } from '../core/shell.js'
import { compare as compareFound } from '../report/analysis/comparison/compare.js'
import { checkNames } from '../report/analysis/comparison/names.js'
import { findTrials } from '../report/analysis/comparison/read.js'
import type { ComparisonReport } from '../report/analysis/comparison/types.js'
import { giveOwnParts, partsFlags } from './own-parts.js'

export interface CompareOptions {
  /** Groups trials by the value of one setting, such as `model.encoder.hidden`, instead of by the whole spec. */
  readonly by?: string | undefined
  /** Primary metric; by default the specs' first. */
  readonly metric?: string | undefined
  /** Name of the evaluation whose results are compared; by default the runs' own. */
  readonly evaluation?: string | undefined
  /** Whether only settings that differ are listed; by default so. */
  readonly onlyChanged?: boolean
  /** Files of parts of your own, where the runs have metrics of them. */
  readonly parts?: string | readonly string[] | undefined
  /** The command that the report names; by default the equal one. */
  readonly command?: string
}

/**
 * Compares the finished trials of runs' and studies' folders, with tests of significance: comparison.json as data. Throws
 * SeqlabError 'run' for a folder that is neither, and 'spec' for a setting or a metric that no trial has.
 */
export async function compare(
  folders: string | readonly string[],
  options: CompareOptions = {},
): Promise<ComparisonReport> {
  const paths = typeof folders === 'string' ? [folders] : folders
  const { by, metric, evaluation, onlyChanged = true, command = commandOf(paths, options) } = options
  await giveOwnParts(options)
  const found = await findTrials(paths, { evaluation })
  checkNames(found, { by, metric, evaluation })
  return compareFound(found, { command, onlyChanged, by, metric })
}

function commandOf(paths: readonly string[], { by, metric, evaluation, parts }: CompareOptions): string {
  const options = Object.entries({ by, metric, evaluation })
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))
  return shellLine(['seqlab', 'compare', ...paths, ...given, ...partsFlags(parts)])
}
