import type { PlainError } from '../../core/errors.js'
import type { Plan, PlannedTrial } from '../../spec/types.js'
import {
  type Ending,
  type EvaluationRecord,
  type FileDigest,
  makeRecord,
  type OpenStudy,
  publish,
  publishEvaluations,
  type RunRecord,
} from '../../store/index.js'
import type { RunEvent, RunOutcome } from '../events.js'
import type { AttemptOutcome } from '../messages.js'
import { statusOf } from './outcome.js'
import type { Pages } from './pages.js'
import type { RecoveredTrials } from './recover-trials.js'
import { type EvaluateTask, evaluationRecords } from './task.js'

/** What a run has to show: it publishes, reports and remembers results. */
export class Results {
  private readonly records = new Map<string, RunRecord>()
  private readonly evaluations: EvaluationRecord[] = []
  private failedEvaluations = 0

  constructor(
    private readonly study: OpenStudy,
    private readonly plan: Plan,
    private readonly onEvent: (event: RunEvent) => void,
    private readonly pages: Pages,
  ) {}

  /** Adds what an earlier run had published. */
  add({ records, evaluations }: Pick<RecoveredTrials, 'records' | 'evaluations'>): void {
    for (const record of records) this.records.set(record.trialId, record)
    this.evaluations.push(...evaluations)
  }

  /** Publishes folder `number` of the trial's attempts. */
  async publish(
    trial: PlannedTrial,
    ending: Ending,
    number: number,
    files: Readonly<Record<string, FileDigest>>,
  ): Promise<RunRecord> {
    const record = makeRecord(this.plan.study, trial, ending)
    const directory = await publish(this.study, { trialId: trial.id, attempt: number }, record, files)
    this.records.set(trial.id, record)
    this.onEvent({ kind: 'trial-finished', trialId: trial.id, record, directory })
    this.pages.render(directory, record)
    return record
  }

  publishEvaluations(
    task: EvaluateTask,
    attempt: number,
    outcome: Extract<AttemptOutcome, { kind: 'evaluated' }>,
  ): void {
    const { id: trialId, seed } = task.trial
    const made = evaluationRecords(task, outcome, this.study.file.versions)
    const directory = publishEvaluations(this.study, { trialId, attempt }, made)
    this.evaluations.push(...made)
    for (const evaluation of made) this.onEvent({ kind: 'trial-evaluated', trialId, seed, evaluation, directory })
    const record = this.records.get(trialId)
    if (record !== undefined) this.pages.render(directory, record)
  }

  /** Nothing of it is on disk: the next run tries again. */
  evaluationsFailed({ trial: { id: trialId, seed }, evaluations }: EvaluateTask, error: PlainError): void {
    this.failedEvaluations += evaluations.length
    for (const { label } of evaluations) this.onEvent({ kind: 'evaluation-failed', trialId, label, seed, error })
  }

  /** Of a run about some of the plan's trials; `missing`: evaluations that are left to do, `detached`: a cluster goes on. */
  outcome(trials: readonly PlannedTrial[], missing: RunOutcome['missing'], how: 'ended' | 'detached'): RunOutcome {
    const records = trials.flatMap(({ id }) => this.records.get(id) ?? [])
    const { directory, file } = this.study
    const others = file.trials.length - this.plan.trials.length
    const evaluations = { unfinished: missing.length > 0, failed: this.failedEvaluations > 0 }
    const status = how === 'detached' ? how : statusOf(records, trials.length, evaluations)
    return { directory, records, evaluations: this.evaluations, missing, others, status }
  }
}
