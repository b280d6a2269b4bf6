import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheVariable } from '../../core/cache-directory.js'
import { toPlainError } from '../../core/errors.js'
import { makeFolder, systemProblem, writeFileAtomically } from '../../core/files.js'
import { sha256 } from '../../core/hash.js'
import { obstacle } from '../../core/obstacle.js'
import { systemErrorPath, systemReason } from '../../core/system-errors.js'
import type { Signature } from '../types.js'
import type { Program } from './session.js'

/** Maximum number of graphs in one directory; the least recently used are removed first. */
const limit = 512

/** Format version of the JSON file next to a graph. */
const format = 3

/** A lowered graph on disk: how its ports map to trees, and the file with its model. */
export interface CachedProgram {
  readonly program: Omit<Program, 'model'>
  readonly modelFile: string
}

/** Lowered graphs that outlive the process. A directory is for one version of the code, which is in its name. */
export interface GraphCache {
  read(key: string): CachedProgram | undefined
  write(key: string, program: Program): void
}

/** Everything that a graph is a function of; `identity` stands for the traced function. */
export function cacheKey(name: string, identity: string, signature: Signature, versions: string): string {
  return sha256(JSON.stringify([format, name, identity, signature, versions, process.platform, process.arch]))
}

/**
 * Nothing of a file that cannot be read or is torn is believed: it is a graph that is not there. Where one cannot be written
 * that is reported once, and no more are.
 */
export function graphCache(directory: string, warn: (message: string) => void = () => {}): GraphCache {
  const path = (file: string) => join(directory, file)
  let broken = false
  return {
    read: (key) => {
      try {
        const { digest, ...program }: Stored = JSON.parse(readFileSync(path(`${key}.json`), 'utf8'))
        const modelFile = path(`${key}.onnx`)
        return sha256(readFileSync(modelFile)) === digest ? { program, modelFile } : undefined
      } catch {
        return undefined
      }
    },
    write: (key, program) => {
      if (broken) return
      try {
        store(directory, key, program)
      } catch (error) {
        broken = true
        warn(unwritable(directory, error))
      }
    },
  }
}

function store(directory: string, key: string, { model, ...program }: Program): void {
  makeFolder(directory)
  const stored: Stored = { ...program, digest: sha256(model) }
  // The listing comes last: it makes the graph exist.
  writeFileAtomically(join(directory, `${key}.onnx`), model)
  writeFileAtomically(join(directory, `${key}.json`), JSON.stringify(stored))
  prune(directory)
}

/**
 * The same text for every graph and every thread: of a file that cannot be written only the folder is named. Folders that
 * are not there are made, so that the reason why that fails is the error's own.
 */
function unwritable(directory: string, error: unknown): string {
  const isFile = dirname(systemErrorPath(error) ?? '') === directory
  const made = isFile ? undefined : systemProblem(error)?.message
  const why = made === undefined ? `cannot write ${directory}: ${reasonOf(error, directory)}` : uncapitalised(made)
  return `Compiled graphs are not cached: ${why}. ${cacheVariable} names another directory.`
}

function reasonOf(error: unknown, directory: string): string {
  return obstacle(join(directory, 'file')) ?? systemReason(error) ?? toPlainError(error).message
}

function uncapitalised(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

type Stored = Omit<Program, 'model'> & { readonly digest: string }

function prune(directory: string): void {
  const listings = readdirSync(directory).filter((file) => file.endsWith('.json'))
  if (listings.length <= limit) return
  const age = (file: string) => statSync(join(directory, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const oldest = listings.sort((a, b) => age(a) - age(b)).slice(0, listings.length - limit)
  for (const file of oldest) {
    rmSync(join(directory, file), { force: true })
    rmSync(join(directory, file.replace(/json$/, 'onnx')), { force: true })
  }
}
