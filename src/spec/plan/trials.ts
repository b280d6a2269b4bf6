import type { Problem } from '../../core/errors.js'
import { sha256, specHash, trialId } from '../hash.js'
import type { Claim, Comparison, LoadedSpec, Plan, PlannedTrial } from '../types.js'
import type { TrialCost } from './trial-cost.js'

export interface PlanOptions {
  /** The study's name; by default the spec's own where there is one trial, else `adhoc-<hash>`. */
  readonly name?: string
  /** Seeds of every spec; by default each spec's own. */
  readonly seeds?: readonly number[]
  readonly claims?: readonly Claim[]
  /** What a trial of a spec is expected to take. */
  readonly costOf?: (spec: LoadedSpec) => Promise<TrialCost>
  readonly compare?: Comparison
}

/** Specs -> trials. `digestOf` reads the data (and may keep what it read): trial ids depend on it. */
export async function planTrials(
  specs: readonly LoadedSpec[],
  digestOf: (spec: LoadedSpec) => Promise<string>,
  options: PlanOptions = {},
): Promise<{ readonly plan: Plan; readonly problems: readonly Problem[] }> {
  const trials: PlannedTrial[] = []
  for (const loaded of specs) {
    const dataDigest = await digestOf(loaded)
    const seeds = options.seeds ?? [loaded.spec.seed]
    const cost = options.costOf === undefined ? {} : { cost: await options.costOf(loaded) }
    trials.push(...seeds.map((seed) => ({ ...planned(loaded, seed, dataDigest), ...cost })))
  }
  const labelled = distinctLabels(trials, specs, options.seeds?.length ?? 1)
  const study = options.name ?? defaultName(labelled)
  const comparing = options.compare === undefined ? {} : { compare: options.compare }
  return { plan: { study, trials: labelled, claims: options.claims ?? [], ...comparing }, problems: repeated(labelled) }
}

function planned({ spec, baseDir, variant, label }: LoadedSpec, seed: number, dataDigest: string): PlannedTrial {
  const hash = specHash(spec)
  const id = trialId(hash, seed, dataDigest)
  return { id, specHash: hash, spec: { ...spec, seed }, seed, baseDir, dataDigest, variant, label }
}

/** Files of one name are told apart by their paths. */
function distinctLabels(trials: readonly PlannedTrial[], specs: readonly LoadedSpec[], seeds: number): PlannedTrial[] {
  const labels = specs.map(({ label }) => label)
  return trials.map((trial, index) => {
    const loaded = specs[Math.floor(index / seeds)]
    const shared = labels.filter((label) => label === trial.label).length > 1
    return shared && loaded !== undefined ? { ...trial, label: `${trial.label} (${loaded.file})` } : trial
  })
}

function defaultName(trials: readonly PlannedTrial[]): string {
  const [only] = trials
  if (only !== undefined && trials.length === 1) return only.spec.name
  return `adhoc-${sha256(trials.map(({ id }) => id).join(' ')).slice(0, 8)}`
}

/** Two names for one trial: its results would be counted twice. */
function repeated(trials: readonly PlannedTrial[]): Problem[] {
  return trials.flatMap((trial, index): Problem[] => {
    const first = trials.findIndex(({ id }) => id === trial.id)
    const other = trials[first]
    if (first === index || other === undefined) return []
    return [{ path: '', message: `"${trial.label}" and "${other.label}" are the same trial: same spec, seed and data` }]
  })
}
