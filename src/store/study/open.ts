import { readdirSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, hostname, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { makeFolder, temporarySuffix } from '../../core/files.js'
import type { Plan } from '../../spec/types.js'
import { studyDirectory } from '../layout.js'
import { claimsEntry } from './claims.js'
import { historyByTrial, type Ledger, openLedger, readLedger, type TrialHistory } from './ledger.js'
import { type Lock, takeLock } from './lock.js'
import { type OpenOptions, reconcile } from './reconcile.js'
import type { StudyFile } from './study-file.js'

/** A run directory that this process may change: locked, its ledger read. */
export interface LockedStudy {
  readonly directory: string
  readonly ledger: Ledger
  /** State of the ledger when it was opened. */
  readonly history: ReadonlyMap<string, TrialHistory>
  readonly lock: Lock
  close(): void
}

/** One that is compared with a plan. */
export interface OpenStudy extends LockedStudy {
  readonly file: StudyFile
  /** Ids of trials that were not in the directory's earlier plan; empty where it had none. */
  readonly added: ReadonlySet<string>
  /** study.json was damaged or lost: what created the results that are here is known from their records alone. */
  readonly rebuilt: boolean
}

/** Locks a study's folder as it is. Throws SeqlabError 'run' when a live process has it. */
export async function lockStudy(directory: string, command: string): Promise<LockedStudy> {
  const lock = await takeLock(directory, command)
  try {
    const contents = readLedger(directory)
    const ledger = openLedger(directory, contents)
    const close = () => {
      ledger.close()
      lock.release()
    }
    return { directory, ledger, history: historyByTrial(contents.entries), lock, close }
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * Opens `<outDir>/<study>` for a plan; `versions` of the code are recorded. Throws SeqlabError 'run' when another live
 * process has it, or when it was created with other settings, data or code and `force` is not set.
 */
export async function openStudy(
  plan: Plan,
  versions: Readonly<Record<string, string>>,
  options: OpenOptions & { readonly outDir: string },
  warn: (message: string) => void,
): Promise<OpenStudy> {
  const directory = studyDirectory(options.outDir, plan.study)
  makeFolder(directory)
  const lock = await takeLock(directory, options.command, { leaseMs: options.lockLeaseMs, onWait: warn })
  try {
    if (lock.takenOver !== undefined) warn(lock.takenOver)
    removeTemporaries(directory)
    const contents = readLedger(directory)
    for (const problem of contents.problems) warn(problem)
    const { file, changes, added, rebuilt } = reconcile(directory, plan, versions, options, warn)
    const ledger = openLedger(directory, contents)
    const { command } = options
    const [host, cwd] = [hostname(), process.cwd()]
    ledger.append({ kind: 'opened', pid: process.pid, host, machine: machine(), command, cwd })
    if (changes.length > 0) ledger.append({ kind: 'forced', changes })
    const claims = claimsEntry(plan.claims, contents.entries)
    if (claims !== undefined) ledger.append(claims)
    const close = () => {
      ledger.close()
      lock.release()
    }
    return { directory, file, ledger, history: historyByTrial(contents.entries), lock, added, rebuilt, close }
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

/** Unfinished files of processes that were killed: nothing refers to them. */
function removeTemporaries(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name.endsWith(temporarySuffix)) rmSync(join(directory, name), { force: true })
  }
}
