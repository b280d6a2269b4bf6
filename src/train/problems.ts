import type { Problem } from '../core/errors.js'
import type { TrainOptions } from './options.js'

/** Cross-field rules of `train`; `metrics` are the names of the spec's metrics. */
export function trainProblems(train: TrainOptions, metrics: readonly string[]): readonly Problem[] {
  return [...durationProblems(train), ...selectionProblems(train, metrics)]
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
