import type { PlannedEvaluation, PlannedTrial, TrialCost } from '../../spec/types.js'
import type { PlannedTask } from '../events.js'
import type { TrialJob } from '../messages.js'
import { type PlannedTimes, plannedMs } from '../time-left.js'
import { byExpectedTime } from './schedule.js'
import { evaluateTasks, type Task } from './task.js'

/** Starting a process with an engine, and writing a result: measured on a quiet core. */
const startMs = 700
const writeMs = 200

const unknownCost: Pick<TrialCost, 'steps' | 'milliseconds' | 'evaluation' | 'reading' | 'compile'> = {
  ...{ steps: 0, milliseconds: 0, evaluation: { validations: 0, dev: 0, test: 0 }, reading: 0 },
  compile: { train: { graphs: 0, ms: 0 }, dev: { graphs: 0, ms: 0 }, test: { graphs: 0, ms: 0 } },
}

/** What tasks are planned to take, in the order of starting, with the evaluations that follow on a training. */
export function plannedTasks(waiting: readonly Task[]): readonly PlannedTask[] {
  return waiting
    .flatMap((task) => (task.kind === 'train' ? [task, ...laterTasks(task.trial)] : [task]))
    .sort(byExpectedTime)
    .map((task) => ({ trialId: task.trial.id, task: task.kind, times: plannedTimes(task) }))
}

function laterTasks(trial: PlannedTrial): readonly Task[] {
  return evaluateTasks(trial, trial.evaluations.slice(1))
}

/** Milliseconds on one core that a job is planned to take; 0 where its trial is not in the plan. */
export function jobMs(job: TrialJob, trial: PlannedTrial | undefined): number {
  if (trial === undefined) return 0
  const { kind } = job
  return plannedMs(plannedTimes(kind === 'train' ? { kind, trial } : { kind, trial, evaluations: job.evaluations }))
}

/** What a task is planned to take; no work where its cost is not known. */
function plannedTimes(task: Task): PlannedTimes {
  const { steps, milliseconds, evaluation, reading, compile } = task.trial.cost ?? unknownCost
  const { validations, dev, test } = evaluation
  const common = { start: startMs + reading, write: writeMs }
  if (task.kind === 'evaluate') {
    const widths = task.evaluations.map(({ decode }) => searchWidth(decode))
    const all = widths.reduce((sum, width) => sum + width * (dev + test), 0)
    const graphs = compile.dev.graphs + compile.test.graphs
    const compiled = { train: noGraphs, validate: noGraphs, test: { graphs, ms: compile.test.ms } }
    return { ...common, train: 0, steps: 0, validate: 0, validations: 0, test: all, compile: compiled }
  }
  return {
    ...common,
    train: milliseconds,
    steps,
    validate: validations * dev,
    validations,
    test: test * searchWidth(task.trial.spec.decode),
    compile: { train: compile.train, validate: validations === 0 ? noGraphs : compile.dev, test: compile.test },
  }
}

const noGraphs = { graphs: 0, ms: 0 }

/** A beam costs about as much as so many greedy searches. */
function searchWidth(decode: PlannedEvaluation['decode']): number {
  return decode.type === 'beam' ? decode.width : 1
}
