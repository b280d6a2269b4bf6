import { slurmCommand, wordsOf } from './commands.js'

/** A job of an array as the queue has it. */
export interface QueuedJob {
  /** Of the whole array. */
  readonly arrayJob: string
  readonly index: number
  /** `RUNNING`, `PENDING`, `NODE_FAIL`, ... */
  readonly state: string
  readonly reason: string
}

/** Jobs by the name of their batch. */
export type Queue = ReadonlyMap<string, readonly QueuedJob[]>

const format = '%j|%F|%K|%T|%r'

/**
 * All jobs of these names that Slurm still knows, those that ended a few minutes ago included; what it said instead where it
 * could not be asked. An explicit text format: `--json` is another one in each release.
 */
export async function readQueue(names: readonly string[]): Promise<Queue | string> {
  if (names.length === 0) return new Map()
  const args = ['--noheader', '--array', '--states=all', `--format=${format}`, `--name=${names.join(',')}`]
  const answer = await slurmCommand('squeue', args)
  return answer.code === 0 ? parseQueue(answer.stdout) : wordsOf(answer) || 'squeue did not answer'
}

/** `seqlab-ab12|7|3|RUNNING|None` a line. */
export function parseQueue(text: string): Queue {
  const jobs = new Map<string, QueuedJob[]>()
  for (const line of text.split('\n')) {
    const [name = '', arrayJob = '', indices = '', state = '', reason = ''] = line.trim().split('|')
    if (state === '') continue
    const known = jobs.get(name) ?? []
    jobs.set(name, known)
    for (const index of indicesOf(indices)) known.push({ arrayJob, index, state, reason })
  }
  return jobs
}

/** Jobs of an array that wait may be in one line, as `3`, `1-4`, or `0-1,7-9%50`. */
function indicesOf(text: string): number[] {
  const ranges = text.replace(/[[\]]/g, '').replace(/%\d+$/, '').split(',')
  return ranges.flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number)
    if (!Number.isInteger(first) || !Number.isInteger(last)) return []
    return Array.from({ length: last - first + 1 }, (_, at) => first + at)
  })
}

/** States from which a job does not come back. */
const ended = new Set([
  ...['COMPLETED', 'FAILED', 'CANCELLED', 'TIMEOUT', 'NODE_FAIL', 'PREEMPTED', 'BOOT_FAIL', 'DEADLINE'],
  ...['OUT_OF_MEMORY', 'REVOKED', 'LAUNCH_FAILED', 'RECONFIG_FAIL'],
])

export function hasEnded({ state }: Pick<QueuedJob, 'state'>): boolean {
  return ended.has(state)
}

/** Takes jobs back: all of these names, or those in a state. Says what Slurm said where it would not. */
export async function cancelJobs(names: readonly string[], state?: 'PENDING'): Promise<string | undefined> {
  if (names.length === 0) return undefined
  const answer = await slurmCommand('scancel', [...(state ? [`--state=${state}`] : []), `--name=${names.join(',')}`])
  return answer.code === 0 ? undefined : wordsOf(answer)
}

/** Asks running jobs to save and end: their agents alone get the signal. */
export async function askToSave(names: readonly string[]): Promise<void> {
  if (names.length > 0)
    await slurmCommand('scancel', ['--batch', `--signal=${saveSignal}`, '--state=RUNNING', `--name=${names.join(',')}`])
}

/** Not USR1, which has Node open its debugger where nobody listens to it yet. */
export const saveSignal = 'USR2'
