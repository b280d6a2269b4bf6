import { join, resolve } from 'node:path'
import { shellLine } from '../../core/shell.js'
import type { FoundTrial } from './read.js'

/**
 * The command that trains a trial again, from whatever folder: by its resolved spec, over the same data, with the engine
 * that it had, into a study of its own (its first one holds the other trials too). The result has the same trial id.
 */
export function rerunCommand({ directory, dataDir, record }: FoundTrial): string {
  const { study, trialId, engine } = record
  const words = [
    ...['seqlab', 'run', join(resolve(directory), 'spec.yaml')],
    ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
    ...(engine === 'compiled' ? [] : ['--engine', engine]),
    ...['--name', `${study}-${trialId.slice(0, 8)}`],
  ]
  return shellLine(words)
}
