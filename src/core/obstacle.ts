import { lstatSync, readlinkSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * What is in the way at a path, where its first part that is not as it should be explains an error by itself: a link that
 * leads nowhere, a file in a folder's place, a folder that is not there.
 */
export function obstacle(path: string): string | undefined {
  const parts = partsOf(path)
  for (const part of parts) {
    const kind = kindOf(part)
    if (kind === 'dangling')
      return `${part} is a link to ${resolve(dirname(part), readlinkSync(part))}, which does not exist`
    if (part === path) return undefined
    if (kind === 'file') return `${part} is a file, not a folder`
    if (kind === 'nothing') return `the folder ${part} does not exist`
  }
  return undefined
}

/** `a/b/c` -> `a`, `a/b`, `a/b/c`. */
function partsOf(path: string): readonly string[] {
  const above = dirname(path)
  return above === path || above === '.' ? [path] : [...partsOf(above), path]
}

/** A folder where nothing can be seen: that is not what is in the way. */
function kindOf(path: string): 'file' | 'folder' | 'nothing' | 'dangling' {
  try {
    const target = statSync(path, { throwIfNoEntry: false })
    if (target !== undefined) return target.isDirectory() ? 'folder' : 'file'
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? 'dangling' : 'nothing'
  } catch {
    return 'folder'
  }
}
