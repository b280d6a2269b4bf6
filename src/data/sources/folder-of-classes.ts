import { basename, dirname, extname, join } from 'node:path'
import Type from 'typebox'
import { dataError } from '../data-error.js'
import {
  areSets,
  countedFolders,
  deeper,
  entriesOf,
  filesOfClasses,
  foldersIn,
  isArchive,
  some,
  type TextFile,
  textsInFolder,
  textsInTar,
} from '../reading/class-folders.js'
import { linesOf, readLines } from '../reading/files.js'
import { refuseTooMuch } from '../reading/memory.js'
import { filesInTar } from '../reading/tar.js'
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
    'One file per class, named after it, with one example per line, or a folder per class with a file per example (a folder, or a tar archive of one). Hidden files are skipped.',
  equations: [],
  source: {
    paper: 'The form of the surnames of the PyTorch tutorials',
    url: 'https://github.com/spro/practical-pytorch',
  },
  options: Type.Object({
    path: Type.Optional(pathSchema('One set, split by seed.')),
    ...givenSets(pathSchema),
    each: Type.Optional(
      Type.Union([Type.Literal('line'), Type.Literal('file')], {
        description:
          'What one example is: a line of the file of its class (names/Arabic.txt), or a whole file in the folder of its class (train/pos/0_9.txt), with its line ends. Default: line.',
      }),
    ),
  }),
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    problems: () => setProblems(options, 'path', options.path),
    read: async ({ baseDir }) => {
      await refuseTooMuch(await everyText(options, baseDir), baseDir)
      return readSets(options, options.path, async (path) => {
        const archived = isArchive(path)
        if (options.each === 'file')
          return wholeFiles(await (archived ? textsInTar : textsInFolder)(path, baseDir), path)
        const files = archived ? await inArchive(path, baseDir) : await inFolder(path, baseDir)
        refuseTwins(files, path)
        return files.flatMap(examplesOf)
      })
    },
  }),
})

/** The files of all sets; a folder that cannot be read is for its reader to report. */
async function everyText(
  { path: one, train, dev, test, each }: Partial<Record<'path' | 'train' | 'dev' | 'test' | 'each', string>>,
  baseDir: string,
): Promise<string[]> {
  const files: string[] = []
  for (const path of [one, train, dev, test])
    if (path !== undefined) files.push(...(await filesOfClasses(path, baseDir, each === 'file').catch(() => [])))
  return files
}

interface ClassFile {
  readonly label: string
  readonly path: string
  readonly lines: readonly string[]
}

async function inFolder(path: string, baseDir: string): Promise<ClassFile[]> {
  const entries = await entriesOf(path, baseDir)
  const folders = foldersIn(entries)
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  await refuseFolders(path, baseDir, folders, names.length > 0)
  const files = names.map(async (name) => {
    const file = join(path, name)
    return { label: labelOf(name), path: file, lines: await readLines(file, baseDir) }
  })
  return Promise.all(files)
}

/** A folder a class with a file an example is another layout: it is described by what was found, not read as something else. */
async function refuseFolders(path: string, baseDir: string, folders: readonly string[], mixed: boolean): Promise<void> {
  const [first] = folders
  if (first === undefined) return
  const below = await entriesOf(join(path, first), baseDir).catch(() => [])
  const files = below.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  const inner = foldersIn(below)
  const isDeeper = files.length === 0 && inner.length > 0
  const found = `${filesIn(first, files)}${isDeeper ? ` but ${countedFolders(inner)}` : ''}`
  const more = isDeeper ? ', with each: file' : ''
  const hint = isDeeper || areSets(folders) ? `${deeper(path, folders)}${more}` : eachFile
  throw wrongLayout(path, folders, found, mixed, hint)
}

const eachFile = 'for a folder per class with a file per example set each: file'

/** `2 files in pos (1.txt, 2.txt)`. */
function filesIn(folder: string, files: readonly string[]): string {
  if (files.length === 0) return `no files in ${folder}`
  return `${files.length} ${files.length === 1 ? 'file' : 'files'} in ${folder} (${some(files)})`
}

function wrongLayout(path: string, folders: readonly string[], below: string, mixed: boolean, hint = eachFile) {
  return dataError(path, `there are folders in it${mixed ? ' next to files' : ''}`, {
    expected: 'one file per class with one example per line, as in names/Arabic.txt',
    received: `${countedFolders(folders)}, with ${below}`,
    hint,
  })
}

async function inArchive(path: string, baseDir: string): Promise<ClassFile[]> {
  const files = (await filesInTar(path, baseDir)).filter(({ name }) => !isHidden(name))
  refuseNested(
    files.map(({ name }) => name),
    path,
  )
  return files.map(({ name, bytes }) => {
    const file = `${path}/${name}`
    return { label: labelOf(name), path: file, lines: linesOf(bytes, file) }
  })
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

/** Each file an example, its folder the class; files elsewhere are left out and counted. */
function wholeFiles(files: readonly TextFile[], path: string): RawExample[] {
  if (!files.some(({ folder }) => folder !== undefined)) {
    throw dataError(path, 'there is no folder of a class with files in it', {
      expected: 'a folder per class with a file per example, as in train/pos/0_9.txt',
      received: files.length === 0 ? 'nothing' : `files: ${some(files.map((file) => file.path))}`,
      hint: 'for a file per class with an example per line leave `each` out',
    })
  }
  return files.map(({ folder, path: where, lines }) =>
    folder === undefined
      ? { source: '', target: '', where, leftOut: 'file outside the folders of classes' }
      : { source: lines().join('\n').trim(), target: folder, where },
  )
}
