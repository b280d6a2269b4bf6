import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** The variable that names another place for what is cached. */
export const cacheVariable = 'SEQLAB_CACHE'

/**
 * Where seqlab caches what it can make again: `SEQLAB_CACHE`, else `seqlab` in `XDG_CACHE_HOME` or in `~/.cache`; undefined
 * where none of them is known (a user without a home directory). Relative XDG paths count for nothing, as its
 * specification asks (https://specifications.freedesktop.org/basedir-spec).
 */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const own = env[cacheVariable] ?? ''
  if (own !== '') return resolve(own)
  const shared = env.XDG_CACHE_HOME ?? ''
  if (isAbsolute(shared)) return join(shared, 'seqlab')
  const home = homeDirectory()
  return home === undefined ? undefined : join(home, '.cache', 'seqlab')
}

function homeDirectory(): string | undefined {
  try {
    const home = homedir()
    return isAbsolute(home) ? home : undefined
  } catch {
    return undefined
  }
}
