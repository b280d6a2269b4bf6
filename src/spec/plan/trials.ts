import type { Problem } from '../../core/errors.js'
import { sha256 } from '../../core/hash.js'
import { specHash, trialId } from '../hash.js'
import type { Claim, Comparison, LoadedSpec, Plan, PlannedTrial, TrialCost } from '../types.js'

/** A spec that is ready to train: what its data are, and what a trial of it is expected to take. */
export interface ReadySpec extends LoadedSpec {
  readonly dataset: { readonly digest: string }
  readonly cost?: TrialCost
}

export interface PlanOptions {
  /** The study's name; by default the spec's own where there is one trial, else `adhoc-<hash>`. */
  readonly name?: string | undefined
  /** Seeds of every spec; by default each spec's own. */
  readonly seeds?: readonly number[] | undefined
  readonly claims?: readonly Claim[] | undefined
  readonly compare?: Comparison | undefined
}

/** Specs x seeds -> trials; the same trial twice is a problem. */
export function planTrials(
  specs: readonly ReadySpec[],
  { name, seeds, claims = [], compare }: PlanOptions = {},
): { readonly plan: Plan; readonly problems: readonly Problem[] } {
  const labels = specs.map(({ label }) => label)
  const trials = specs.flatMap((ready) => {
    const label = distinctLabel(ready, labels)
    return (seeds ?? [ready.spec.seed]).map((seed) => trialOf(ready, seed, label))
  })
  const study = name ?? defaultName(trials)
  return { plan: { study, trials, claims, ...(compare && { compare }) }, problems: repeated(trials) }
}

function trialOf({ spec, baseDir, variant, dataset, cost }: ReadySpec, seed: number, label: string): PlannedTrial {
  const hash = specHash(spec)
  const dataDigest = dataset.digest
  const id = trialId(hash, seed, dataDigest)
  const planned = { id, specHash: hash, spec: { ...spec, seed }, seed, baseDir, dataDigest, variant, label }
  return { ...planned, ...(cost && { cost }) }
}

/** Files of the same name are distinguished by their paths. */
function distinctLabel({ label, file }: LoadedSpec, labels: readonly string[]): string {
  return labels.filter((other) => other === label).length > 1 ? `${label} (${file})` : label
}

function defaultName(trials: readonly PlannedTrial[]): string {
  const [only] = trials
  if (only !== undefined && trials.length === 1) return only.spec.name
  return `adhoc-${sha256(trials.map(({ id }) => id).join(' ')).slice(0, 8)}`
}

/** Two names for one trial would count its results twice. */
function repeated(trials: readonly PlannedTrial[]): Problem[] {
  const first = new Map<string, PlannedTrial>()
  return trials.flatMap((trial): Problem[] => {
    const other = first.get(trial.id)
    if (other === undefined) first.set(trial.id, trial)
    const message = `"${trial.label}" and "${other?.label}" are the same trial: same spec, seed and data`
    return other === undefined ? [] : [{ path: '', message }]
  })
}
