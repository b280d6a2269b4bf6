import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Type from 'typebox'
import { cacheDirectory } from '../core/cache-directory.js'
import { parseChecked } from '../core/checked-json.js'
import { sha256, sha256Stream } from '../core/hash.js'

const packageSchema = Type.Object({ version: Type.String() })
const packageRoot = fileURLToPath(new URL('../../', import.meta.url))

/** Where built code is: hosts run from here also when the coordinator runs from its sources. */
export const builtRoot = join(packageRoot, 'dist')

/** The folders whose code can change a result; reports and the command line cannot. */
const decisive = [
  'core',
  'stats',
  'engine',
  'data',
  'model',
  'metrics',
  'decode',
  'task',
  'train',
  'spec',
  'store',
  'runner',
]

/** Versions of everything that can change a result; `code` is a digest of this package's own built code. */
export function versions(): Readonly<Record<string, string>> {
  const packages = ['@tensorflow/tfjs', 'onnxruntime-node', 'pure-rand', '@tensorflow/tfjs-node']
  const installed = packages.flatMap((name) => {
    const version = installedVersion(name)
    return version === undefined ? [] : [[name, version] as const]
  })
  return {
    seqlab: packageVersion(join(packageRoot, 'package.json')),
    code: codeDigest(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    ...Object.fromEntries(installed),
  }
}

/**
 * Where lowered graphs are cached between processes: a directory for these versions of everything, in the user's cache;
 * undefined where there is no cache.
 */
export function graphsDirectory(): string | undefined {
  const cache = cacheDirectory()
  if (cache === undefined) return undefined
  const digest = sha256(JSON.stringify(versions()))
  return join(cache, 'graphs', digest.slice(0, 16))
}

function codeDigest(): string {
  const hash = sha256Stream()
  for (const folder of decisive) {
    for (const path of scripts(join(builtRoot, folder)))
      hash.update(path.slice(builtRoot.length)).update(readFileSync(path))
  }
  return hash.digest('hex').slice(0, 16)
}

function scripts(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function installedVersion(name: string): string | undefined {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? []
  for (const folder of folders) {
    try {
      return packageVersion(join(folder, name, 'package.json'))
    } catch {
      // Not in this folder: look in the next, as Node does. None of them: an optional package that is not installed.
    }
  }
  return undefined
}

function packageVersion(file: string): string {
  return parseChecked(packageSchema, readFileSync(file, 'utf8'), file).version
}
