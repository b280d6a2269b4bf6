import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { systemErrorCode } from '../../core/files.js'

/** Names one process for good: ids are reused, but not with the same start time after the same boot. */
export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  /** The boot's id and the start time in clock ticks since then; undefined where there is no /proc. */
  readonly started?: string
}

export function identityOf(pid: number): ProcessIdentity {
  const started = startOf(pid)
  return { pid, host: hostname(), ...(started === undefined ? {} : { started }) }
}

/** Whether that very process is still running on this machine (a zombie is not: it will never write again). */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.started === undefined) return answers(identity.pid)
  return startOf(identity.pid) === identity.started
}

function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The command's name is in parentheses and may contain anything; state is the 3rd field, start time the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${fields[19] ?? ''}`
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemErrorCode(error) === 'EPERM'
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
