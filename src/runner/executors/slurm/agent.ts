// The process of one job of a Slurm array: `agent.js BATCH`. It computes the job's trials by hosts of this machine, as a
// local run does, and leaves the end of each in a file. All that it is told is in the batch's folder.
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SeqlabError, toPlainError } from '../../../core/errors.js'
import { beginElement, elementPath, isElementOver, readSealed } from '../../../store/index.js'
import { engineChoice } from '../../agents/engine-choice.js'
import { createFleet, type HostFleet } from '../../agents/fleet.js'
import { startHost } from '../../agents/start-host.js'
import { defaultLimits, memoryShare } from '../../limits.js'
import type { TrialJob } from '../../messages.js'
import { versions } from '../../versions.js'
import { allocatedBytes } from './allocation.js'
import { saveSignal } from './queue.js'
import { createReports, type Reports, type StopReason } from './reports.js'
import { type ElementTask, taskSchema } from './task.js'
import { versionProblem } from './version-problem.js'

const overCheckMs = 2000

/** What a job of an array has left to do, and what stops it. */
class Agent {
  private readonly waiting: { readonly job: TrialJob; readonly alone: boolean }[]
  private readonly fleet: HostFleet
  private stopped: StopReason | undefined
  private running = 0
  private finish: () => void = () => {}
  readonly finished = new Promise<void>((resolve) => {
    this.finish = resolve
  })

  constructor(
    task: ElementTask,
    private readonly reports: Reports,
  ) {
    this.waiting = [...task.jobs]
    const { engine: request, cores, isolation, parts } = task
    const limits = { ...defaultLimits, hostBytes: memoryShare * allocatedBytes(), ...task.limits }
    const workers = request.loneFlops === undefined ? cores : 1
    const engine = engineChoice(request, cores, reports.warn)
    this.fleet = createFleet(
      { workers, isolation, engine, parts, limits, startHost },
      {
        onEvent: reports.event,
        onEnd: (job, outcome) => this.ended(() => reports.end(job, { outcome }, this.stopped)),
        onFailure: (job, failure) => this.ended(() => reports.end(job, { failure }, this.stopped)),
        onWarning: reports.warn,
      },
    )
  }

  /** Gives jobs to hosts while there is room; ends where nothing is left. */
  next(): void {
    while (this.stopped === undefined && this.fleet.room() > 0) {
      const next = this.waiting.shift()
      if (next === undefined) break
      this.running += 1
      this.fleet.assign(next.job, next.alone)
    }
    if (this.running === 0 && this.waiting.length === 0) this.finish()
  }

  /** The first reason counts: after its time limit a job gets Slurm's SIGTERM, too. */
  stop(reason: StopReason): void {
    if (this.stopped !== undefined) return
    this.stopped = reason
    const failure = { kind: 'not-begun', message: 'its job ended before its turn came', shared: false } as const
    for (const { job } of this.waiting.splice(0)) this.reports.end(job, { failure }, reason)
    this.fleet.stop()
    this.next()
  }

  async close(): Promise<void> {
    this.fleet.kill()
    await this.fleet.close()
  }

  private ended(report: () => void): void {
    report()
    this.running -= 1
    this.next()
  }
}

async function main(directory: string, index: number): Promise<void> {
  let agent: Agent | undefined
  let asked: StopReason | undefined
  const stop = (reason: StopReason) => {
    asked ??= reason
    agent?.stop(reason)
  }
  process.on(`SIG${saveSignal}`, () => stop('time-limit'))
  process.on('SIGTERM', () => stop('stopped-by-cluster'))
  const task = await readTask(directory, index)
  if (isElementOver(directory, index)) return say('nobody waits for this job any more')
  const { SLURM_JOB_ID: job = '', SLURMD_NODENAME: node = '' } = process.env
  if (!beginElement(directory, index, { job, node, pid: process.pid })) return say('this job was begun before')
  const reports = createReports(directory, index)
  const problem = versionProblem(task.versions, versions(), node)
  if (problem !== undefined) {
    const error = toPlainError(problem)
    for (const { job } of task.jobs) reports.end(job, { outcome: { kind: 'obstructed', error } }, undefined)
    say(error.message)
    return reports.settled()
  }
  agent = new Agent(task, reports)
  if (asked === undefined) agent.next()
  else agent.stop(asked)
  const ended = await Promise.race([agent.finished, untilOver(directory, index)])
  if (ended === 'over') say('nobody waits for this job any more')
  else await Promise.race([reports.settled(), untilOver(directory, index)])
  await agent.close()
}

/** The files of a batch may appear here after the job has begun. */
async function readTask(directory: string, index: number): Promise<ElementTask> {
  const path = elementPath(directory, index, 'task')
  for (let left = 120; ; left--) {
    const task = readSealed(taskSchema, path)
    if (task !== undefined) return task
    if (left === 0)
      throw new SeqlabError('run', `${path} did not appear on ${process.env.SLURMD_NODENAME ?? 'this node'}`)
    await sleep(500)
  }
}

async function untilOver(directory: string, index: number): Promise<'over'> {
  do await sleep(overCheckMs)
  while (!isElementOver(directory, index))
  return 'over'
}

function say(message: string): void {
  process.stdout.write(`${basename(process.argv[1] ?? '')}: ${message}\n`)
}

try {
  await main(process.argv[2] ?? '', Number(process.env.SLURM_ARRAY_TASK_ID))
  process.exit(0)
} catch (error) {
  process.stderr.write(`${toPlainError(error).message}\n`)
  process.exit(1)
}
