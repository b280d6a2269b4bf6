import { settingsKey } from '../../../spec/plan/study/sides.js'
import type { FoundTrial } from './read-trial.js'
import { type SampleUnit, seedUnits, trialUnits } from './samples.js'
import { identityOf, type TrialGroup, type VariantTrials, within } from './variants.js'

/** How the trials of a variant become the values that are compared. */
export interface Units {
  /** Whether a variant's other settings are averaged over, seed by seed. */
  readonly averaged: boolean
  of(variant: VariantTrials): readonly SampleUnit[]
}

/**
 * With `by`, a variant is a level of a factor: its other settings are averaged over, seed by seed, where every level has at
 * least two seeds that all of its settings have. Only settings of the grid's other factors that all levels have are in the
 * average, where there are any. Elsewhere, and without `by`, each trial is a value by itself.
 */
export function unitsOf(group: TrialGroup): Units {
  const levels = group.variants.filter(({ completed }) => completed.length > 0)
  const isShared = sharedSettings(group, levels)
  const averagedUnits = ({ completed }: VariantTrials) => seedUnits(partsOf(completed.filter(isShared)))
  const averaged = group.mixed.length > 0 && levels.every((level) => averagedUnits(level).length >= 2)
  return averaged ? { averaged, of: averagedUnits } : { averaged, of: ({ completed }) => trialUnits(completed) }
}

/** A level's trials by everything but their seed. */
function partsOf(completed: readonly FoundTrial[]): FoundTrial[][] {
  const parts = new Map<string, FoundTrial[]>()
  for (const trial of completed) {
    const key = identityOf(trial.record)
    parts.set(key, [...(parts.get(key) ?? []), trial])
  }
  return [...parts.values()]
}

/** Whether a trial has values of the grid's other factors that every level has; always true where none are shared. */
function sharedSettings({ by, varied }: TrialGroup, levels: readonly VariantTrials[]): (trial: FoundTrial) => boolean {
  const others = by === undefined ? [] : varied.filter((path) => !within(path, [by]) && !within(by, [path]))
  const keyOf = ({ record }: FoundTrial) => settingsKey(record.spec, others)
  const [first, ...rest] = levels.map(({ completed }) => new Set(completed.map(keyOf)))
  const shared = [...(first ?? [])].filter((key) => rest.every((keys) => keys.has(key)))
  return shared.length === 0 ? () => true : (trial) => shared.includes(keyOf(trial))
}
