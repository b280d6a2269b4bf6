import type { Dirent } from 'node:fs'
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
  const entries = await entriesOf(path, baseDir)
  for (const entry of entries) {
    const inner = join(path, entry.name)
    if (!entry.isDirectory()) {
      files.push({ folder: undefined, path: inner, lines: () => [] })
      continue
    }
    const below = await entriesOf(inner, baseDir)
    const folders = foldersIn(below)
    if (folders.length > 0 && folders.length === below.length)
      throw tooHigh(path, foldersIn(entries), { name: entry.name, folders })
    if (folders.length > 0) throw folderInClass(inner, folders, below.length - folders.length)
    for (const { name } of below) files.push(await textAt(join(inner, name), entry.name, baseDir))
  }
  return files
}

/** The names of the folders among what is in a folder. */
export function foldersIn(entries: readonly Dirent[]): string[] {
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

function tooHigh(path: string, folders: readonly string[], first: { name: string; folders: readonly string[] }): Error {
  return dataError(path, 'the folders in it have folders in them, not files', {
    expected: 'a folder per class with a file per example, as in train/pos/0_9.txt',
    received: `${countedFolders(folders)}, with ${countedFolders(first.folders)} in ${first.name}`,
    hint: deeper(path, folders),
  })
}

function folderInClass(path: string, folders: readonly string[], files: number): Error {
  return dataError(path, 'there are folders in the folder of a class', {
    expected: 'files alone, each an example',
    received: `${countedFolders(folders)} next to ${files} ${files === 1 ? 'file' : 'files'}`,
    hint: 'move the files of a folder in it up into it, or the folder elsewhere',
  })
}

/** `2 folders (neg, pos)`. */
export function countedFolders(names: readonly string[]): string {
  return `${names.length} ${names.length === 1 ? 'folder' : 'folders'} (${some(names)})`
}

export function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')}, ...` : names.join(', ')
}

const devNames = ['dev', 'valid', 'validation', 'val']

/** Whether the folders are sets, not classes. */
export function areSets(folders: readonly string[]): boolean {
  return folders.includes('train') && folders.every((name) => ['train', 'test', ...devNames].includes(name))
}

/** Which folders to name where those in a folder are no classes: the sets, or the first one. */
export function deeper(path: string, folders: readonly string[]): string {
  const [first = ''] = folders
  if (!areSets(folders)) return `is it a folder deeper? Name that one, such as ${join(path, first)}`
  const named = folders.map((name) => `${devNames.includes(name) ? 'dev' : name}: ${join(path, name)}`)
  return `these are sets, not classes: name each, ${named.join(', ')}`
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
