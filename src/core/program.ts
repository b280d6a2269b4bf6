import { join } from 'node:path'
import { readFileIfPresent } from './files.js'
import { sha256 } from './hash.js'
import { builtRoot, isBundled } from './package.js'

/** Digest of the program that runs, its sources and libraries; undefined where it runs from its sources, which may change. */
export function programDigest(): string | undefined {
  const build = isBundled ? readFileIfPresent(join(builtRoot, 'build.json')) : undefined
  return build === undefined ? undefined : sha256(build)
}
