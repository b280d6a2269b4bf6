// Pages in a browser use this, too: nothing of Node is imported.

/** What the operating system refused, and what helps. */
interface SystemReason {
  readonly why: string
  /** A sentence's beginning: without its end, so that another place can be named. */
  readonly fix: string
}

const permissions = 'Change its permissions'
const space = 'Free some space'

const reasons: Readonly<Record<string, SystemReason>> = {
  ENOENT: { why: 'it does not exist', fix: 'Check the path' },
  ENOTDIR: { why: 'a part of the path is no folder', fix: 'Check the path' },
  EISDIR: { why: 'it is a folder', fix: 'Check the path' },
  EEXIST: { why: 'something else has that name', fix: 'Move it away' },
  ENOTEMPTY: { why: 'the folder is not empty', fix: 'Move it away' },
  EXDEV: { why: 'it is on another file system', fix: 'Check the path' },
  ELOOP: { why: 'its links lead in a circle', fix: 'Check the path' },
  ENAMETOOLONG: {
    why: 'a name is too long for the file system (most take 255 bytes; letters outside ASCII count 2 to 4)',
    fix: 'Use a shorter name',
  },
  EACCES: { why: 'permission is denied', fix: permissions },
  EPERM: { why: 'the operation is not permitted', fix: permissions },
  EROFS: { why: 'the file system is read-only', fix: 'Make it writable' },
  ENOSPC: { why: 'no space is left on the device', fix: space },
  EDQUOT: { why: 'the disk quota is used up', fix: space },
  EFBIG: { why: 'the file is too large for the file system', fix: 'Use another file system' },
  EMFILE: { why: 'too many files are open', fix: 'Raise the limit (ulimit -n), or use fewer --workers' },
  ENFILE: { why: 'too many files are open', fix: 'Close other programs' },
  EBUSY: { why: 'it is in use', fix: 'Close what uses it' },
  ETXTBSY: { why: 'it is in use', fix: 'Close what uses it' },
  EIO: { why: 'the device failed', fix: 'Check the device' },
  ENXIO: { why: 'there is no such device', fix: 'Check the path' },
  ENODEV: { why: 'there is no such device', fix: 'Check the path' },
  EINVAL: { why: 'the file system does not accept it', fix: 'Check the path' },
  ENOTSUP: { why: 'the file system does not support it', fix: 'Use another file system' },
  EPIPE: { why: 'its reader closed it', fix: 'Check the reader' },
}

/** A path each of whose names is short enough. */
const longPath: SystemReason = {
  why: 'the path is too long for the file system (most take 4096 bytes)',
  fix: 'Use a shorter path',
}

/** What a user would call a call of the operating system. */
const actions: Readonly<Record<string, string>> = {
  open: 'open',
  read: 'read',
  scandir: 'read the folder',
  opendir: 'read the folder',
  stat: 'use',
  lstat: 'read',
  readlink: 'read',
  access: 'access',
  mkdir: 'create the folder',
  write: 'write',
  fsync: 'write',
  fdatasync: 'write',
  ftruncate: 'write',
  close: 'write',
  link: 'write',
  rename: 'write',
  unlink: 'delete',
  rm: 'delete',
  rmdir: 'delete',
}

/** The same codes of a folder that cannot be made. */
const noFolder: Readonly<Record<string, string>> = {
  ENOENT: 'nothing can be created there',
  EEXIST: 'it is a file, not a folder',
}

/** An error of the operating system in words: what could not be done where and why, and what helps. */
export interface SystemErrorText {
  readonly message: string
  /** Without its end: `Change its permissions`. */
  readonly fix: string
}

/** `ENOENT`, `ENOSPC` and the like; undefined where an error is no system error. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Why, without the place; undefined where an error is no system error. */
export function systemReason(error: unknown): string | undefined {
  return reasonOf(error)?.why
}

function reasonOf(error: unknown): SystemReason | undefined {
  const code = systemErrorCode(error) ?? ''
  return code === 'ENAMETOOLONG' && isPathTooLong(systemErrorPath(error) ?? '') ? longPath : reasons[code]
}

/** Whether a path that is too long is so as a whole: no name in it has more than what most file systems take. */
export function isPathTooLong(path: string): boolean {
  return longestName(path) <= 255 && bytesOf(path) >= 1024
}

/** Bytes of the longest name in a path. */
export function longestName(path: string): number {
  return Math.max(...path.split('/').map(bytesOf))
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** The path that a system error is about. */
export function systemErrorPath(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined
}

/** A system error in words, with `why` in place of the general reason; undefined where an error is none. */
export function describeSystemError(error: unknown, why?: string): SystemErrorText | undefined {
  const code = systemErrorCode(error)
  const reason = reasonOf(error)
  if (reason === undefined || !(error instanceof Error)) return undefined
  const syscall = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : ''
  const place = systemErrorPath(error) ?? 'a file'
  const folder = syscall === 'mkdir' ? noFolder[code ?? ''] : undefined
  return { message: `Cannot ${actions[syscall] ?? 'use'} ${place}: ${why ?? folder ?? reason.why}`, fix: reason.fix }
}
