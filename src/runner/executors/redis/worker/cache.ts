// What a worker keeps of the files that jobs read: a dataset serves every trial of a study.
import { existsSync, linkSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '../../../../core/files.js'
import { sha256Stream } from '../../../../core/hash.js'
import type { Blobs } from '../blobs.js'
import type { FileSet } from '../wire.js'

export interface FileCache {
  /** The verified file of a digest, from the cache or from Redis. */
  file(digest: FileSet[string], blobs: Blobs): Promise<string>
  /** Puts cached files into a folder under their names. */
  fill(files: FileSet, directory: string, blobs: Blobs): Promise<void>
}

/** A cache in a folder, which is cleared of what was not used for longest where it takes more than so many bytes. */
export function openCache(folder: string, mostBytes: number): FileCache {
  makeFolder(folder)
  /** Verified by this process, once. */
  const verified = new Set<string>()
  const loading = new Map<string, Promise<void>>()
  const load = async (digest: FileSet[string], path: string, blobs: Blobs): Promise<void> => {
    if (verified.has(digest.sha256) && isOf(path, digest)) return
    if (!isOf(path, digest) || (await digestOf(path)) !== digest.sha256) {
      rmSync(path, { force: true })
      makeRoom(folder, mostBytes - digest.bytes)
      await blobs.download(digest, path)
    }
    verified.add(digest.sha256)
  }
  const file = async (digest: FileSet[string], blobs: Blobs): Promise<string> => {
    const path = join(folder, digest.sha256)
    const busy = loading.get(digest.sha256) ?? load(digest, path, blobs)
    loading.set(digest.sha256, busy)
    try {
      await busy
    } finally {
      loading.delete(digest.sha256)
    }
    const now = new Date()
    utimesSync(path, now, now)
    return path
  }
  return {
    file,
    fill: async (files, directory, blobs) => {
      for (const [name, digest] of Object.entries(files)) {
        const to = join(directory, name)
        makeFolder(dirname(to))
        linkSync(await file(digest, blobs), to)
      }
    },
  }
}

function isOf(path: string, { bytes }: FileSet[string]): boolean {
  return existsSync(path) && statSync(path).size === bytes
}

async function digestOf(path: string): Promise<string> {
  return sha256Stream()
    .update(await readFile(path))
    .digest('hex')
}

/** A file that a job still reads is linked into its folder, or open: it goes when that job ends. */
function makeRoom(folder: string, mostBytes: number): void {
  const files = readdirSync(folder).map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name))
    return { path: join(folder, name), size, mtimeMs }
  })
  let total = files.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= mostBytes) return
    rmSync(path, { force: true })
    total -= size
  }
}
