// A plan against what its directory was created for: what is new, what is no longer planned, and what is not the same.
import { canonicalJson } from '../../core/canonical-json.js'
import { changedSettings } from './settings.js'
import type { StudyFile, StudyTrial } from './study-file.js'

/** How a study has grown since its directory was last opened. */
export interface Growth {
  /** Settings of planned variants that are not as they were, a line each; empty where the study only grew or shrank. */
  readonly changes: readonly string[]
  /** Ids of trials that the directory did not have. */
  readonly added: ReadonlySet<string>
  /** Trials of earlier plans that are no longer planned. */
  readonly earlier: readonly StudyTrial[]
}

type Planned = Pick<StudyFile, 'trials' | 'earlier' | 'settings'>

/**
 * New seeds, values, variants and evaluations are growth. A change is a variant whose trials under the same seed are other
 * trials now, or a plan without a variant of the earlier one; trials that were never started (`isStarted`) are not missed.
 */
export function growthOf(before: Planned, now: Planned, isStarted: (trialId: string) => boolean): Growth {
  const known = [...before.trials, ...before.earlier]
  const started = { ...before, trials: before.trials.filter(({ id }) => isStarted(id)) }
  return {
    changes: isOtherStudy(started, now) ? [otherStudy(started)] : changedTrials(started, now),
    added: new Set(without(now.trials, known).map(({ id }) => id)),
    earlier: without(known, now.trials).filter(({ id }) => isStarted(id)),
  }
}

export function without(all: readonly StudyTrial[], others: readonly StudyTrial[]): readonly StudyTrial[] {
  const ids = new Set(others.map(({ id }) => id))
  return all.filter(({ id }) => !ids.has(id))
}

function isOtherStudy(before: Planned, now: Planned): boolean {
  const ids = new Set(before.trials.map(({ id }) => id))
  const variants = new Set(before.trials.flatMap(variantKeys))
  const isKnown = (trial: StudyTrial) => ids.has(trial.id) || variantKeys(trial).some((key) => variants.has(key))
  return before.trials.length > 0 && now.trials.length > 0 && !now.trials.some(isKnown)
}

function otherStudy({ trials }: Planned): string {
  const labels = [...new Set(trials.flatMap(({ evaluations }) => evaluations.map(({ label }) => label)))]
  const shown = labels.length > shownLabels ? [...labels.slice(0, shownLabels), '...'] : labels
  const which = labels.length === 1 ? 'its variant is not' : `none of its ${labels.length} variants is`
  return `${which} in this plan: ${shown.join('; ')}`
}

const shownLabels = 4

/** Each change once, with the variants that it concerns where it does not concern all of them. */
function changedTrials(before: Planned, now: Planned): string[] {
  const replaced = new Map<string, StudyTrial>()
  for (const trial of without(before.trials, now.trials)) for (const key of trialKeys(trial)) replaced.set(key, trial)
  const labels = new Map<string, Set<string>>()
  for (const trial of without(now.trials, before.trials)) {
    const old = trialKeys(trial).flatMap((key) => replaced.get(key) ?? [])[0]
    if (old === undefined) continue
    for (const change of changesOf(old, trial, before, now)) {
      labels.set(change, (labels.get(change) ?? new Set()).add(trial.label))
    }
  }
  const variants = new Set(now.trials.map(({ label }) => label)).size
  return [...labels].map(([change, of]) => (of.size === variants ? change : `${change} (${[...of].join('; ')})`))
}

function changesOf(old: StudyTrial, trial: StudyTrial, before: Planned, now: Planned): readonly string[] {
  const [was, is] = [before.settings[old.settings], now.settings[trial.settings]]
  const changes = was === undefined || is === undefined ? [] : changedSettings(was, is)
  const isNamed = (section: string) => changes.some((change) => change.startsWith(section))
  return [
    ...changes,
    ...(isNamed('data.') ? [] : contentChange('the training data', old.trainingDigest, trial.trainingDigest)),
    ...(isNamed('train.init') ? [] : contentChange('train.init.from', old.start, trial.start)),
  ]
}

function contentChange(what: string, before: string | undefined, now: string | undefined): string[] {
  const short = (digest = 'unknown') => digest.slice(0, 12)
  return before === now ? [] : [`content of ${what}: sha256 ${short(before)} -> ${short(now)}`]
}

function variantKeys({ evaluations }: StudyTrial): string[] {
  return evaluations.map(({ label, variant }) => canonicalJson([label, variant]))
}

function trialKeys(trial: StudyTrial): string[] {
  return variantKeys(trial).map((key) => `${trial.seed} ${key}`)
}
