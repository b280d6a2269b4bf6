import type { Found } from '../../comparison/read.js'
import { thisMachine } from '../machine.js'
import { judgeClaims } from './claims/judge.js'
import { describeGroup } from './group.js'
import { methodText } from './method.js'
import type { ComparisonReport, Variant } from './types.js'
import { groupTrials } from './variants.js'

export interface ComparisonOptions {
  /** Groups trials by the value at this path of their specs instead of by their whole spec. */
  readonly by?: string
  /** The main metric; by default the first of the specs. */
  readonly metric?: string
  /** Whether only settings that differ are listed (the default). */
  readonly onlyChanged?: boolean
  /** Seed of the bootstrap. */
  readonly seed?: number
  /** The command that makes this comparison. */
  readonly command: string
}

/** Everything that a comparison says, as plain data: comparison.json. */
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
  const described = groupTrials(found.trials, grouping).map((group) =>
    describeGroup(group, { seed, ...(main === undefined ? {} : { metric: main }) }),
  )
  const groups = described.map(({ group }) => group)
  const names = [...new Set(found.trials.map(({ record }) => record.study))]
  return {
    schemaVersion: 1,
    title: found.studies.length === 1 ? (found.studies[0]?.name ?? '') : names.join(', '),
    command,
    versions: versionsOf(found),
    machine: thisMachine(),
    studies: found.studies.map(({ name, directory, planned, missing, command: made = '' }) => ({
      name,
      directory,
      planned,
      missing: [...missing],
      command: made,
    })),
    groups,
    claims: judgeClaims(found.claims, described),
    skipped: [...found.skipped, ...described.flatMap(({ skipped }) => skipped)],
    method: methodText(
      groups.map(({ resamples }) => resamples),
      found.claims,
    ),
  }
}

/** Each version that made any of the trials: more than one where code or machines were mixed. */
function versionsOf({ trials }: Found): Record<string, string[]> {
  const versions: Record<string, string[]> = {}
  for (const { record } of trials) {
    for (const [name, version] of Object.entries({ ...record.versions, engine: record.engine })) {
      const known = versions[name] ?? []
      if (!known.includes(version)) versions[name] = [...known, version]
    }
  }
  return versions
}

/** The answers in words: what a terminal prints, and what stands first in every form. */
export function headline({ groups, studies }: ComparisonReport): string[] {
  const answers = groups.flatMap(({ metrics }) => metrics[0]?.answer ?? [])
  return [
    ...studies.flatMap(unfinished),
    ...groups.flatMap(({ variants }) => failures(variants)),
    ...(answers.length > 0 ? answers : ['No trial has finished: there is nothing to compare yet.']),
  ]
}

const named = 3

function unfinished({ name, planned, missing }: ComparisonReport['studies'][number]): string[] {
  if (missing.length === 0) return []
  const verb = missing.length === 1 ? 'has' : 'have'
  return [`Unfinished: ${missing.length} of ${planned} trials of ${name} ${verb} no result yet (${firstOf(missing)}).`]
}

function failures(variants: readonly Variant[]): string[] {
  const failed = variants.filter((variant) => variant.unfinished > 0)
  const told = failed.slice(0, named).map(({ label, unfinished: number, seeds }) => {
    const verb = number === 1 ? 'failed or was cancelled; it is' : 'failed or were cancelled; they are'
    return `${number} of ${number + seeds.length} trials of ${label} ${verb} in no figure.`
  })
  const more = failed.length - told.length
  return more > 0 ? [...told, `So did trials of ${more} more variants.`] : told
}

function firstOf(all: readonly string[]): string {
  const more = all.length > named ? ` and ${all.length - named} more` : ''
  return all.slice(0, named).join('; ') + more
}
