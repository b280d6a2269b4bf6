import { randomBytes } from 'node:crypto'
import { closeSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { batchPath, createBatch, openAnswer, readAnswer, type StoredBatch } from '../../../store/index.js'
import type { TrialJob } from '../../messages.js'
import type { FleetSettings } from '../types.js'
import { slurmCommand, wordsOf } from './commands.js'
import { jobScript, submitArgs } from './script.js'
import type { SlurmSettings } from './settings.js'
import { type ElementTask, writtenLimits } from './task.js'

/** A job of the coordinator, as it is put into a task. */
export interface GivenJob {
  readonly job: TrialJob
  readonly alone: boolean
  readonly ms: number
}

/** Writes a batch; nothing is submitted yet. */
export function writeBatch(
  studyDirectory: string,
  tasks: readonly (readonly GivenJob[])[],
  settings: SlurmSettings,
  fleetSettings: FleetSettings,
): StoredBatch {
  return createBatch(studyDirectory, {
    name: `seqlab-${randomBytes(6).toString('hex')}`,
    elements: tasks.map((task) => task.map(({ job }) => job)),
    script: (directory) => jobScript(directory, settings),
    tasks: tasks.map((task) => elementTask(task, settings, fleetSettings)),
  })
}

function elementTask(
  jobs: readonly GivenJob[],
  { cores, graceMs }: SlurmSettings,
  { versions, engine, isolation, parts, limits, hostBytes }: FleetSettings,
): ElementTask {
  const dump = engine.dumpGraphDir === undefined ? {} : { dumpGraphDir: resolve(engine.dumpGraphDir) }
  return {
    schemaVersion: 1,
    ...{ versions, engine: { ...engine, ...dump }, isolation, cores, parts, graceMs },
    limits: writtenLimits(limits, hostBytes),
    jobs: jobs.map(({ job, alone }) => ({ job: anywhere(job), alone })),
  }
}

/** A job whose paths mean the same in any working directory. */
function anywhere(job: TrialJob): TrialJob {
  const placed = { directory: resolve(job.directory), baseDir: resolve(job.baseDir) }
  if (job.kind === 'evaluate') return { ...job, ...placed, trained: resolve(job.trained) }
  return { ...job, ...placed, resumeFrom: job.resumeFrom.map((each) => resolve(each)) }
}

/**
 * `taken`: the jobs are in the queue. `put-off`: not now, for there are as many jobs as one may have. `unknown`: nobody
 * answered, so that the queue must say. Else it was refused, with Slurm's words.
 */
export type Submission = 'taken' | 'put-off' | 'unknown' | { readonly refused: string }

/** Submits a batch. Its answer goes into the batch's folder, also where this process ends meanwhile. */
export async function submit(stored: StoredBatch, study: string, settings: SlurmSettings): Promise<Submission> {
  const { name, directory, file } = stored
  const about = { name, directory, jobs: file.elements.length, study: basename(study) }
  const answerFile = openAnswer(stored)
  try {
    const args = submitArgs(about, settings, batchPath(directory, 'script'))
    const answer = await slurmCommand('sbatch', args, { stdout: answerFile })
    if (answer.code === 0) return 'taken'
    return submissionOf(answer.missing ? 'there is no sbatch here' : wordsOf(answer))
  } finally {
    closeSync(answerFile)
  }
}

/** What Slurm's words about a submission that failed mean. */
export function submissionOf(words: string): Submission {
  if (putOff.test(words)) return 'put-off'
  return words === '' || unheard.test(words) ? 'unknown' : { refused: words }
}

/** As many jobs as the user, the account or the cluster may have; a limit on what one job asks for is another matter. */
const putOff =
  /(MaxSubmit|MaxJobs?Per|GrpSubmit|job submit limit|AssocMaxSubmit|QOSMaxSubmit|temporarily unable to accept job|Resource temporarily unavailable)/i
const unheard =
  /(Socket timed out|Unable to contact slurm controller|Connection (refused|reset)|Zero Bytes were transmitted|Communication connection failure|timed out)/i

/** Whether an earlier coordinator heard that a batch was taken. */
export function wasTaken(stored: StoredBatch): boolean {
  return /^\d+/.test(readAnswer(stored) ?? '')
}
