import { cacheVariable } from '../../core/cache-directory.js'
import type { EngineChoice, EngineRequest } from '../messages.js'
import { graphsDirectory } from '../versions.js'
import { threadsFor } from './threads.js'

/**
 * What hosts of this machine compute with: threads by its cores, graphs cached in its user's cache. `warn` is told where
 * there is no cache.
 */
export function engineChoice(request: EngineRequest, cores: number, warn: (message: string) => void): EngineChoice {
  const { name, loneFlops, dumpGraphDir } = request
  const cacheDir = graphsDirectory()
  if (cacheDir === undefined) warn(noCache)
  const threads = loneFlops === undefined ? 1 : threadsFor(loneFlops, cores)
  return {
    name,
    threads,
    ...(cacheDir !== undefined && { cacheDir }),
    ...(dumpGraphDir !== undefined && { dumpGraphDir }),
  }
}

const noCache = `Compiled graphs are not cached: this user has no home directory. ${cacheVariable} names a directory.`
