import { readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { dataError } from '../data-error.js'
import { linesOf, readBytes } from './files.js'
import { filesInTar } from './tar.js'

/** A file in the folder of a class. */
export interface TextFile {
  /** Its class; undefined where it is in no folder of one. */
  readonly folder: string | undefined
  readonly path: string
  /** Throws SeqlabError 'data' where it is no text. */
  lines(): string[]
}

/** The files of the folders in a folder, by folder and name; those beside the folders too. Hidden ones are skipped. */
export async function textsInFolder(path: string, baseDir: string): Promise<TextFile[]> {
  const files: TextFile[] = []
  for (const entry of await entriesOf(path, baseDir)) {
    const inner = join(path, entry.name)
    if (!entry.isDirectory()) {
      files.push({ folder: undefined, path: inner, lines: () => [] })
      continue
    }
    for (const { name } of await entriesOf(inner, baseDir))
      files.push(await textAt(join(inner, name), entry.name, baseDir))
  }
  return files
}

/** The files that hold the texts at a path: an archive itself, those in a folder, or (`deep`) those in the folders in it. */
export async function filesOfClasses(path: string, baseDir: string, deep: boolean): Promise<string[]> {
  if (isArchive(path)) return [path]
  const entries = await entriesOf(path, baseDir)
  const files = entries.filter((entry) => entry.isDirectory() === deep).map(({ name }) => join(path, name))
  if (!deep) return files
  const inner: string[] = []
  for (const folder of files) for (const { name } of await entriesOf(folder, baseDir)) inner.push(join(folder, name))
  return inner
}

export function isArchive(path: string): boolean {
  return /\.(tar|tgz|tar\.gz)$/i.test(path)
}

/** What is in a folder, by name, without what is hidden. Throws SeqlabError 'data' where it cannot be read. */
export async function entriesOf(path: string, baseDir: string) {
  const entries = await readdir(resolve(baseDir, path), { withFileTypes: true }).catch((cause: unknown) => {
    const isFile = cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR'
    throw dataError(path, isFile ? 'this is a file, not a folder' : 'this is not a folder that can be read', {
      hint: isFile
        ? 'one file with texts and their classes is read by `csv`, `tsv` or `jsonl`; archives of folders are .tar or .tar.gz'
        : `looked at ${resolve(baseDir, path)}`,
      cause,
    })
  })
  return entries.filter(({ name }) => !name.startsWith('.')).sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** One after the other: a system lets a process have only so many files open. */
async function textAt(path: string, folder: string, baseDir: string): Promise<TextFile> {
  const bytes = await readBytes(path, baseDir)
  return { folder, path, lines: () => linesOf(bytes, path) }
}

/** The same of an archive: classes are the folders that hold files within the one that all are in, if they are in one. */
export async function textsInTar(path: string, baseDir: string): Promise<TextFile[]> {
  const files = (await filesInTar(path, baseDir)).filter(({ name }) => !basename(name).startsWith('.'))
  const depth = files.reduce((most, { name }) => Math.max(most, name.split('/').length), 0)
  return files.map(({ name, bytes }) => {
    const inner = `${path}/${name}`
    const isExample = depth > 1 && name.split('/').length === depth
    return { folder: isExample ? basename(dirname(name)) : undefined, path: inner, lines: () => linesOf(bytes, inner) }
  })
}
