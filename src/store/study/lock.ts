import { linkSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import Type, { type Static } from 'typebox'
import { SeqlabError } from '../../core/errors.js'
import { systemErrorCode, temporarySuffix, writeFileDurably } from '../../core/files.js'
import { studyPath } from '../layout.js'
import { openSealed, sealJson } from '../sealed-json.js'
import { identityOf, isAlive } from './processes.js'

const lockSchema = Type.Object({
  holder: Type.Object({ pid: Type.Number(), host: Type.String(), started: Type.Optional(Type.String()) }),
  command: Type.String(),
  since: Type.String(),
  /** Two locks are never equal, even of one process. */
  nonce: Type.String(),
})

type LockFile = Readonly<Static<typeof lockSchema>>

export interface Lock {
  /** Throws SeqlabError 'run' when the lock file is no longer ours: somebody removed or replaced it. */
  check(): void
  release(): void
  /** What stale lock was taken over, in words. */
  readonly takenOver?: string
}

/**
 * Takes a run directory for this process. Throws SeqlabError 'run', naming the holder, while a live process has it. A
 * lock whose process is gone (or whose id now belongs to another process) is taken over.
 */
export async function takeLock(studyDirectory: string, command: string): Promise<Lock> {
  const path = studyPath(studyDirectory, 'lock')
  const nonce = `${process.pid}-${process.hrtime.bigint()}`
  const lock: LockFile = { holder: identityOf(process.pid), command, since: new Date().toISOString(), nonce }
  const text = sealJson(lock)
  const proposal = `${path}.${nonce}${temporarySuffix}`
  writeFileDurably(proposal, text)
  try {
    const holder = linkOrHolder(proposal, path)
    if (holder === undefined) return heldLock(path, text)
    refuseLive(holder, path)
    return await takeOver(proposal, path, text, holder)
  } finally {
    rmSync(proposal, { force: true })
  }
}

/** Who has a run directory. */
export interface LockHolder {
  readonly pid: number
  readonly host: string
  /** When it took it, as an ISO date. */
  readonly since: string
  readonly command: string
}

/** The live process that has a run directory, or one of another machine, of which nobody can tell; undefined where there is none. */
export function lockHolder(studyDirectory: string): LockHolder | undefined {
  const path = studyPath(studyDirectory, 'lock')
  try {
    const { holder, command, since } = readHolder(path)
    if (holder.host === hostname() && !isAlive(holder)) return undefined
    return { pid: holder.pid, host: holder.host, since, command }
  } catch {
    return undefined
  }
}

/** Links the proposal to the lock's name, which only one process can; else who has it. */
function linkOrHolder(proposal: string, path: string): LockFile | undefined {
  try {
    linkSync(proposal, path)
    return undefined
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error
    return readHolder(path)
  }
}

function readHolder(path: string): LockFile {
  try {
    return openSealed(lockSchema, readFileSync(path, 'utf8'), path)
  } catch (error) {
    throw new SeqlabError('run', `The lock ${path} cannot be read: ${error instanceof Error ? error.message : error}`, {
      hint: 'Delete it when no other seqlab is running in that directory.',
      cause: error,
    })
  }
}

function refuseLive({ holder, command, since }: LockFile, path: string): void {
  const elsewhere = holder.host !== hostname()
  if (!elsewhere && !isAlive(holder)) return
  const hint = elsewhere
    ? `Cannot tell from this machine whether that process is running; delete ${path} when you know that it is not.`
    : 'Wait for it, or stop it first.'
  throw new SeqlabError(
    'run',
    `The run directory is in use by process ${holder.pid} on ${holder.host} since ${since} (${command})`,
    { hint },
  )
}

/** Of several that take over one stale lock the last rename wins; the others see that after a moment and give way. */
async function takeOver(proposal: string, path: string, text: string, stale: LockFile): Promise<Lock> {
  renameSync(proposal, path)
  await sleep(takeOverPauseMs)
  const now = readHolder(path)
  if (sealJson(now) !== text) {
    refuseLive(now, path)
    throw new SeqlabError('run', `The lock ${path} changed hands twice while it was taken over; run the command again`)
  }
  const { pid, host } = stale.holder
  return heldLock(path, text, `a lock of process ${pid} on ${host}, which no longer runs, was taken over`)
}

const takeOverPauseMs = 100

function heldLock(path: string, text: string, takenOver?: string): Lock {
  const isOurs = () => {
    try {
      return readFileSync(path, 'utf8') === text
    } catch {
      return false
    }
  }
  return {
    ...(takenOver === undefined ? {} : { takenOver }),
    check: () => {
      if (!isOurs()) throw new SeqlabError('run', `The lock ${path} was taken away while this run held it`)
    },
    release: () => {
      if (isOurs()) rmSync(path, { force: true })
    },
  }
}
