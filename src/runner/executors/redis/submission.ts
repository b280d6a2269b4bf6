// An attempt as a job of the queue: what it reads goes to Redis first, by digest.
import { SeqlabError } from '../../../core/errors.js'
import { loadDataset } from '../../../data/load.js'
import { packDataset } from '../../../data/packed.js'
import { sameDigests } from '../../../data/types.js'
import { modelParcel, resumeParcel, startingParcel } from '../../../store/index.js'
import { tasks } from '../../../task/index.js'
import type { EvaluateJob, TrainJob, TrialJob } from '../../messages.js'
import type { FleetSettings } from '../types.js'
import { type BlobReference, type Blobs, bytesSource } from './blobs.js'
import { sendParcel } from './file-sets.js'
import { jobIdOf, type WireEvaluateJob, type WireJob, type WireTrainJob } from './wire.js'

/** Makes jobs of one study. */
export interface Submission {
  /** The job, once Redis has everything that it reads. Throws SeqlabError: 'data' where the data changed, 'run' for the rest. */
  wireJob(job: TrialJob): Promise<WireJob>
}

export interface SubmissionPorts {
  /** The study's name in the queue. */
  readonly study: string
  readonly blobs: Blobs
  readonly settings: Pick<FleetSettings, 'engine' | 'parts' | 'limits' | 'hostBytes'>
  warn(message: string): void
}

/** Who holds what a job reads, until its end was taken. */
export function inputHolder(jobId: string): string {
  return `${jobId}-in`
}

export function createSubmission(ports: SubmissionPorts): Submission {
  const { study, blobs, settings } = ports
  const { engine, parts, limits } = settings
  const dataset = datasetSender(ports)
  const common = (job: TrialJob, data: BlobReference) => ({
    ...{ schemaVersion: 1 as const, study, trialId: job.trialId, attempt: job.attempt, seed: job.seed },
    ...{ spec: { ...job.spec }, digests: job.digests, dataset: data },
    engine: { name: engine.name, ...(engine.loneFlops !== undefined && { loneFlops: engine.loneFlops }) },
    parts: parts.map(({ file, digest }) => ({ file, digest })),
    trialMs: Number.isFinite(limits.trialMs) ? limits.trialMs : null,
    hostBytes: settings.hostBytes ?? null,
  })
  const holderOf = (job: TrialJob) => ({ name: inputHolder(jobIdOf({ study, ...job })) })
  const train = async (job: TrainJob): Promise<WireTrainJob> => {
    const [holder, data] = [holderOf(job), await dataset(job)]
    const { parcel, problems } = await resumeParcel(job.resumeFrom)
    for (const problem of problems) ports.warn(`Trial ${job.trialId}: ${problem}`)
    const { init } = job.spec.train
    return {
      kind: 'train',
      ...{ ...common(job, data), label: job.label },
      ...(parcel && { resume: await sendParcel(blobs, holder, parcel) }),
      ...(init !== undefined &&
        job.start !== undefined && {
          start: { digest: job.start, files: await sendParcel(blobs, holder, await startingParcel(init.from)) },
        }),
    }
  }
  const evaluate = async (job: EvaluateJob): Promise<WireEvaluateJob> => ({
    kind: 'evaluate',
    ...{ ...common(job, await dataset(job)), label: '' },
    trained: await sendParcel(blobs, holderOf(job), await modelParcel(job.trained)),
    evaluations: job.evaluations.map(({ id, decode, metrics }) => ({
      ...{ id, decode: { ...decode } },
      metrics: metrics.map((metric) => ({ ...metric })),
    })),
  })
  return { wireJob: (job) => (job.kind === 'train' ? train(job) : evaluate(job)) }
}

/** Sends each dataset once; it is read again where Redis has lost it meanwhile. */
function datasetSender({ study, blobs }: SubmissionPorts): (job: TrialJob) => Promise<BlobReference> {
  const sent = new Map<string, Promise<BlobReference>>()
  const send = async ({ spec, baseDir, digests }: TrialJob): Promise<BlobReference> => {
    const dataset = await loadDataset(spec.data, tasks.get(spec.task.type).sides, { baseDir })
    if (!sameDigests(dataset.digests, digests))
      throw new SeqlabError('data', 'The data changed after the run was planned', {
        hint: 'Run the command again: it plans with the data as they are now.',
      })
    return blobs.put({ name: study }, bytesSource(Buffer.concat(packDataset(dataset))))
  }
  return async (job) => {
    const key = JSON.stringify([job.digests.training, job.digests.test])
    const known = sent.get(key)
    if (known !== undefined) {
      const reference = await known
      if (await blobs.renew({ name: study }, reference)) return reference
    }
    const sending = send(job)
    sent.set(key, sending)
    sending.catch(() => sent.delete(key))
    return sending
  }
}
