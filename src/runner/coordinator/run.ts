import { fromPlainError, type PlainError, SeqlabError, toPlainError } from '../../core/errors.js'
import { ownFiles } from '../../spec/own/given.js'
import type { Plan, PlannedTrial } from '../../spec/types.js'
import { type Ending, type OpenStudy, revokeAttempt } from '../../store/index.js'
import { loneFlops } from '../agents/threads.js'
import type { RunEvent, RunOptions, RunOutcome } from '../events.js'
import { localExecutor } from '../executors/local.js'
import type { Executor, Fleet, FleetSettings } from '../executors/types.js'
import { defaultLimits, type Limits } from '../limits.js'
import type { AttemptFailure, AttemptOutcome, EvaluateJob, TrialJob, WorkerEvent } from '../messages.js'
import type { StopSignal, StopStage } from '../stop.js'
import { Attempts } from './attempts.js'
import { type Budget, startBudget } from './budget.js'
import { refuseElsewhere } from './elsewhere.js'
import { endingOf } from './outcome.js'
import { createPages, type Pages } from './pages.js'
import { jobMs } from './planned-times.js'
import type { RunPorts } from './ports.js'
import { recoverTrials, startedEvent } from './recover-trials.js'
import { Results } from './results.js'
import { type Failures, noFailures, retryPolicy } from './retry-policy.js'
import { byExpectedTime } from './schedule.js'
import { createSignal } from './signal.js'
import { byJob, type EvaluateTask, evaluateTasks, evaluationsOf, type Task, unexpected } from './task.js'

const budgetError = toPlainError(new SeqlabError('run', 'The budget of minutes ran out'))

