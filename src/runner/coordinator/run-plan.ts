import { availableParallelism } from 'node:os'
import { fromPlainError, type PlainError, SeqlabError, toPlainError } from '../../core/errors.js'
import { specYaml } from '../../spec/document/print.js'
import type { Plan, PlannedTrial } from '../../spec/types.js'
import {
  createAttempt,
  diskProblem,
  type Ending,
  type FileDigest,
  makeRecord,
  nextAttempt,
  type OpenStudy,
  openStudy,
  publish,
  type RunRecord,
  resumeFolders,
} from '../../store/index.js'
import type { RunEvent, RunOptions, RunOutcome } from '../events.js'
import { localExecutor } from '../executors/local.js'
import type { Executor } from '../executors/types.js'
import { defaultLimits, type Limits } from '../limits.js'
import type { AttemptOutcome, TrialJob, WorkerEvent } from '../messages.js'
import type { StopSignal, StopStage } from '../stop.js'
import { graphsDirectory, versions } from '../versions.js'
import { type Budget, startBudget } from './budget.js'
import { createFleet, type Fleet } from './fleet.js'
import { endingOf, statusOf } from './outcome.js'
import { createPages, type Pages, type RenderPage } from './pages.js'
import { recoverTrials } from './recover-trials.js'
import { type AttemptFailure, type Failures, noFailures, retryPolicy } from './retry-policy.js'
import { byExpectedTime } from './schedule.js'
import { createSignal } from './signal.js'

/** What a caller may plug in; the runner knows neither pages nor clusters. */
export interface RunPorts {
  /** Called once a trial is published, with its folder; what it throws becomes a warning. */
  readonly publishPage?: RenderPage
  readonly executor?: Executor
  readonly limits?: Partial<Limits>
}

/**
 * Runs a plan's trials, and publishes each exactly once under `<outDir>/<study>/<trial id>/`. What is finished already
 * is kept, unfinished trials continue from their checkpoints. Throws SeqlabError 'run' when the directory is in use, was
 * created by a different plan or version, or cannot be written.
 */
export async function runPlan(
  plan: Plan,
  options: RunOptions,
  onEvent: (event: RunEvent) => void,
  stop: StopSignal,
  ports: RunPorts = {},
): Promise<RunOutcome> {
  try {
    const study = await openStudy(plan, versions(), options, (message) => onEvent({ kind: 'warning', message }))
    try {
      return await new Run(study, plan, options, onEvent, stop, ports).go()
    } finally {
      study.close()
    }
  } catch (error) {
    throw diskProblem(error) ?? error
  }
}

const budgetError = toPlainError(new SeqlabError('run', 'The budget of minutes ran out'))

/** One run of a plan in an open study: what is waiting, what is running, what is done. */
class Run {
  private readonly waiting: PlannedTrial[] = []
  private readonly running = new Map<string, PlannedTrial>()
  private readonly failures = new Map<string, Failures>()
  private readonly records = new Map<string, RunRecord>()
  private readonly pages: Pages
  private readonly fleet: Fleet
  private readonly limits: Limits
  private readonly budget: Budget
  private readonly changed = createSignal()
  private error: unknown

