import type { Problem } from '../../core/errors.js'
import { sha256 } from '../../core/hash.js'
import type { DatasetDigests } from '../../data/types.js'
import { evaluationId, trainHash, trialId } from '../hash.js'
import type {
  Claim,
  Comparison,
  LoadedSpec,
  Plan,
  PlannedEvaluation,
  PlannedTrial,
  Published,
  TrialCost,
} from '../types.js'

/** A spec that is ready to train: what its data are, and what a trial of it is expected to take. */
export interface ReadySpec extends LoadedSpec {
  readonly dataset: { readonly digests: DatasetDigests }
  readonly cost?: TrialCost
  /** Digest of what `train.init` takes: the trial counts by that. */
  readonly start?: string
}

export interface PlanOptions {
  /** The study's name; by default the spec's own where there is one spec under one seed, else `adhoc-<hash>`. */
  readonly name?: string | undefined
  /** Seeds of every spec; by default each spec's own. */
  readonly seeds?: readonly number[] | undefined
  readonly claims?: readonly Claim[] | undefined
  readonly compare?: Comparison | undefined
  readonly published?: Published | undefined
}

/**
 * Specs x seeds -> trials: specs that train the same share a trial, each with an evaluation of its own. The same
 * evaluation of a trial twice is a problem.
 */
export function planTrials(
  specs: readonly ReadySpec[],
  { name, seeds, claims = [], compare, published }: PlanOptions = {},
): { readonly plan: Plan; readonly problems: readonly Problem[] } {
  const labels = specs.map(({ label }) => label)
  const variants = specs.flatMap((ready) => {
    const label = distinctLabel(ready, labels)
    return (seeds ?? [ready.spec.seed]).map((seed) => trialOf(ready, seed, label))
  })
  const trials = grouped(variants)
  const study = name ?? defaultName(variants)
  const asked = { ...(compare && { compare }), ...(published && { published }) }
  return { plan: { study, trials, claims, ...asked }, problems: trials.flatMap(repeated) }
}

/** A spec under one seed: a trial with its one evaluation. */
function trialOf(
  { spec, baseDir, variant, dataset, cost, start }: ReadySpec,
  seed: number,
  label: string,
): PlannedTrial {
  const { digests } = dataset
  const { decode, metrics, data } = spec
  const id = evaluationId(spec, digests.test)
  const evaluation = { id, decode, metrics, testDigest: digests.test, data, baseDir, label, variant }
  return {
    id: trialId(spec, seed, digests.training, start),
    trainHash: trainHash(spec, start),
    spec: { ...spec, seed },
    ...{ seed, baseDir, digests, variant, label },
    ...(cost && { cost }),
    ...(start && { start }),
    evaluations: [evaluation],
  }
}

/** Equal trials become one, with the evaluations of all; the first decides everything else. */
function grouped(variants: readonly PlannedTrial[]): readonly PlannedTrial[] {
  const byId = new Map<string, PlannedTrial>()
  for (const trial of variants) {
    const first = byId.get(trial.id)
    byId.set(
      trial.id,
      first === undefined ? trial : { ...first, evaluations: [...first.evaluations, ...trial.evaluations] },
    )
  }
  return [...byId.values()]
}

/** Files of the same name are distinguished by their paths. */
function distinctLabel({ label, file }: LoadedSpec, labels: readonly string[]): string {
  return labels.filter((other) => other === label).length > 1 ? `${label} (${file})` : label
}

function defaultName(variants: readonly PlannedTrial[]): string {
  const [only] = variants
  if (only !== undefined && variants.length === 1) return only.spec.name
  const ids = variants.flatMap(({ id, evaluations }) => evaluations.map((evaluation) => `${id}/${evaluation.id}`))
  return `adhoc-${sha256(ids.join(' ')).slice(0, 8)}`
}

/** Two names for one evaluation of a trial would count its results twice. */
function repeated({ seed, evaluations }: PlannedTrial): Problem[] {
  const first = new Map<string, PlannedEvaluation>()
  return evaluations.flatMap((evaluation): Problem[] => {
    const other = first.get(evaluation.id)
    if (other === undefined) first.set(evaluation.id, evaluation)
    const message = `"${evaluation.label}" and "${other?.label}" are the same trial: same training, seed (${seed}) and data, evaluated in the same way`
    return other === undefined ? [] : [{ path: '', message }]
  })
}
