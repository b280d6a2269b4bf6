import type { Problem } from '../core/errors.js'
import type { Task } from '../task/types.js'
import type { TrainOptions } from './options.js'

/** Cross-field rules of `train` under a task; `metrics` are the names of the spec's metrics. */
export function trainProblems(
  train: TrainOptions,
  metrics: readonly string[],
  task: Pick<Task, 'name' | 'trainOptions'>,
): readonly Problem[] {
  return [
    ...durationProblems(train),
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

function selectionProblems({ validate }: TrainOptions, metrics: readonly string[]): Problem[] {
  const { select } = validate
  const known = [...metrics, 'loss']
  if (select === undefined || known.includes(select)) return []
  const message = `\`${select}\` is not among this spec's metrics, so no checkpoint can be chosen by it`
  return [{ path: 'train.validate.select', message, expected: known.join(' | '), received: select }]
}

function taskProblems({ labelSmoothing, teacherForcing }: TrainOptions, task: Pick<Task, 'name' | 'trainOptions'>) {
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
