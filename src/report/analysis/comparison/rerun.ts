import { isAbsolute, join, resolve } from 'node:path'
import { shellLine } from '../../../core/shell.js'
import type { FoundTrial } from '../../comparison/read.js'

/**
 * The command that trains a trial again, from whatever folder: by its resolved spec, over the same data, with the engine
 * that it had, into a study of its own (its first one holds the other trials too). The result has the same trial id. Where it
 * starts from another trial's parameters by a relative path, it has to be given where the first one was.
 */
export function rerunCommand({ directory, dataDir, cwd, record }: FoundTrial): string {
  const { study, trialId, engine } = record
  const words = [
    ...['seqlab', 'run', join(resolve(directory), 'spec.yaml')],
    ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
    ...(engine === 'compiled' ? [] : ['--engine', engine]),
    ...['--name', `${study}-${trialId.slice(0, 8)}`],
  ]
  const start = record.spec.train.init?.from
  const bound = start !== undefined && !isAbsolute(start) && cwd !== undefined
  return `${bound ? `${shellLine(['cd', cwd])} && ` : ''}${shellLine(words)}`
}
