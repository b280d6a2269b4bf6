// A job of the queue as one of this machine: places here are chosen here, none of them comes out of the job.
import { canonicalJson } from '../../../core/canonical-json.js'
import { SeqlabError } from '../../../core/errors.js'
import { resolveStored } from '../../../spec/plan/stored.js'
import type { PlannedEvaluation, Spec } from '../../../spec/types.js'
import { attemptDirectory, trialDirectory } from '../../../store/index.js'
import type { TrialJob } from '../../messages.js'
import type { WireEvaluateJob, WireJob } from './wire.js'

/** Where a worker has put what a job reads. */
export interface LocalPlaces {
  readonly directory: string
  readonly dataset: string
  readonly resumeFrom?: string
  readonly startFrom?: string
  readonly trained?: string
}

/** The job for hosts of this machine. Throws SeqlabError 'run' where its spec is none, or a part of it is not known here. */
export function localJob(wire: WireJob, places: LocalPlaces): TrialJob {
  const { trialId, attempt, seed, digests } = wire
  const spec = checkedSpec(wire.spec, wire)
  const common = { trialId, attempt, seed, digests, spec, baseDir: '', ...pick(places) }
  if (wire.kind === 'train') {
    const { resumeFrom, startFrom } = places
    return {
      ...{ kind: 'train', ...common, label: wire.label, resumeFrom: resumeFrom === undefined ? [] : [resumeFrom] },
      ...(wire.start && { start: wire.start.digest }),
      ...(startFrom !== undefined && { startFrom }),
    }
  }
  return { kind: 'evaluate', ...common, trained: places.trained ?? '', evaluations: evaluationsOf(wire, spec) }
}

function pick({ directory, dataset }: LocalPlaces) {
  return { directory, dataset }
}

/** Search methods and metrics are checked where they belong: in the spec that they are options of. */
function evaluationsOf(wire: WireEvaluateJob, { data }: Spec): readonly PlannedEvaluation[] {
  return wire.evaluations.map(({ id, decode, metrics }): PlannedEvaluation => {
    const asked = checkedSpec({ ...wire.spec, decode, metrics }, wire)
    const plan = { testDigest: wire.digests.test, data, baseDir: '', label: '', variant: {} }
    return { id, decode: asked.decode, metrics: asked.metrics, ...plan }
  })
}

function checkedSpec(written: WireJob['spec'], { trialId }: WireJob): Spec {
  const spec = resolveStored(written, `The job of trial ${trialId}`)
  if (canonicalJson(spec) !== canonicalJson(written))
    throw new SeqlabError('run', `The job of trial ${trialId} has a spec that is not complete`)
  // With its keys in the order that it was sent with: model.json has them, and is the same bytes everywhere.
  const same: Spec = JSON.parse(JSON.stringify(written))
  return same
}

/** The job as the coordinator that adopts it knows it: its attempt's folder is the study's own. */
export function adoptedJob(wire: WireJob, studyDirectory: string): TrialJob {
  const directory = attemptDirectory(studyDirectory, wire.trialId, wire.attempt)
  return localJob(wire, { directory, dataset: '', trained: trialDirectory(studyDirectory, wire.trialId) })
}