  constructor(
    private readonly study: OpenStudy,
    private readonly plan: Plan,
    private readonly options: RunOptions,
    private readonly onEvent: (event: RunEvent) => void,
    private readonly stop: StopSignal,
    ports: RunPorts,
  ) {
    this.limits = { ...defaultLimits, ...ports.limits }
    this.budget = startBudget(this.limits.budgetMs, () => this.changed.notify())
    this.pages = createPages(ports.publishPage, (message) => this.warn(message))
    const { workers, isolation, engine: name, dumpGraphDir } = options
    // A function of the plan alone, so that a resumed trial computes the same numbers.
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
        onEvent: (job, event) => this.passOn(job, event),
        onEnd: (job, outcome) => this.settle(job, () => this.conclude(job, outcome)),
        onFailure: (job, failure) => this.settle(job, () => this.onFailure(job, failure)),
        onWarning: (message) => this.warn(message),
      },
    )
  }

  async go(): Promise<RunOutcome> {
    const unsubscribe = this.stop.onChange(() => this.changed.notify())
    try {
      await this.recover()
      await this.work()
      if (this.isOverBudget()) for (const trial of this.waiting) await this.cancel(trial)
    } finally {
      unsubscribe()
      this.budget.clear()
      this.fleet.kill()
      await this.fleet.close()
    }
    await this.pages.settled()
    if (this.error !== undefined) throw this.error
    return this.outcome()
  }

  private async recover(): Promise<void> {
    const { study, options } = this
    const { waiting, records } = await recoverTrials(study, this.chosen(), options, (message) => this.warn(message))
    this.waiting.push(...[...waiting].sort(byExpectedTime))
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
      await this.changed.wait()
    }
  }

  private wantedStop(): StopStage {
    if (this.stop.stage !== 'none') return this.stop.stage
    return this.error === undefined && !this.budget.isSpent() ? 'none' : 'save'
  }

  /** The budget alone stopped the trials, not somebody or an error. */
  private isOverBudget(): boolean {
    return this.budget.isSpent() && this.stop.stage === 'none' && this.error === undefined
  }

  private async tryToStart(): Promise<void> {
    try {
      await this.start()
    } catch (error) {
      this.error ??= error
    }
  }

  private async start(): Promise<void> {
    const trial = this.waiting.shift()
    if (trial === undefined) return
    this.study.lock.check()
    const attempt = await nextAttempt(this.study, trial.id)
    const resumeFrom = await resumeFolders(this.study, trial.id)
    this.study.ledger.append({ kind: 'started', trialId: trial.id, attempt })
    const directory = this.prepare(trial, attempt)
    const { label, spec, seed, baseDir, dataDigest } = trial
    this.running.set(trial.id, trial)
    const { alone } = this.failuresOf(trial.id)
    const job: TrialJob = { trialId: trial.id, attempt, directory, resumeFrom, label, spec, seed, baseDir, dataDigest }
    this.onEvent({ kind: 'trial-started', trialId: trial.id, label: trial.label, seed, attempt })
    this.fleet.assign(job, alone)
  }

  private prepare(trial: PlannedTrial, attempt: number): string {
    const spec = specYaml({ ...trial.spec, seed: trial.seed })
    return createAttempt(this.study.directory, { trialId: trial.id, attempt }, spec)
  }

  private passOn({ trialId }: TrialJob, event: WorkerEvent): void {
    if (event.kind === 'trial') this.onEvent({ kind: 'trial-progress', trialId, event: event.event })
    else if (event.kind === 'warning') this.warn(`Trial ${trialId}: ${event.message}`)
    else this.failures.set(trialId, { ...this.failuresOf(trialId), count: 0 })
  }

  private failuresOf(trialId: string): Failures {
    return this.failures.get(trialId) ?? noFailures
  }

  /** Acts on the end of an attempt; the first error of ours ends the run once everything else has stopped. */
  private settle({ trialId }: TrialJob, end: () => Promise<void>): void {
    // The thread is free already: the next trial may start while this one is published.
    this.changed.notify()
    end()
      .catch((error: unknown) => {
        this.error ??= error
      })
      .finally(() => {
        this.running.delete(trialId)
        this.changed.notify()
      })
  }

  private async conclude(job: TrialJob, outcome: AttemptOutcome): Promise<void> {
    if (outcome.kind === 'obstructed') throw fromPlainError(outcome.error)
    const trial = this.trialOf(job)
    if (outcome.kind === 'refused') return this.fail(trial, job.attempt, outcome.error)
    const cancelled = this.isOverBudget() ? budgetError : undefined
    const ending = endingOf(outcome, job.attempt, this.study.file.versions, cancelled)
    await this.finish(trial, ending, job.attempt, outcome.files)
  }

  private async onFailure(job: TrialJob, failure: AttemptFailure): Promise<void> {
    const trial = this.trialOf(job)
    this.study.ledger.append({ kind: 'revoked', trialId: trial.id, attempt: job.attempt, reason: failure.message })
    if (this.wantedStop() !== 'none') return void this.waiting.push(trial)
    const decision = retryPolicy(failure, this.failuresOf(trial.id))
    const error = toPlainError(new SeqlabError('run', `The attempt failed: ${failure.message}`))
    if (decision.kind === 'give-up') return this.giveUp(trial, job.attempt, { ...error, message: decision.reason })
    this.failures.set(trial.id, decision.failures)
    this.waiting.unshift(trial)
    this.onEvent({ kind: 'trial-retried', trialId: trial.id, error })
  }

  private async fail(trial: PlannedTrial, attempt: number, error: PlainError): Promise<void> {
    await this.finish(trial, this.endWithout('failed', attempt, error), attempt, {})
  }

  /** The failed attempt's folder may still be written to; the record goes into a separate folder. */
  private async giveUp(trial: PlannedTrial, attempt: number, error: PlainError): Promise<void> {
    this.prepare(trial, attempt + 1)
    await this.finish(trial, this.endWithout('failed', attempt, error), attempt + 1, {})
  }

  private async cancel(trial: PlannedTrial): Promise<void> {
    const attempt = await nextAttempt(this.study, trial.id)
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
    const directory = await publish(this.study, { trialId: trial.id, attempt: number }, record, files)
    this.records.set(trial.id, record)
    this.onEvent({ kind: 'trial-finished', trialId: trial.id, record, directory })
    this.pages.render(directory, record)
  }

  private trialOf({ trialId }: TrialJob): PlannedTrial {
    const trial = this.running.get(trialId)
    if (trial === undefined) throw new SeqlabError('internal', `Trial ${trialId} ended without having been started`)
    return trial
  }

  private outcome(): RunOutcome {
    const records = this.chosen().flatMap(({ id }) => this.records.get(id) ?? [])
    const { directory, file } = this.study
    const others = file.trials.length - this.plan.trials.length
    return { directory, records, others, status: statusOf(records, this.chosen().length) }
  }
}
