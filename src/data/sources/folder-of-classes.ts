import { readdir } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { parseTar } from 'nanotar'
import Type from 'typebox'
import { dataError } from '../data-error.js'
import { linesOf, readBytes, readLines } from '../reading/files.js'
import { brings, givenSets, readSets, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const pathSchema = (description: string) =>
  Type.String({
    minLength: 1,
    description: `${description} A folder or a tar archive, plain or gzipped; relative to the spec or --data-dir.`,
  })

export const folderOfClasses = defineExampleSource({
  name: 'folder-of-classes',
  summary:
    'One file per class, named after it, with one example per line (a folder, or a tar archive of one). Hidden files are skipped.',
  equations: [],
  source: {
    paper: 'The form of the surnames of the PyTorch tutorials',
    url: 'https://github.com/spro/practical-pytorch',
  },
  options: Type.Object({
    path: Type.Optional(pathSchema('One set, split by seed.')),
    ...givenSets(pathSchema),
  }),
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    problems: () => setProblems(options, 'path', options.path),
    read: ({ baseDir }) =>
      readSets(options, options.path, async (path) => {
        const archived = /\.(tar|tgz|tar\.gz)$/i.test(path)
        const files = archived ? await inArchive(path, baseDir) : await inFolder(path, baseDir)
        refuseTwins(files, path)
        return files.flatMap(examplesOf)
      }),
  }),
})

const headerSize = 512

interface ClassFile {
  readonly label: string
  readonly path: string
  readonly lines: readonly string[]
}

async function inFolder(path: string, baseDir: string): Promise<ClassFile[]> {
  const entries = await readdir(resolve(baseDir, path), { withFileTypes: true }).catch((cause: unknown) => {
    throw dataError(path, 'this is not a folder that can be read', {
      hint: `looked at ${resolve(baseDir, path)}`,
      cause,
    })
  })
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  await refuseFolders(path, baseDir, folders.map(({ name }) => name).sort(), entries.length > folders.length)
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  const files = names.sort().map(async (name) => {
    const file = join(path, name)
    return { label: labelOf(name), path: file, lines: await readLines(file, baseDir) }
  })
  return Promise.all(files)
}

/** A folder a class with a file an example is another layout: it is described by what was found, not read as something else. */
async function refuseFolders(path: string, baseDir: string, folders: readonly string[], mixed: boolean): Promise<void> {
  const [first] = folders
  if (first === undefined) return
  const below = await readdir(resolve(baseDir, path, first), { withFileTypes: true }).catch(() => [])
  const files = below.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  throw wrongLayout(path, folders, filesIn(first, files.sort()), mixed)
}

/** `2 files in pos (1.txt, 2.txt)`. */
function filesIn(folder: string, files: readonly string[]): string {
  if (files.length === 0) return `no files in ${folder}`
  return `${files.length} ${files.length === 1 ? 'file' : 'files'} in ${folder} (${some(files)})`
}

function wrongLayout(path: string, folders: readonly string[], below: string, mixed: boolean) {
  const count = `${folders.length} ${folders.length === 1 ? 'folder' : 'folders'}`
  return dataError(path, `there are folders in it${mixed ? ' next to files' : ''}`, {
    expected: 'one file per class with one example per line, as in names/Arabic.txt',
    received: `${count} (${some(folders)}), with ${below}`,
    hint: 'a folder per class with a file per example is not read yet: write the texts of each class into one file, one per line',
  })
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')}, ...` : names.join(', ')
}

async function inArchive(path: string, baseDir: string): Promise<ClassFile[]> {
  const bytes = await readBytes(path, baseDir)
  checkTar(bytes, path)
  // A copy: the parser reads the whole buffer behind the bytes.
  const entries = parseTar(new Uint8Array(bytes), { filter: ({ type, name }) => type === 'file' && !isHidden(name) })
  refuseNested(entries.map(({ name }) => name.replace(/^\.?\/+/, '')).sort(), path)
  return entries
    .map(({ name, data }) => {
      const file = `${path}/${name.replace(/^\.?\/+/, '')}`
      return { label: labelOf(name), path: file, lines: linesOf(data ?? new Uint8Array(), file) }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** In an archive, all files are in one folder (or none). */
function refuseNested(names: readonly string[], path: string): void {
  const folders = [...new Set(names.map((name) => dirname(name)))]
  const [first = ''] = folders
  if (folders.length < 2) return
  const files = names.filter((name) => dirname(name) === first)
  throw wrongLayout(
    path,
    folders,
    filesIn(
      first,
      files.map((name) => basename(name)),
    ),
    false,
  )
}

/** Walks the headers before they are believed: a damaged archive must not give half of its files, or none. */
function checkTar(bytes: Uint8Array, path: string): void {
  let offset = 0
  while (offset + headerSize <= bytes.length) {
    const header = bytes.subarray(offset, offset + headerSize)
    if (header.every((byte) => byte === 0)) return
    const size = octal(header.subarray(124, 136))
    if (checksum(header) !== octal(header.subarray(148, 156)) || !(size >= 0)) {
      throw dataError(path, offset === 0 ? 'this is not a tar archive' : `the archive is damaged at byte ${offset}`)
    }
    offset += headerSize + Math.ceil(size / headerSize) * headerSize
  }
  if (offset === 0) throw dataError(path, 'this is not a tar archive')
  if (offset > bytes.length) throw dataError(path, 'the archive ends within a file')
}

/** The sum of a header's bytes, with spaces in the checksum's own place (POSIX ustar). */
function checksum(header: Uint8Array): number {
  return header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
}

function octal(field: Uint8Array): number {
  const text = Buffer.from(field).toString('latin1').replaceAll('\0', ' ').trim()
  return Number.parseInt(text, 8)
}

function isHidden(name: string): boolean {
  return basename(name).startsWith('.')
}

/** `names/Arabic.txt.gz` -> `Arabic`. */
function labelOf(name: string): string {
  const plain = basename(name).replace(/\.gz$/i, '')
  return basename(plain, extname(plain))
}

function refuseTwins(files: readonly ClassFile[], path: string): void {
  if (files.length === 0) throw dataError(path, 'there is no file in it')
  const seen = new Map<string, string>()
  for (const { label, path: file } of files) {
    const twin = seen.get(label.normalize('NFC'))
    if (twin !== undefined) throw dataError(file, `the class ${label} has another file already: ${twin}`)
    seen.set(label.normalize('NFC'), file)
  }
}

function examplesOf({ label, path, lines }: ClassFile): RawExample[] {
  return lines.map((line, index) => ({ source: line.trim(), target: label, where: `${path}:${index + 1}` }))
}
