import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fromPlainError, type PlainError, SeqlabError, toPlainError } from '../core/errors.js'
import { specYaml } from '../spec/document/print.js'
import type { Plan, PlannedTrial } from '../spec/types.js'
import { createBell } from './bell.js'
import type { RunEvent, RunOptions, RunOutcome } from './events.js'
import { localExecutor } from './executors/local.js'
import type { Executor } from './executors/types.js'
import { diskProblem, type FileDigest, writeFileSynced } from './files.js'
import { createFleet, type Fleet } from './fleet.js'
import { defaultLimits, judge, type Limits, type Loss, noSetbacks, type Setbacks } from './limits.js'
import type { AttemptOutcome, TrialJob, WorkerEvent } from './messages.js'
import { lastAttempt, publish, resumeFolders } from './publish.js'
import { type Ending, makeRecord, type RunRecord } from './record.js'
import { byExpectedTime } from './schedule.js'
import { isFinished, takeStock } from './stock.js'
import type { StopSignal, StopStage } from './stop.js'
import { attemptsDirectory, openStudy, type Study, trialDirectory } from './study.js'
import { graphsDirectory } from './versions.js'

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

/** What setTimeout can hold: 24 days. */
const longestTimerMs = 2 ** 31 - 1

const budgetError = toPlainError(new SeqlabError('run', 'The budget of minutes ran out'))

