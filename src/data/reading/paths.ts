import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { dataError } from '../data-error.js'

/** A path or several, as a spec has them; each may be a pattern. */
export type Paths = string | readonly string[]

/**
 * The files that paths name: a pattern's in the order of their names. A file whose own name looks like a pattern is that file.
 * Throws SeqlabError 'data' where no file fits a pattern, or a file is named twice.
 */
export async function filesAt(paths: Paths, baseDir: string): Promise<string[]> {
  const files: string[] = []
  for (const path of [paths].flat()) files.push(...(await matching(path, baseDir)))
  const twice = files.find((file, at) => files.indexOf(file) < at)
  if (twice === undefined) return files
  throw dataError(twice, 'the file is in the set twice', { hint: 'name each file once; patterns may overlap' })
}

async function matching(path: string, baseDir: string): Promise<readonly string[]> {
  if (!isDynamicPattern(path) || (await exists(resolve(baseDir, path)))) return [path]
  const found = await glob(path, { cwd: baseDir, expandDirectories: false })
  if (found.length > 0) return found.sort()
  throw dataError(path, 'no file fits this pattern', {
    hint: `looked in ${resolve(baseDir)}; relative paths are resolved against the spec's folder, or --data-dir`,
  })
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
