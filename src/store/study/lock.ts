import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
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
  /** The holder touches the file several times in so many milliseconds; absent: in an older version, which does not. */
  leaseMs: Type.Optional(Type.Number()),
})

type LockFile = Readonly<Static<typeof lockSchema>>

export interface Lock {
  /** Throws SeqlabError 'run' when the lock file is no longer ours: somebody removed or replaced it. */
  check(): void
  release(): void
  /** What stale lock was taken over, in words. */
  readonly takenOver?: string
}

export interface LockOptions {
  /** Of this lock: nobody on another machine takes it over before. */
  readonly leaseMs?: number | undefined
  /** Is told that the holder is on another machine, and for how long it is watched. */
  readonly onWait?: (message: string) => void
}

/** Longer than what a network file system keeps of a file's times. */
const usualLeaseMs = 120_000

/**
 * Takes a run directory for this process. Throws SeqlabError 'run', naming the holder, while a live process has it. A
 * lock whose process is gone (or whose id now belongs to another process) is taken over; one of another machine where its
 * holder does not touch it for as long as its lease.
 */
export async function takeLock(
  studyDirectory: string,
  command: string,
  { leaseMs = usualLeaseMs, onWait = () => {} }: LockOptions = {},
): Promise<Lock> {
  const path = studyPath(studyDirectory, 'lock')
  const nonce = `${process.pid}-${process.hrtime.bigint()}`
  const lock: LockFile = { holder: identityOf(process.pid), command, since: new Date().toISOString(), nonce, leaseMs }
  const text = sealJson(lock)
  const proposal = `${path}.${nonce}${temporarySuffix}`
  writeFileDurably(proposal, text)
  try {
    const holder = linkOrHolder(proposal, path)
    if (holder === undefined) return heldLock(path, text, leaseMs)
    await refuseLive(holder, path, onWait)
    return await takeOver(proposal, path, text, holder, leaseMs)
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

async function refuseLive(lock: LockFile, path: string, onWait: (message: string) => void): Promise<void> {
  const { holder, command, since, leaseMs } = lock
  const elsewhere = holder.host !== hostname()
  if (!elsewhere && !isAlive(holder)) return
  if (elsewhere && leaseMs !== undefined && (await isAbandoned(path, lock, leaseMs, onWait))) return
  const hint =
    elsewhere && leaseMs === undefined
      ? `Cannot tell from this machine whether that process is running; delete ${path} when you know that it is not.`
      : 'Wait for it, or stop it first.'
  throw new SeqlabError(
    'run',
    `The run directory is in use by process ${holder.pid} on ${holder.host} since ${since} (${command})`,
    { hint },
  )
}

/** Whether nobody touches a lock of another machine for as long as its lease, by this machine's own clock. */
async function isAbandoned(
  path: string,
  { holder }: LockFile,
  leaseMs: number,
  onWait: (message: string) => void,
): Promise<boolean> {
  onWait(
    `Process ${holder.pid} on ${holder.host} had the run directory: watching for ${leaseMs / 1000} s whether it still runs`,
  )
  const before = touchOf(path)
  const end = performance.now() + leaseMs
  while (performance.now() < end) {
    await sleep(Math.min(watchEveryMs, leaseMs / 10))
    if (touchOf(path) !== before) return false
  }
  return before !== undefined
}

const watchEveryMs = 2000

/** Changes whenever its holder touches a lock, or another one is there. */
function touchOf(path: string): string | undefined {
  try {
    // Opening a file has a network file system ask for its times.
    const text = readFileSync(path, 'utf8')
    return `${statSync(path).mtimeMs} ${text}`
  } catch {
    return undefined
  }
}

/** Of several that take over one stale lock the last rename wins; the others see that after a moment and give way. */
async function takeOver(proposal: string, path: string, text: string, stale: LockFile, leaseMs: number): Promise<Lock> {
  renameSync(proposal, path)
  await sleep(takeOverPauseMs)
  const now = readHolder(path)
  if (sealJson(now) !== text) {
    await refuseLive(now, path, () => {})
    throw new SeqlabError('run', `The lock ${path} changed hands twice while it was taken over; run the command again`)
  }
  const { pid, host } = stale.holder
  return heldLock(path, text, leaseMs, `a lock of process ${pid} on ${host}, which no longer runs, was taken over`)
}

const takeOverPauseMs = 100

function heldLock(path: string, text: string, leaseMs: number, takenOver?: string): Lock {
  const isOurs = () => {
    try {
      return readFileSync(path, 'utf8') === text
    } catch {
      return false
    }
  }
  const touch = setInterval(() => {
    if (isOurs()) touchFile(path)
  }, leaseMs / touchesInALease)
  touch.unref()
  return {
    ...(takenOver === undefined ? {} : { takenOver }),
    check: () => {
      if (!isOurs()) throw new SeqlabError('run', `The lock ${path} was taken away while this run held it`)
    },
    release: () => {
      clearInterval(touch)
      if (isOurs()) rmSync(path, { force: true })
    },
  }
}

const touchesInALease = 8

/** A disk that is in the way for a moment is no reason to end. */
function touchFile(path: string): void {
  try {
    const now = new Date()
    utimesSync(path, now, now)
  } catch {
    // Who holds the lock finds out before it writes.
  }
}
