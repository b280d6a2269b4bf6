import { mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { fromPlainError, type PlainError, SeqlabError, toPlainError } from '../core/errors.js'
import type { Plan, PlannedTrial } from '../spec/types.js'
import { createBell } from './bell.js'
import type { RunEvent, RunOptions, RunOutcome } from './events.js'
import { localExecutor } from './executors/local.js'
import type { Executor } from './executors/types.js'
import { diskProblem, type FileDigest, writeFileSynced } from './files.js'
import { createFleet, type Fleet } from './fleet.js'
import { defaultLimits, judge, type Limits, type Loss, noSetbacks, type Setbacks } from './limits.js'
import type { AttemptOutcome, TrialJob, WorkerEvent } from './messages.js'
import { forgetAttempts, lastAttempt, publish, recover, resumeFolders, setAside } from './publish.js'
import { type Ending, makeRecord, type RunRecord } from './record.js'
import { byExpectedWork } from './schedule.js'
import type { StopSignal, StopStage } from './stop.js'
import { attemptsDirectory, openStudy, type Study, trialDirectory } from './study.js'

/** What a caller may plug in; the runner knows neither pages nor clusters. */
export interface RunPorts {
  /** Called once a trial is published, with its folder; what it throws becomes a warning. */
  readonly publishPage?: (directory: string, record: RunRecord) => Promise<void>
  readonly executor?: Executor
  readonly limits?: Partial<Limits>
}

/**
 * Runs a plan's trials, and publishes each exactly once under `<outDir>/<study>/<trial id>/`. What is finished already
 * is kept, what was begun goes on from its checkpoint. Throws SeqlabError 'run' when the directory is in use, was made
 * by another plan or code, or cannot be written.
 */
export async function runPlan(
  plan: Plan,
  options: RunOptions,
  onEvent: (event: RunEvent) => void,
  stop: StopSignal,
  ports: RunPorts = {},
): Promise<RunOutcome> {
  try {
    const study = await openStudy(plan, options, (message) => onEvent({ kind: 'warning', message }))
    try {
      return await new Run(study, plan, options, onEvent, stop, ports).go()
    } finally {
      study.close()
    }
  } catch (error) {
    throw diskProblem(error) ?? error
  }
}

/** One run of a plan in an open study: what is waiting, what is running, what is done. */
class Run {
  private readonly waiting: PlannedTrial[] = []
  private readonly running = new Map<string, PlannedTrial>()
  private readonly setbacks = new Map<string, Setbacks>()
  private readonly records = new Map<string, RunRecord>()
  private readonly pages: Promise<void>[] = []
  private readonly fleet: Fleet
  private readonly bell = createBell()
  private failure: unknown

  constructor(
    private readonly study: Study,
    private readonly plan: Plan,
    private readonly options: RunOptions,
    private readonly onEvent: (event: RunEvent) => void,
    private readonly stop: StopSignal,
    private readonly ports: RunPorts,
  ) {
    const { workers, isolation, engine: name, dumpGraphDir } = options
    // A function of the plan alone, so that a trial that goes on later computes as it began.
    const threads = plan.trials.length === 1 ? availableParallelism() : 1
    const dump = dumpGraphDir === undefined ? {} : { dumpGraphDir }
    this.fleet = createFleet(
      {
        executor: ports.executor ?? localExecutor,
        workers,
        isolation,
        engine: { name, threads, ...dump },
        limits: { ...defaultLimits, ...ports.limits },
      },
      {
        event: (job, event) => this.passOn(job, event),
        ended: (job, outcome) => this.settle(job, () => this.conclude(job, outcome)),
        lost: (job, loss) => this.settle(job, () => this.lose(job, loss)),
        warning: (message) => onEvent({ kind: 'warning', message }),
      },
    )
  }

  async go(): Promise<RunOutcome> {
    const unsubscribe = this.stop.onChange(() => this.bell.ring())
    try {
      await this.takeStock()
      await this.work()
    } finally {
      unsubscribe()
      this.fleet.kill()
      await this.fleet.close()
    }
    await Promise.all(this.pages)
    if (this.failure !== undefined) throw this.failure
    return this.outcome()
  }

  /** Finds out what is finished, mends what a crash left half done, and queues the rest. */
  private async takeStock(): Promise<void> {
    for (const trial of this.plan.trials) {
      if (this.options.fresh) this.forget(trial.id)
      const standing = await recover(this.study, trial.id)
      if (standing.problems.length > 0) this.distrust(trial.id, standing.problems)
      const { record } = standing
      if (record !== undefined && this.isFinal(record)) {
        this.records.set(trial.id, record)
        forgetAttempts(this.study.directory, record)
      } else this.waiting.push(trial)
    }
    this.waiting.sort(byExpectedWork)
    const { directory } = this.study
    const { study, trials } = this.plan
    this.onEvent({ kind: 'started', study, directory, trials: trials.length, finishedBefore: this.records.size })
  }

  private isFinal({ status }: RunRecord): boolean {
    return status === 'completed' || (status === 'failed' && !this.options.retryFailed)
  }

  private forget(trialId: string): void {
    this.study.ledger.append({ kind: 'discarded', trialId, reason: 'run afresh' })
    rmSync(attemptsDirectory(this.study.directory, trialId), { recursive: true, force: true })
    rmSync(trialDirectory(this.study.directory, trialId), { recursive: true, force: true })
  }

  /** A damaged result is never shown as a good one: the trial is done again, from its checkpoint where that is whole. */
  private distrust(trialId: string, problems: readonly string[]): void {
    const reason = problems.join('; ')
    this.onEvent({ kind: 'warning', message: `Trial ${trialId} is done again: ${reason}` })
    this.study.ledger.append({ kind: 'discarded', trialId, reason })
    setAside(this.study.directory, trialId, 'damaged')
  }

  /** Keeps the fleet busy until nothing is left to do, or a stop or a failure ends it. */
  private async work(): Promise<void> {
    let asked: StopStage = 'none'
    for (;;) {
      const wanted = this.wantedStop()
      if (wanted !== asked && wanted === 'save') this.fleet.stop()
      if (wanted !== asked && wanted === 'kill') this.fleet.kill()
      asked = wanted
      while (this.wantedStop() === 'none' && this.waiting.length > 0 && this.fleet.room() > 0) await this.start()
      const idle = this.running.size === 0
      if (idle && (asked !== 'none' || this.waiting.length === 0)) return
      await this.bell.rung()
    }
  }

  private wantedStop(): StopStage {
    if (this.stop.stage !== 'none') return this.stop.stage
    return this.failure === undefined ? 'none' : 'save'
  }

  private async start(): Promise<void> {
    const trial = this.waiting.shift()
    if (trial === undefined) return
    const { directory, ledger } = this.study
    this.study.lock.check()
    const attempt = 1 + (await lastAttempt(this.study, trial.id))
    const resumeFrom = await resumeFolders(directory, trial.id)
    ledger.append({ kind: 'started', trialId: trial.id, attempt })
    const folder = this.prepare(trial, attempt)
    const { spec, seed, baseDir, dataDigest } = trial
    this.running.set(trial.id, trial)
    const { alone } = this.setbacks.get(trial.id) ?? noSetbacks
    const job: TrialJob = { trialId: trial.id, attempt, directory: folder, resumeFrom, spec, seed, baseDir, dataDigest }
    this.onEvent({ kind: 'trial-started', trialId: trial.id, label: trial.label, seed, attempt })
    this.fleet.assign(job, alone)
  }

  private prepare(trial: PlannedTrial, attempt: number): string {
    const folder = join(attemptsDirectory(this.study.directory, trial.id), String(attempt))
    mkdirSync(folder, { recursive: true })
    writeFileSynced(join(folder, 'spec.yaml'), stringify({ ...trial.spec, seed: trial.seed }))
    return folder
  }

  private passOn({ trialId }: TrialJob, event: WorkerEvent): void {
    if (event.kind === 'trial') this.onEvent({ kind: 'trial-progress', trialId, event: event.event })
    else if (event.kind === 'warning') this.onEvent({ kind: 'warning', message: `Trial ${trialId}: ${event.message}` })
    else this.setbacks.set(trialId, { ...(this.setbacks.get(trialId) ?? noSetbacks), losses: 0 })
  }

  /** Does what an attempt's end asks for; the first error of ours ends the run once everything else has stopped. */
  private settle({ trialId }: TrialJob, end: () => Promise<void>): void {
    // The thread is free already: the next trial may start while this one is published.
    this.bell.ring()
    end()
      .catch((error: unknown) => {
        this.failure ??= error
      })
      .finally(() => {
        this.running.delete(trialId)
        this.bell.ring()
      })
  }

  private async conclude(job: TrialJob, outcome: AttemptOutcome): Promise<void> {
    if (outcome.kind === 'obstructed') throw fromPlainError(outcome.error)
    const trial = this.trialOf(job)
    if (outcome.kind === 'refused') return this.fail(trial, job.attempt, outcome.error)
    const { summary, data, engine, files } = outcome
    const status = summary.status === 'stopped' ? 'cancelled' : summary.status
    const versions = { ...this.study.file.versions, engine: engine.version }
    const ending: Ending = { status, attempts: job.attempt, versions, engine: engine.name, summary, data }
    await this.finish(trial, ending, job.attempt, files)
  }

  private async lose(job: TrialJob, loss: Loss): Promise<void> {
    const trial = this.trialOf(job)
    this.study.ledger.append({ kind: 'revoked', trialId: trial.id, attempt: job.attempt, reason: loss.message })
    if (this.wantedStop() !== 'none') return
    const verdict = judge(loss, this.setbacks.get(trial.id) ?? noSetbacks)
    const error = toPlainError(new SeqlabError('run', `The trial lost its attempt: ${loss.message}`))
    if (verdict.kind === 'give-up') return this.giveUp(trial, job.attempt, { ...error, message: verdict.reason })
    this.setbacks.set(trial.id, verdict.setbacks)
    this.waiting.unshift(trial)
    this.onEvent({ kind: 'trial-retried', trialId: trial.id, error })
  }

  private async fail(trial: PlannedTrial, attempt: number, error: PlainError): Promise<void> {
    const { versions } = this.study.file
    const { engine } = this.options
    await this.finish(trial, { status: 'failed', attempts: attempt, versions, engine, error }, attempt, {})
  }

  /** The lost attempt's folder may still be written to; the record goes into a folder of its own. */
  private async giveUp(trial: PlannedTrial, attempt: number, error: PlainError): Promise<void> {
    const { versions } = this.study.file
    const { engine } = this.options
    this.prepare(trial, attempt + 1)
    await this.finish(trial, { status: 'failed', attempts: attempt, versions, engine, error }, attempt + 1, {})
  }

  /** Publishes folder `number` of the trial's attempts. */
  private async finish(
    trial: PlannedTrial,
    ending: Ending,
    number: number,
    files: Readonly<Record<string, FileDigest>>,
  ): Promise<void> {
    const record = makeRecord(this.plan.study, trial, ending)
    await publish(this.study, trial, number, record, files)
    this.records.set(trial.id, record)
    const directory = trialDirectory(this.study.directory, trial.id)
    this.onEvent({ kind: 'trial-finished', trialId: trial.id, record, directory })
    if (this.ports.publishPage !== undefined) this.pages.push(this.page(this.ports.publishPage, directory, record))
  }

  private async page(
    render: NonNullable<RunPorts['publishPage']>,
    directory: string,
    record: RunRecord,
  ): Promise<void> {
    try {
      await render(directory, record)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.onEvent({ kind: 'warning', message: `No page could be made for trial ${record.trialId}: ${why}` })
    }
  }

  private trialOf({ trialId }: TrialJob): PlannedTrial {
    const trial = this.running.get(trialId)
    if (trial === undefined) throw new SeqlabError('internal', `Trial ${trialId} ended without having been started`)
    return trial
  }

  private outcome(): RunOutcome {
    const records = this.plan.trials.flatMap(({ id }) => this.records.get(id) ?? [])
    const finished = records.filter((record) => record.status !== 'cancelled')
    const interrupted = finished.length < this.plan.trials.length
    const failed = records.some((record) => record.status === 'failed')
    const status = interrupted ? 'interrupted' : failed ? 'some-failed' : 'completed'
    return { directory: this.study.directory, records, status }
  }
}
