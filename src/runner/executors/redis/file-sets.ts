// Files of a folder to Redis and back.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { SeqlabError } from '../../../core/errors.js'
import { inParallel } from '../../../core/parallel.js'
import type { Parcel } from '../../../store/index.js'
import { type Blobs, fileSource, type Holder } from './blobs.js'
import type { FileSet } from './wire.js'

/** Stores files for somebody; their names and digests. */
export async function sendParcel(blobs: Blobs, holder: Holder, { directory, files }: Parcel): Promise<FileSet> {
  await inParallel(Object.entries(files), lanes, ([name, digest]) =>
    blobs.put(holder, fileSource(join(directory, name), digest)),
  )
  return files
}

/** Writes files into a folder, each verified. Throws SeqlabError 'run', before any is loaded, on a name that is not expected. */
export async function receiveFiles(
  blobs: Blobs,
  files: FileSet,
  directory: string,
  isExpected: (name: string) => boolean,
): Promise<void> {
  const foreign = Object.keys(files).find((name) => !isExpected(name))
  if (foreign !== undefined)
    throw new SeqlabError('run', `A job has a file that nobody asked for: ${JSON.stringify(foreign)}`)
  mkdirSync(directory, { recursive: true })
  await inParallel(Object.entries(files), lanes, ([name, digest]) => blobs.download(digest, join(directory, name)))
}

/** A few at a time: the order of small files does not matter, and each waits for answers. */
export const lanes = 6
