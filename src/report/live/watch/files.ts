import { realpathSync, statSync } from 'node:fs'
import { sep } from 'node:path'

/** Changes whenever a file or a folder does; '' where there is none. */
export function stampOf(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    return found === undefined ? '' : `${found.ino}-${found.size}-${found.mtimeMs}`
  } catch {
    return ''
  }
}

/** When the newest of some files was written, in milliseconds since 1970; 0 where there are none. */
export function newestMs(paths: readonly string[]): number {
  return Math.max(0, ...paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0))
}

/** Whether a path, its links followed, is inside a folder. */
export function isInside(folder: string, path: string): boolean {
  try {
    return realpathSync(path).startsWith(`${realpathSync(folder)}${sep}`)
  } catch {
    return false
  }
}
