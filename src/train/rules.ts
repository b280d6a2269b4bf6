import type { Problem } from '../core/errors.js'
import { judge } from '../core/judge.js'
import { oneOf } from '../core/suggest.js'
import { metrics } from '../metrics/index.js'
import type { TaskPart } from '../task/types.js'
import { teacherForcings } from './forcing/index.js'
import type { TeacherForcingPart } from './forcing/types.js'
import type { TrainOptions } from './options.js'
import { schedules } from './schedules/index.js'
import type { SchedulePart } from './schedules/types.js'
import { choiceName } from './select-choices.js'

/** Cross-field rules of `train` under a task. `trained`: of a model that was trained by it, whatever had no effect. */
export function trainProblems(
  train: TrainOptions,
  task: Pick<TaskPart, 'name' | 'trainOptions'>,
  trained = false,
): readonly Problem[] {
  return judge(
    () => durationProblems(train),
    () => (trained ? [] : rateProblems(train)),
    () => (trained ? [] : forcingProblems(train)),
    () => selectionProblems(train, task),
    () => taskProblems(train, task),
    () => initProblems(train),
  )
}

function durationProblems({ steps, epochs }: TrainOptions): Problem[] {
  if ((steps === undefined) !== (epochs === undefined)) return []
  const message = steps === undefined ? 'Neither `steps` nor `epochs` is given' : 'Both `steps` and `epochs` are given'
  return [{ path: 'train', message, expected: 'exactly one of `steps` and `epochs`' }]
}

/** Changes of the learning rate that would never come, or after the end of training. */
function rateProblems({ steps, warmup, schedule }: TrainOptions): Problem[] {
  const problems: Problem[] = []
  if (steps !== undefined && warmup >= steps && warmup > 0) {
    const message = `the warm-up of ${warmup} steps would not end: training ends after ${steps}`
    problems.push({ path: 'train.warmup', message, expected: `less than ${steps}`, received: `${warmup}` })
  }
  const part: SchedulePart = schedules.get(schedule.type)
  const ofSchedule = part.problems?.(schedule, steps) ?? []
  return [...problems, ...ofSchedule.map((problem) => ({ ...problem, path: `train.schedule.${problem.path}` }))]
}

/** Teacher forcing that never changes under a name that says that it does. */
function forcingProblems({ teacherForcing }: TrainOptions): Problem[] {
  const part: TeacherForcingPart = teacherForcings.get(teacherForcing.type)
  const found = part.problems?.(teacherForcing) ?? []
  return found.map((problem) => ({ ...problem, path: `train.teacherForcing.${problem.path}` }))
}

/** Metrics that select a checkpoint can score the task, and each is there once. */
function selectionProblems({ validate }: TrainOptions, task: Pick<TaskPart, 'name'>): Problem[] {
  const { select = [] } = validate
  const names = (Array.isArray(select) ? select : [select]).map(choiceName)
  return names.flatMap((name, at): Problem[] => {
    const path = Array.isArray(select) ? `train.validate.select.${at}` : 'train.validate.select'
    if (names.indexOf(name) < at) return [{ path, message: `\`${name}\` is in the list twice` }]
    const part = metrics.find(name)
    if (part === undefined || part.tasks.includes(task.name)) return []
    const fitting = Object.values(metrics.parts).filter(({ tasks }) => tasks.includes(task.name))
    const message = `\`${name}\` cannot score the task ${task.name}, so it cannot select a checkpoint`
    return [{ path, message, expected: oneOf([...fitting.map((other) => other.name), 'loss']) }]
  })
}

function taskProblems({ labelSmoothing, teacherForcing }: TrainOptions, task: Pick<TaskPart, 'name' | 'trainOptions'>) {
  const problems: Problem[] = []
  if (labelSmoothing > 0 && !task.trainOptions.includes('labelSmoothing')) {
    const message = `the task ${task.name} has no labels to smooth`
    problems.push({ path: 'train.labelSmoothing', message, expected: '0', received: `${labelSmoothing}` })
  }
  if (teacherForcing.type !== 'always' && !task.trainOptions.includes('teacherForcing')) {
    const message = `the task ${task.name} feeds no predictions back, so teacher forcing does not apply`
    problems.push({ path: 'train.teacherForcing', message, expected: 'always', received: teacherForcing.type })
  }
  return problems
}

function initProblems({ init }: TrainOptions): Problem[] {
  if (init?.take !== 'training' || init.parameters.join() === '*') return []
  const message = 'a continued training takes all parameters'
  return [{ path: 'train.init.parameters', message, hint: 'Leave `parameters` out, or take: parameters.' }]
}
