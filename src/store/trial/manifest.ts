import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import { damaged, list, runErrorOrThrow, version } from '../../core/checked-json.js'
import { SeqlabError } from '../../core/errors.js'
import { readFileIfPresent, syncFolder, writeFileSynced } from '../../core/files.js'
import { asDamage, digestFile, digestOf, exists, type FileDigest, listFiles } from '../files.js'
import { hasCheckpoint, kindOfPath, modelFileName, type TrialFileKind, trialFileName, trialPath } from '../layout.js'
import { openSealed, sealJson } from '../sealed-json.js'

export const fileDigestSchema = Type.Object({ bytes: Type.Number(), sha256: Type.String() })

const manifestSchema = Type.Object({
  schemaVersion: version(2),
  trialId: Type.String(),
  attempt: Type.Number(),
  files: Type.Record(Type.String(), fileDigestSchema),
  /** What `seqlab prune` removed, or the spec did not want kept. */
  pruned: Type.Optional(list(Type.Union([Type.Literal('checkpoint'), Type.Literal('alignments')]))),
})

/** The files of a published trial. Other files (a report's page) are derived and not listed. */
export type Manifest = Readonly<Static<typeof manifestSchema>>

/**
 * Lists and seals every file of an attempt's folder, a checkpoint that is to be `pruned` apart; gives the manifest's own
 * digest. `known` saves reading those again.
 */
export async function sealFolder(
  directory: string,
  about: Pick<Manifest, 'trialId' | 'attempt' | 'pruned'>,
  known: Readonly<Record<string, FileDigest>> = {},
): Promise<FileDigest> {
  const isPruned = (name: string) => about.pruned?.includes('checkpoint') === true && kindOfPath(name) === 'checkpoint'
  const files: Record<string, FileDigest> = {}
  for (const name of await listFiles(directory)) {
    if (name === trialFileName('manifest') || isPruned(name)) continue
    files[name] = known[name] ?? (await digestFile(join(directory, name)))
  }
  return writeManifest(directory, { schemaVersion: 2, ...about, files })
}

/** Writes and seals it; its own digest. */
export function writeManifest(directory: string, manifest: Manifest): FileDigest {
  const text = sealJson(manifest)
  writeFileSynced(trialPath(directory, 'manifest'), text)
  syncFolder(directory)
  return digestOf(text)
}

/** The manifest's digest, or undefined when there is none. */
export function manifestDigest(directory: string): string | undefined {
  const bytes = readFileIfPresent(trialPath(directory, 'manifest'))
  return bytes && digestOf(bytes).sha256
}

/** Throws SeqlabError 'run' where it is missing, damaged or of another version. */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = trialPath(directory, 'manifest')
  if (!(await exists(path))) throw missingFile(path)
  return openSealed(manifestSchema, await asFile(path, readFile(path, 'utf8')), path)
}

/** The text of one of a trial's files, held against its manifest; '' where that has no such file. Throws SeqlabError 'run'. */
export async function readListed(directory: string, { files }: Manifest, kind: TrialFileKind): Promise<string> {
  const expected = files[trialFileName(kind)]
  if (expected === undefined) return ''
  const path = trialPath(directory, kind)
  if (!(await exists(path))) throw missingFile(path)
  const bytes = await asFile(path, readFile(path))
  const problem = difference(path, digestOf(bytes), expected)
  if (problem !== undefined) throw problem
  return bytes.toString('utf8')
}

/**
 * What is wrong with a trial's folder, file by file, in words; empty when every byte is as it was sealed. A completed
 * trial's checkpoint may be deleted as a whole: its model has the best parameters.
 */
export async function verifyFolder(directory: string): Promise<string[]> {
  const manifest = await readManifest(directory).catch(runErrorOrThrow)
  if (manifest instanceof SeqlabError) return [manifest.message]
  const isDeleted = deletedCheckpoint(directory, manifest)
  const kept = Object.entries(manifest.files).filter(([name]) => !isDeleted(name))
  const problems = await Promise.all(kept.map(([name, digest]) => verifyFile(join(directory, name), digest)))
  return problems.flatMap((problem) => (problem === undefined ? [] : [problem.message]))
}

function deletedCheckpoint(directory: string, { files }: Manifest): (name: string) => boolean {
  if (hasCheckpoint(directory) || !(modelFileName('parameters') in files)) return () => false
  return (name) => name.startsWith(`${trialFileName('checkpoint')}/`)
}

async function verifyFile(path: string, expected: FileDigest): Promise<SeqlabError | undefined> {
  if (!(await exists(path))) return missingFile(path)
  const digest = await asFile(path, digestFile(path)).catch(runErrorOrThrow)
  return digest instanceof SeqlabError ? digest : difference(path, digest, expected)
}

async function asFile<T>(path: string, reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    throw asDamage(path, error)
  })
}

function difference(path: string, received: FileDigest, expected: FileDigest): SeqlabError | undefined {
  if (received.bytes !== expected.bytes) return damaged(path, `it has ${received.bytes} bytes, not ${expected.bytes}`)
  return received.sha256 === expected.sha256 ? undefined : damaged(path, 'its checksum does not match')
}

export function missingFile(path: string): SeqlabError {
  return new SeqlabError('run', `${path} is missing`)
}

/** Which of some files of a folder are not what they were said to be, in words: missing, or of other bytes. */
export async function missingFiles(
  directory: string,
  files: Readonly<Record<string, FileDigest>>,
): Promise<readonly string[]> {
  const problems: string[] = []
  for (const [name, digest] of Object.entries(files)) {
    const problem = await verifyFile(join(directory, name), digest)
    if (problem !== undefined) problems.push(problem.message)
  }
  return problems
}
