import { isAbsolute, resolve } from 'node:path'
import { shellLine } from '../../../core/shell.js'
import { finalEvaluation, trialPath } from '../../../store/index.js'
import type { FoundTrial } from './read-trial.js'

/**
 * The command that reproduces a trial under one of its evaluations, from any working directory: its resolved spec, the same
 * data and engine, into a study of its own; the test data are those of its training. The result has the same trial id. A relative `train.init.from` needs the working directory of the first run.
 */
export function rerunCommand({ directory, evaluation, dataDir, cwd, record }: FoundTrial): string {
  const { study, trialId, engine } = record
  const words = [
    ...['seqlab', 'run', trialPath(resolve(directory), 'spec')],
    ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
    ...(evaluation === undefined || evaluation === finalEvaluation ? [] : afterwards(record.spec)),
    ...(engine === 'compiled' ? [] : ['--engine', engine]),
    ...['--name', `${study}-${trialId.slice(0, 8)}`],
  ]
  const start = record.spec.train.init?.from
  const bound = start !== undefined && !isAbsolute(start) && cwd !== undefined
  return `${bound ? `${shellLine(['cd', cwd])} && ` : ''}${shellLine(words)}`
}

/** What a later evaluation does otherwise than the spec that the trial was trained with. */
function afterwards({ decode, metrics }: FoundTrial['record']['spec']): string[] {
  return [`decode=${JSON.stringify(decode)}`, `metrics=${JSON.stringify(metrics)}`].flatMap((set) => ['--set', set])
}
