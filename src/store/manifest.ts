import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestFile, digestOf, exists, type FileDigest, listFiles, syncFolder, writeFileSynced } from './files.js'
import { openSealed, sealJson } from './sealed-json.js'

export const manifestName = 'manifest.json'

/** What a published trial consists of, file by file. Files beside it (a report's page) are derived and not listed. */
export interface Manifest {
  readonly schemaVersion: 1
  readonly trialId: string
  readonly attempt: number
  readonly files: Readonly<Record<string, FileDigest>>
}

/** Lists and seals every file of an attempt's folder; gives the manifest's own digest. `known` saves reading those again. */
export async function sealFolder(
  directory: string,
  about: { readonly trialId: string; readonly attempt: number },
  known: Readonly<Record<string, FileDigest>> = {},
): Promise<FileDigest> {
  const files: Record<string, FileDigest> = {}
  for (const name of await listFiles(directory)) {
    if (name !== manifestName) files[name] = known[name] ?? (await digestFile(join(directory, name)))
  }
  const manifest: Manifest = { schemaVersion: 1, ...about, files }
  const digest = writeFileSynced(join(directory, manifestName), sealJson(manifest))
  syncFolder(directory)
  return digest
}

/** The manifest's digest, or undefined when there is none. */
export async function manifestDigest(directory: string): Promise<string | undefined> {
  const path = join(directory, manifestName)
  return (await exists(path)) ? digestOf(await readFile(path)).sha256 : undefined
}

/** What is wrong with a trial's folder, file by file, in words; empty when every byte is as it was sealed. */
export async function verifyFolder(directory: string): Promise<string[]> {
  const path = join(directory, manifestName)
  if (!(await exists(path))) return [`${path} is missing`]
  let manifest: Manifest
  try {
    manifest = openSealed<Manifest>(await readFile(path, 'utf8'), path)
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
  const found = await Promise.all(
    Object.entries(manifest.files).map(([name, digest]) => verifyFile(join(directory, name), digest)),
  )
  return found.flat()
}

/** What is wrong with one file against its digest. */
export async function verifyFile(path: string, expected: FileDigest): Promise<string[]> {
  if (!(await exists(path))) return [`${path} is missing`]
  const received = await digestFile(path)
  if (received.bytes !== expected.bytes) {
    return [`${path} is damaged: it has ${received.bytes} bytes, not ${expected.bytes}`]
  }
  return received.sha256 === expected.sha256 ? [] : [`${path} is damaged: its checksum does not match`]
}
