import { readdir } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { parseTar } from 'nanotar'
import Type, { type Static } from 'typebox'
import { linesOf, readBytes, readLines } from '../files.js'
import type { ExampleSource, RawExample } from '../parts.js'
import { dataError } from '../problem.js'
import { brings, givenSets, readSets, setProblems } from './sets.js'

const pathSchema = (description: string) =>
  Type.String({
    minLength: 1,
    description: `${description} A folder or a tar archive, plain or gzipped; relative to the spec or --data-dir.`,
  })

const options = Type.Object({
  path: Type.Optional(pathSchema('One set, split by seed.')),
  ...givenSets(pathSchema),
})

export const folderOfClasses: ExampleSource<typeof options, Static<typeof options>> = {
  name: 'folder-of-classes',
  summary:
    'A file for each class, named after it, with an example a line (a folder, or a tar archive of one). Names that start with a point are left out.',
  equations: [],
  source: {
    paper: 'The form of the surnames of the PyTorch tutorials',
    url: 'https://github.com/spro/practical-pytorch',
  },
  options,
  gives: 'pairs',
  brings,
  problems: (options) => setProblems(options, 'path', options.path),
  read: (options, { baseDir }) =>
    readSets(options, options.path, async (path) => {
      const files = /\.(tar|tgz|tar\.gz)$/i.test(path) ? await inArchive(path, baseDir) : await inFolder(path, baseDir)
      refuseTwins(files, path)
      return files.flatMap(examplesOf)
    }),
}

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
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  const files = names.sort().map(async (name) => {
    const file = join(path, name)
    return { label: labelOf(name), path: file, lines: await readLines(file, baseDir) }
  })
  return Promise.all(files)
}

async function inArchive(path: string, baseDir: string): Promise<ClassFile[]> {
  const bytes = await readBytes(path, baseDir)
  if (!isTar(bytes)) throw dataError(path, 'this is not a tar archive')
  // A copy: the parser reads the whole buffer behind the bytes.
  const entries = parseTar(new Uint8Array(bytes), { filter: ({ type, name }) => type === 'file' && !isHidden(name) })
  return entries
    .map(({ name, data }) => {
      const file = `${path}/${name.replace(/^\.?\/+/, '')}`
      return { label: labelOf(name), path: file, lines: linesOf(data ?? new Uint8Array(), file) }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The checksum of the first header: the sum of its bytes, with spaces in the checksum's own place (POSIX ustar). */
function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < 512) return false
  const written = Number.parseInt(Buffer.from(bytes.subarray(148, 156)).toString('latin1').trim(), 8)
  const sum = bytes.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  return sum === written
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
    const twin = seen.get(label)
    if (twin !== undefined) throw dataError(file, `the class ${label} has another file already: ${twin}`)
    seen.set(label, file)
  }
}

function examplesOf({ label, path, lines }: ClassFile): RawExample[] {
  return lines.map((line, index) => ({ source: line.trim(), target: label, where: `${path}:${index + 1}` }))
}
