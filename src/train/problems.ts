import type { Problem } from '../core/errors.js'
import type { TaskPart } from '../task/types.js'
import type { TrainOptions } from './options.js'

/** Cross-field rules of `train` under a task; `metrics` are the names of the spec's metrics. */
export function trainProblems(
  train: TrainOptions,
  metrics: readonly string[],
  task: Pick<TaskPart, 'name' | 'trainOptions'>,
): readonly Problem[] {
  return [
    ...durationProblems(train),
    ...rateProblems(train),
    ...selectionProblems(train, metrics),
    ...taskProblems(train, task),
    ...initProblems(train),
  ]
}

function durationProblems({ steps, epochs }: TrainOptions): Problem[] {
  if ((steps === undefined) !== (epochs === undefined)) return []
  const given = steps === undefined ? 'Neither `steps` nor `epochs` is given' : 'Both `steps` and `epochs` are given'
  return [{ path: 'train', message: given, expected: 'exactly one of `steps` and `epochs`' }]
}

/** Changes of the learning rate that training would end before. */
function rateProblems({ steps, warmup, schedule }: TrainOptions): Problem[] {
  if (steps === undefined) return []
  const problems: Problem[] = []
  if (warmup >= steps && warmup > 0) {
    const message = `the learning rate would never arrive: it rises for ${warmup} steps, and training ends after ${steps}`
    problems.push({ path: 'train.warmup', message, expected: `less than ${steps}`, received: `${warmup}` })
  }
  if (schedule.type === 'step' && schedule.every >= steps) {
    const message = `the learning rate would never fall: it does every ${schedule.every} steps, and training ends after ${steps}`
    problems.push({
      path: 'train.schedule.every',
      message,
      expected: `less than ${steps}`,
      received: `${schedule.every}`,
    })
  }
  return problems
}

function selectionProblems({ validate }: TrainOptions, metrics: readonly string[]): Problem[] {
  const { select } = validate
  const known = [...metrics, 'loss']
  if (select === undefined || known.includes(select)) return []
  const message = `\`${select}\` is not among this spec's metrics, so no checkpoint can be chosen by it`
  return [{ path: 'train.validate.select', message, expected: known.join(' | '), received: select }]
}

function taskProblems({ labelSmoothing, teacherForcing }: TrainOptions, task: Pick<TaskPart, 'name' | 'trainOptions'>) {
  const problems: Problem[] = []
  if (labelSmoothing > 0 && !task.trainOptions.includes('labelSmoothing')) {
    const message = `the task ${task.name} has no labels that could be smoothed`
    problems.push({ path: 'train.labelSmoothing', message, expected: '0', received: `${labelSmoothing}` })
  }
  if (teacherForcing.type !== 'always' && !task.trainOptions.includes('teacherForcing')) {
    const message = `the task ${task.name} feeds no predictions back, so there is nothing to force`
    problems.push({ path: 'train.teacherForcing', message, expected: 'always', received: teacherForcing.type })
  }
  return problems
}

function initProblems({ init }: TrainOptions): Problem[] {
  if (init?.take !== 'training' || init.parameters.join() === '*') return []
  const message = 'a training that goes on takes all parameters'
  return [{ path: 'train.init.parameters', message, hint: 'Leave `parameters` out, or take: parameters.' }]
}
