import { realpathSync, type Stats, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { namedFiles, tokenizerFiles } from '../data/named-files.js'
import { filesAt } from '../data/reading/paths.js'
import { type ReadFile, readingOnce } from '../spec/document/read.js'
import type { Spec } from '../spec/types.js'
import { isRecorded } from '../store/index.js'

/** What a command reads. */
export interface Inputs {
  /** Files, and folders with all that is in them. */
  readonly paths?: readonly (string | undefined)[]
  readonly specs?: readonly { readonly spec: Pick<Spec, 'data'> & Partial<Spec>; readonly baseDir: string }[]
  /** Paths and patterns, relative to a folder. */
  readonly named?: readonly NamedPath[]
  /** Folders of studies, trials and models. */
  readonly runs?: readonly string[]
}

interface NamedPath {
  readonly path: string
  readonly baseDir: string
}

/**
 * Throws SeqlabError 'spec' where one of the files that an option has written is a file that the command reads, under whatever
 * name: through links, or as a second name of the same file. What is not there yet, devices and pipes are none.
 */
export async function refuseToOverwrite(option: string, outputs: readonly string[], inputs: Inputs): Promise<void> {
  for (const output of outputs) {
    const target = statOf(output)
    if (target?.isFile() !== true || !(await isRead(output, target, inputs))) continue
    const what = outputs.length === 1 ? 'is' : 'would write over'
    throw new SeqlabError('spec', `${option} ${what} a file that this command reads: ${output}`, {
      hint: 'Name another place: what is in the file would be lost.',
    })
  }
}

/** Reads each file once, and keeps the names of those that it was asked for. */
export function readingNoted(): { readonly readFile: ReadFile; readonly files: readonly string[] } {
  const files: string[] = []
  const read = readingOnce()
  const readFile: ReadFile = (file) => {
    files.push(file)
    return read(file)
  }
  return { readFile, files }
}

async function isRead(
  output: string,
  target: Stats,
  { paths = [], specs = [], named = [], runs = [] }: Inputs,
): Promise<boolean> {
  const real = realpathSync(output)
  const isAt = (path: string) => isSameFile(path, target) || isWithin(real, path)
  const begun = specs.flatMap(({ spec: { train }, baseDir }) =>
    train?.init === undefined ? [] : [train.init.from, resolve(baseDir, train.init.from)],
  )
  return (
    paths.some((path) => path !== undefined && isAt(path)) ||
    (await filesOf([...specs.flatMap(namedIn), ...named])).some(isAt) ||
    [...runs, ...begun].some((folder) => isWithin(real, folder) && isRecorded(relative(realpathSync(folder), real)))
  )
}

/** What a spec names for its data. */
function namedIn({ spec: { data }, baseDir }: NonNullable<Inputs['specs']>[number]): readonly NamedPath[] {
  return [...namedFiles(data), ...tokenizerFiles(data)].map((path) => ({ path, baseDir }))
}

/** The files and folders there are of those names, each looked for once. */
async function filesOf(all: readonly NamedPath[]): Promise<readonly string[]> {
  const named = new Map(all.map((each) => [resolve(each.baseDir, each.path), each] as const))
  const found: string[] = []
  for (const { path, baseDir } of named.values()) {
    // What cannot be found is read by nobody.
    const files = await filesAt(path, baseDir).catch(() => [])
    found.push(...files.map((file) => resolve(baseDir, file)))
  }
  return found
}

function isSameFile(path: string, { dev, ino }: Stats): boolean {
  const stats = statOf(path)
  return stats !== undefined && stats.dev === dev && stats.ino === ino
}

function isWithin(real: string, folder: string): boolean {
  return statOf(folder)?.isDirectory() === true && real.startsWith(`${realpathSync(folder)}${sep}`)
}

/** Undefined where nothing can be found. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