/** One run of a plan in an open study: what is waiting, what is running, what is done. */
export class Run {
  private readonly waiting: Task[] = []
  /** An object of its own for each attempt. */
  private readonly running = new Map<string, { readonly task: Task }>()
  private readonly failures = new Map<string, Failures>()
  private readonly attempts: Attempts
  private readonly results: Results
  private readonly pages: Pages
  private readonly executor: Executor
  private readonly limits: Limits
  private readonly hostBytes: number | undefined
  private readonly budget: Budget
  private readonly notices = new Set<string>()
  /** Ends that are being acted on. */
  private readonly settling = new Set<Promise<void>>()
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
    this.hostBytes = ports.limits?.hostBytes
    this.budget = startBudget(this.limits.budgetMs, () => this.changed.notify())
    this.pages = createPages(ports.publishPage, (message) => this.warn(message))
    this.results = new Results(study, plan, onEvent, this.pages)
    this.executor = ports.executor ?? localExecutor
    this.attempts = new Attempts(study, this.executor.on)
  }

  async go(): Promise<RunOutcome> {
    const unsubscribe = this.stop.onChange(() => this.changed.notify())
    let how: 'ended' | 'detached'
    try {
      how = await this.runIn(await this.openFleet())
    } finally {
      unsubscribe()
      this.budget.clear()
    }
    await this.pages.settled()
    if (this.error !== undefined) throw this.error
    // What the budget left out was said.
    const missing = this.isOverBudget() ? [] : evaluationsOf(this.waiting)
    return this.results.outcome(this.chosen(), missing, how)
  }

  private openFleet(): Promise<Fleet> {
    if (!this.options.force) refuseElsewhere(this.study.directory, this.chosen(), this.executor.on)
    return this.executor.open(this.study, this.fleetSettings(), {
      onEvent: (job, event) => this.passOn(job, event),
      onEnd: (job, outcome) => this.settle(job, () => this.conclude(job, outcome)),
      onFailure: (job, failure) => this.settle(job, () => this.onFailure(job, failure)),
      onWarning: (message) => this.warn(message),
      onBegin: (job) => this.attempts.begun(job),
    })
  }

  private fleetSettings(): FleetSettings {
    const { workers, isolation, engine: name, dumpGraphDir } = this.options
    const flops = loneFlops(this.plan.trials)
    const engine = {
      name,
      ...(flops !== undefined && { loneFlops: flops }),
      ...(dumpGraphDir !== undefined && { dumpGraphDir }),
    }
    const { versions } = this.study.file
    const trials = new Map(this.plan.trials.map((trial) => [trial.id, trial]))
    const expectedMs = (job: TrialJob) => jobMs(job, trials.get(job.trialId))
    const { limits, hostBytes } = this
    const asked = hostBytes === undefined ? {} : { hostBytes }
    return { workers, isolation, engine, parts: ownFiles(), limits, ...asked, versions, expectedMs }
  }

  private async runIn(fleet: Fleet): Promise<'ended' | 'detached'> {
    let how: 'ended' | 'detached' = 'ended'
    try {
      await this.recover(fleet)
      how = await this.work(fleet)
      if (this.isOverBudget()) for (const task of this.waiting) await this.cancel(task)
      return how
    } finally {
      if (how === 'ended') fleet.kill()
      await fleet.close()
    }
  }

  private async recover(fleet: Fleet): Promise<void> {
    const { study, options } = this
    const found = await recoverTrials(study, this.chosen(), options, (message) => this.warn(message))
    this.results.add(found)
    this.onEvent(startedEvent(study, this.chosen(), found, options.workers))
    for (const task of [...found.waiting].sort(byExpectedTime))
      if (options.fresh || !this.adopt(task, fleet)) this.waiting.push(task)
  }

  /** Whether an earlier coordinator's attempt at a task goes on in the fleet. */
  private adopt(task: Task, fleet: Fleet): boolean {
    const job = this.attempts.adopt(task, fleet)
    if (job !== undefined) this.begun(task, job)
    return job !== undefined
  }

  private warn(message: string): void {
    this.onEvent({ kind: 'warning', message })
  }

  private warnOnce(message: string): void {
    if (this.notices.has(message)) return
    this.notices.add(message)
    this.warn(message)
  }

  /** The plan's trials, or those of them that this run is about. */
  private chosen(): readonly PlannedTrial[] {
    const { only } = this.options
    return only === undefined ? this.plan.trials : this.plan.trials.filter(({ id }) => only.includes(id))
  }

  /** Keeps the fleet busy until nothing is left to do, all that is left is handed over, or a stop or a failure ends it. */
  private async work(fleet: Fleet): Promise<'ended' | 'detached'> {
    let asked: StopStage = 'none'
    for (;;) {
      const wanted = this.wantedStop()
      if (wanted !== asked && wanted === 'save') fleet.stop()
      if (wanted !== asked && wanted === 'kill') fleet.kill()
      asked = wanted
      while (this.wantedStop() === 'none' && this.waiting.length > 0 && fleet.room() > 0) await this.tryToStart(fleet)
      const idle = this.running.size === 0
      if (idle && (asked !== 'none' || this.waiting.length === 0)) return 'ended'
      if (this.options.detach !== true || asked !== 'none') await this.changed.wait()
      else if (await this.handOver(fleet)) return 'detached'
    }
  }

  /** Whether everything that is left goes on by itself: what ended meanwhile may have left something to start. */
  private async handOver(fleet: Fleet): Promise<boolean> {
    await fleet.detach()
    await Promise.all(this.settling)
    return this.waiting.length === 0 && this.running.size > 0 && this.wantedStop() === 'none'
  }

  private wantedStop(): StopStage {
    if (this.stop.stage !== 'none') return this.stop.stage
    return this.error === undefined && !this.budget.isSpent() ? 'none' : 'save'
  }

  /** The budget alone stopped the trials, not somebody or an error. */
  private isOverBudget(): boolean {
    return this.budget.isSpent() && this.stop.stage === 'none' && this.error === undefined
  }

  private async tryToStart(fleet: Fleet): Promise<void> {
    try {
      await this.start(fleet)
    } catch (error) {
      this.error ??= error
    }
  }

  private async start(fleet: Fleet): Promise<void> {
    const task = this.waiting.shift()
    if (task === undefined) return
    this.study.lock.check()
    const job = await this.attempts.begin(task)
    this.begun(task, job)
    fleet.assign(job, this.failuresOf(job.trialId).alone)
  }

  private begun(task: Task, { trialId, attempt }: TrialJob): void {
    const { label, seed } = task.trial
    this.running.set(trialId, { task })
    const waits = this.executor.on !== undefined
    this.onEvent({ kind: 'trial-started', trialId, label, seed, attempt, task: task.kind, waits })
  }

  private passOn({ trialId }: TrialJob, event: WorkerEvent): void {
    if (event.kind === 'trial') this.onEvent({ kind: 'trial-progress', trialId, event: event.event })
    else if (event.kind === 'notice') this.warnOnce(event.message)
    else if (event.kind === 'warning') this.warn(`Trial ${trialId}: ${event.message}`)
    else this.failures.set(trialId, { ...this.failuresOf(trialId), count: 0, takenAway: 0 })
  }

  private failuresOf(trialId: string): Failures {
    return this.failures.get(trialId) ?? noFailures
  }

  /** Acts on the end of an attempt; the first error of ours ends the run once everything else has stopped. */
  private settle({ trialId }: TrialJob, end: () => Promise<void>): void {
    const ended = this.running.get(trialId)
    // The thread is free already: the next trial may start while this one is published.
    this.changed.notify()
    const settled = end()
      .catch((error: unknown) => {
        this.error ??= error
      })
      .finally(() => {
        // What follows on it (another attempt, evaluations) may have begun.
        if (this.running.get(trialId) === ended) this.running.delete(trialId)
        this.settling.delete(settled)
        this.changed.notify()
      })
    this.settling.add(settled)
  }

  private async conclude(job: TrialJob, outcome: AttemptOutcome): Promise<void> {
    if (outcome.kind === 'obstructed') {
      this.attempts.revoke(job, outcome.error.message)
      throw fromPlainError(outcome.error)
    }
    const task = this.taskOf(job)
    if (task.kind === 'evaluate' && job.kind === 'evaluate') return this.concludeEvaluations(task, job, outcome)
    if (outcome.kind === 'refused') return this.fail(task.trial, job.attempt, outcome.error)
    if (outcome.kind !== 'ran') throw unexpected(job, outcome)
    const cancelled = this.isOverBudget() ? budgetError : undefined
    const ending = endingOf(outcome, job.attempt, this.study.file.versions, cancelled)
    const { status } = await this.results.publish(task.trial, ending, job.attempt, outcome.files)
    if (status === 'completed') this.waiting.push(...evaluateTasks(task.trial, task.trial.evaluations.slice(1)))
  }

  private concludeEvaluations(task: EvaluateTask, job: EvaluateJob, outcome: AttemptOutcome): void {
    if (outcome.kind === 'stopped') return void this.waiting.unshift(task)
    const { now, later } = byJob(task, job)
    const asked = { ...task, evaluations: now }
    if (outcome.kind === 'evaluated') this.results.publishEvaluations(asked, job.attempt, outcome)
    else if (outcome.kind === 'refused') this.results.evaluationsFailed(asked, outcome.error)
    else throw unexpected(job, outcome)
    this.waiting.unshift(...later)
  }

  private async onFailure(job: TrialJob, failure: AttemptFailure): Promise<void> {
    const task = this.taskOf(job)
    const { trialId, attempt } = job
    revokeAttempt(this.study, job, failure.message)
    if (this.wantedStop() !== 'none') return void this.waiting.push(task)
    const decision = retryPolicy(failure, this.failuresOf(trialId))
    const error = toPlainError(new SeqlabError('run', `The attempt failed: ${failure.message}`))
    if (decision.kind === 'give-up') return this.giveUp(task, attempt, { ...error, message: decision.reason })
    this.failures.set(trialId, decision.failures)
    this.waiting.unshift(task)
    this.onEvent({ kind: 'trial-retried', trialId, error })
  }

  private async fail(trial: PlannedTrial, attempt: number, error: PlainError): Promise<void> {
    await this.results.publish(trial, this.endWithout('failed', attempt, error), attempt, {})
  }

  /** The failed attempt's folder may still be written to; the record goes into a separate folder. */
  private async giveUp(task: Task, attempt: number, error: PlainError): Promise<void> {
    const { trial } = task
    if (task.kind === 'evaluate') return this.results.evaluationsFailed(task, error)
    this.attempts.prepare(trial, attempt + 1)
    await this.results.publish(trial, this.endWithout('failed', attempt, error), attempt + 1, {})
  }

  private async cancel(task: Task): Promise<void> {
    const { trial } = task
    if (task.kind === 'evaluate')
      return this.warn(`${trial.label} seed ${trial.seed} is not evaluated: ${budgetError.message}`)
    const attempt = await this.attempts.next(trial.id)
    this.attempts.prepare(trial, attempt)
    await this.results.publish(trial, this.endWithout('cancelled', attempt - 1, budgetError), attempt, {})
  }

  private endWithout(status: Ending['status'], attempts: number, error: PlainError): Ending {
    return { status, attempts, versions: this.study.file.versions, engine: this.options.engine, error }
  }

  private taskOf({ trialId }: TrialJob): Task {
    const running = this.running.get(trialId)
    if (running === undefined) throw new SeqlabError('internal', `Trial ${trialId} ended without having been started`)
    return running.task
  }
}
