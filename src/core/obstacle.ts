import { lstatSync, readlinkSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * What is in the way at a path, where its first part that is not as it should be explains an error by itself: a link that
 * leads nowhere, a file in a folder's place, a folder that is not there.
 */
export function obstacle(path: string): string | undefined {
  return wrongTurn(path) ?? missingFolder(path)
}

/** The same, but for a folder that is not there: of a file that is read, that it is not there says as much. */
export function wrongTurn(path: string): string | undefined {
  for (const part of partsOf(path)) {
    const kind = kindOf(part)
    if (kind === 'dangling')
      return `${part} is a link to ${resolve(dirname(part), readlinkSync(part))}, which does not exist`
    if (kind === 'file' && part !== path) return `${part} is a file, not a folder`
  }
  return undefined
}

function missingFolder(path: string): string | undefined {
  const missing = partsOf(path).find((part) => part !== path && kindOf(part) === 'nothing')
  return missing === undefined ? undefined : `the folder ${missing} does not exist`
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
