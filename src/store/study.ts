import { mkdirSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { availableParallelism, cpus, hostname, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import type { RunOptions } from '../runner/events.js'
import type { Plan } from '../spec/types.js'
import { temporarySuffix } from './files.js'
import { historyByTrial, type Ledger, ledgerName, openLedger, readLedger, type TrialHistory } from './ledger.js'
import { type Lock, takeLock } from './lock.js'
import { reconcile, type StudyFile } from './study-file.js'

/** An open run directory: locked, compared with the plan, its ledger read. */
export interface Study {
  readonly directory: string
  readonly file: StudyFile
  readonly ledger: Ledger
  /** What the ledger told when it was opened. */
  readonly history: ReadonlyMap<string, TrialHistory>
  readonly lock: Lock
  /** study.json was damaged: what made the results that stand here is known from their records alone. */
  readonly rebuilt: boolean
  close(): void
}

/**
 * Opens `<outDir>/<study>` for a plan. Throws SeqlabError 'run' when another live process has it, or when it was made by
 * another plan, other data or other code and `force` is not set.
 */
export async function openStudy(plan: Plan, options: RunOptions, warn: (message: string) => void): Promise<Study> {
  const directory = studyDirectory(options.outDir, plan.study)
  mkdirSync(directory, { recursive: true })
  const lock = await takeLock(directory, options.command)
  try {
    if (lock.takenOver !== undefined) warn(lock.takenOver)
    await removeTemporaries(directory)
    const contents = readLedger(join(directory, ledgerName))
    for (const problem of contents.problems) warn(problem)
    const { file, changes, rebuilt } = reconcile(directory, plan, options, warn)
    const ledger = openLedger(join(directory, ledgerName), contents)
    const cwd = process.cwd()
    ledger.append({
      kind: 'opened',
      pid: process.pid,
      host: hostname(),
      machine: machine(),
      command: options.command,
      cwd,
    })
    if (changes.length > 0) ledger.append({ kind: 'forced', changes })
    const close = () => {
      ledger.close()
      lock.release()
    }
    return { directory, file, ledger, history: historyByTrial(contents.entries), lock, rebuilt, close }
  } catch (error) {
    lock.release()
    throw error
  }
}

function machine(): string {
  const processor = cpus()[0]?.model ?? 'unknown processor'
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`
  return `${processor}, ${availableParallelism()} cores, ${memory}, ${type()} ${release()}`
}

/** Where a study's files are. Throws SeqlabError 'spec' on a name that is no plain folder name. */
export function studyDirectory(outDir: string, study: string): string {
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.@+-]*$/u.test(study)) return join(outDir, study)
  throw new SeqlabError('spec', `"${study}" cannot be a study's name`, {
    hint: 'Use letters, digits, and . _ - @ + (not first).',
  })
}

export function trialDirectory(directory: string, trialId: string): string {
  return join(directory, trialId)
}

/** Where the attempts at a trial are until one of them is published; each in a folder of its own number. */
export function attemptsDirectory(directory: string, trialId: string): string {
  return join(directory, 'attempts', trialId)
}

/** Unfinished files of processes that were killed: nobody refers to them. */
async function removeTemporaries(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.endsWith(temporarySuffix)) rmSync(join(directory, name), { force: true })
  }
}
