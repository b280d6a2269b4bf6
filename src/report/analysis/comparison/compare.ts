import { relative } from 'node:path'
import { levelOf } from '../../../core/machine.js'
import type { RunRecord } from '../../../store/index.js'
import { thisMachine } from '../machine.js'
import { judgeClaims } from './claims/judge.js'
import { describeGroup } from './group.js'
import { methodText } from './method.js'
import { judgePublished } from './published/judge.js'
import type { Found } from './read.js'
import type { ComparisonReport } from './types.js'
import { unknownMetrics } from './unknown-metrics.js'
import { type Grouping, groupTrials } from './variants.js'

interface ComparisonOptions {
  /** Groups trials by the value at this path of their specs instead of by their whole spec. */
  readonly by?: string | undefined
  /** The main metric; by default the first of the specs. */
  readonly metric?: string | undefined
  /** Whether only settings that differ are listed (the default). */
  readonly onlyChanged?: boolean
  /** Seed of the bootstrap. */
  readonly seed?: number
  /** The command that writes this comparison. */
  readonly command: string
}

/** The whole comparison as plain data: comparison.json. */
export function compare(
  found: Found,
  { by, metric, seed = 1, onlyChanged = true, command }: ComparisonOptions,
): ComparisonReport {
  const lead = found.leads[0]
  const main = metric ?? lead?.metric
  const grouping = {
    onlyChanged,
    ...(by === undefined ? {} : { by }),
    ...(lead?.by === undefined ? {} : { shown: lead.by }),
  }
  const describe = (grouped: Grouping) =>
    groupTrials(found.trials, grouped).map((group) =>
      describeGroup(group, { seed, ...(main === undefined ? {} : { metric: main }) }),
    )
  const described = describe(grouping)
  // Claims are about variants, whatever the comparison groups by.
  const judged =
    by === undefined || found.claims.length + found.published.length === 0 ? described : describe({ onlyChanged })
  const groups = described.map(({ group }) => group)
  const counted = found.trials.flatMap((trial) => trial.names.map(({ study }) => study))
  const names = [...new Set(counted.length > 0 ? counted : found.studies.map(({ name }) => name))]
  return {
    schemaVersion: 3,
    title: found.studies.length === 1 ? (found.studies[0]?.name ?? '') : names.join(', '),
    command,
    versions: versionsOf(found),
    machine: thisMachine(),
    studies: found.studies.map(({ name, directory, planned, missing, command: studyCommand = '' }) => ({
      name,
      directory,
      planned,
      missing: missing.map((one) => ({ ...one })),
      command: studyCommand,
    })),
    groups,
    claims: judgeClaims(found.claims, judged),
    published: judgePublished(found.published, judged, found.ensembles),
    copies: found.copies.map(({ difference = null, directories, ...copy }) => ({
      ...copy,
      directories: directories.map((directory) => relative('', directory) || '.'),
      difference,
    })),
    skipped: [...found.skipped, ...unknownMetrics(found.trials), ...described.flatMap(({ skipped }) => skipped)],
    method: methodText(groups, found.claims),
  }
}

/** Every version that any of the trials was trained with: more than one where code or machines were mixed; `instructions` only then. */
function versionsOf({ trials }: Found): Record<string, string[]> {
  const versions: Record<string, string[]> = {}
  for (const { record } of trials) {
    for (const [name, version] of Object.entries({ ...record.versions, engine: record.engine })) {
      const known = versions[name] ?? []
      if (!known.includes(version)) versions[name] = [...known, version]
    }
  }
  const levels = levelsOf(trials.map(({ record }) => record))
  return levels.length > 1 ? { ...versions, instructions: levels } : versions
}

/** Levels of instructions that trials were computed with. */
function levelsOf(records: readonly Pick<RunRecord, 'machine'>[]): string[] {
  const machines = records.flatMap(({ machine }) => machine ?? [])
  return [...new Set(machines.flatMap((machine) => [levelOf(machine), ...(machine.earlier ?? [])]))]
}