/** One run of a plan in an open study: what is waiting, what is running, what is done. */
class Run {
  private readonly waiting: PlannedTrial[] = []
  private readonly running = new Map<string, PlannedTrial>()
  private readonly setbacks = new Map<string, Setbacks>()
  private readonly records = new Map<string, RunRecord>()
  private readonly pages: Promise<void>[] = []
  private readonly fleet: Fleet
  private readonly limits: Limits
  private budgetSpent = false
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
    this.limits = { ...defaultLimits, ...ports.limits }
    const { workers, isolation, engine: name, dumpGraphDir } = options
    // A function of the plan alone, so that a trial that goes on later computes as it began.
    const threads = plan.trials.length === 1 ? availableParallelism() : 1
    const dump = dumpGraphDir === undefined ? {} : { dumpGraphDir }
    this.fleet = createFleet(
      {
        executor: ports.executor ?? localExecutor,
        workers,
        isolation,
        engine: { name, threads, cacheDir: graphsDirectory(), ...dump },
        limits: this.limits,
      },
      {
        event: (job, event) => this.passOn(job, event),
        ended: (job, outcome) => this.settle(job, () => this.conclude(job, outcome)),
        lost: (job, loss) => this.settle(job, () => this.lose(job, loss)),
        warning: (message) => this.warn(message),
      },
    )
  }

  async go(): Promise<RunOutcome> {
    const unsubscribe = this.stop.onChange(() => this.bell.ring())
    const timer = this.watchBudget()
    try {
      await this.takeStock()
      await this.work()
      if (this.isOverBudget()) for (const trial of this.waiting) await this.cancel(trial)
    } finally {
      unsubscribe()
      clearTimeout(timer)
      this.fleet.kill()
      await this.fleet.close()
    }
    await Promise.all(this.pages)
    if (this.failure !== undefined) throw this.failure
    return this.outcome()
  }

  private async takeStock(): Promise<void> {
    const { study, options } = this
    const { waiting, records } = await takeStock(study, this.chosen(), options, (message) => this.warn(message))
    this.waiting.push(...waiting.sort(byExpectedTime))
    for (const record of records) this.records.set(record.trialId, record)
    const trials = this.chosen().length
    const { directory } = study
    this.onEvent({ kind: 'started', study: this.plan.study, directory, trials, finishedBefore: records.length })
  }

  private warn(message: string): void {
    this.onEvent({ kind: 'warning', message })
  }

  /** The plan's trials, or those of them that this run is about. */
  private chosen(): readonly PlannedTrial[] {
    const { only } = this.options
    return only === undefined ? this.plan.trials : this.plan.trials.filter(({ id }) => only.includes(id))
  }

  /** Keeps the fleet busy until nothing is left to do, or a stop or a failure ends it. */
  private async work(): Promise<void> {
    let asked: StopStage = 'none'
    for (;;) {
      const wanted = this.wantedStop()
      if (wanted !== asked && wanted === 'save') this.fleet.stop()
      if (wanted !== asked && wanted === 'kill') this.fleet.kill()
      asked = wanted
      while (this.wantedStop() === 'none' && this.waiting.length > 0 && this.fleet.room() > 0) await this.tryToStart()
      const idle = this.running.size === 0
      if (idle && (asked !== 'none' || this.waiting.length === 0)) return
      await this.bell.rung()
    }
  }

  private wantedStop(): StopStage {
    if (this.stop.stage !== 'none') return this.stop.stage
    return this.failure === undefined && !this.budgetSpent ? 'none' : 'save'
  }

  private watchBudget(): NodeJS.Timeout | undefined {
    if (!Number.isFinite(this.limits.budgetMs)) return undefined
    return setTimeout(
      () => {
        this.budgetSpent = true
        this.bell.ring()
      },
      Math.min(this.limits.budgetMs, longestTimerMs),
    )
  }

  /** The budget alone stopped the trials, not somebody or an error. */
  private isOverBudget(): boolean {
    return this.budgetSpent && this.stop.stage === 'none' && this.failure === undefined
  }

  private async tryToStart(): Promise<void> {
    try {
      await this.start()
    } catch (error) {
      this.failure ??= error
    }
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
    writeFileSynced(join(folder, 'spec.yaml'), specYaml({ ...trial.spec, seed: trial.seed }))
    return folder
  }

  private passOn({ trialId }: TrialJob, event: WorkerEvent): void {
    if (event.kind === 'trial') this.onEvent({ kind: 'trial-progress', trialId, event: event.event })
    else if (event.kind === 'warning') this.warn(`Trial ${trialId}: ${event.message}`)
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
    const error = status === 'cancelled' && this.isOverBudget() ? { error: budgetError } : {}
    const ending: Ending = { status, attempts: job.attempt, versions, engine: engine.name, summary, data, ...error }
    await this.finish(trial, ending, job.attempt, files)
  }

  private async lose(job: TrialJob, loss: Loss): Promise<void> {
    const trial = this.trialOf(job)
    this.study.ledger.append({ kind: 'revoked', trialId: trial.id, attempt: job.attempt, reason: loss.message })
    if (this.wantedStop() !== 'none') return void this.waiting.push(trial)
    const verdict = judge(loss, this.setbacks.get(trial.id) ?? noSetbacks)
    const error = toPlainError(new SeqlabError('run', `The trial lost its attempt: ${loss.message}`))
    if (verdict.kind === 'give-up') return this.giveUp(trial, job.attempt, { ...error, message: verdict.reason })
    this.setbacks.set(trial.id, verdict.setbacks)
    this.waiting.unshift(trial)
    this.onEvent({ kind: 'trial-retried', trialId: trial.id, error })
  }

  private async fail(trial: PlannedTrial, attempt: number, error: PlainError): Promise<void> {
    await this.finish(trial, this.endWithout('failed', attempt, error), attempt, {})
  }

  /** The lost attempt's folder may still be written to; the record goes into a folder of its own. */
  private async giveUp(trial: PlannedTrial, attempt: number, error: PlainError): Promise<void> {
    this.prepare(trial, attempt + 1)
    await this.finish(trial, this.endWithout('failed', attempt, error), attempt + 1, {})
  }

  private async cancel(trial: PlannedTrial): Promise<void> {
    const attempt = 1 + (await lastAttempt(this.study, trial.id))
    this.prepare(trial, attempt)
    await this.finish(trial, this.endWithout('cancelled', attempt - 1, budgetError), attempt, {})
  }

  private endWithout(status: Ending['status'], attempts: number, error: PlainError): Ending {
    return { status, attempts, versions: this.study.file.versions, engine: this.options.engine, error }
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
      this.warn(`No page could be made for trial ${record.trialId}: ${why}`)
    }
  }

  private trialOf({ trialId }: TrialJob): PlannedTrial {
    const trial = this.running.get(trialId)
    if (trial === undefined) throw new SeqlabError('internal', `Trial ${trialId} ended without having been started`)
    return trial
  }

  private outcome(): RunOutcome {
    const records = this.chosen().flatMap(({ id }) => this.records.get(id) ?? [])
    const finished = records.filter(isFinished)
    const interrupted = finished.length < this.chosen().length
    const failed = records.some((record) => record.status === 'failed')
    const status = interrupted ? 'interrupted' : failed ? 'some-failed' : 'completed'
    const { directory, file } = this.study
    return { directory, records, others: file.trials.length - this.plan.trials.length, status }
  }
}
