import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import { cacheDirectory } from '../core/cache-directory.js'
import { parseChecked } from '../core/checked-json.js'
import { SeqlabError } from '../core/errors.js'
import { sha256 } from '../core/hash.js'
import { builtRoot, packageFolder, packageRoot } from '../core/package.js'

const packageSchema = Type.Object({ version: Type.String() })

/** What scripts/build.ts writes about the bundle: hosts run from it, whatever the coordinator runs from. */
const buildSchema = Type.Object({
  /** Digest of the sources that can change a result; reports and the command line cannot. */
  code: Type.String(),
  /** Versions of the libraries that are built in. */
  libraries: Type.Record(Type.String(), Type.String()),
})

/** Versions of everything that can change a result; `code` is a digest of this package's own code. */
export function versions(): Readonly<Record<string, string>> {
  const { code, libraries } = build()
  const named = (name: string, version: string | undefined) => (version === undefined ? [] : [[name, version] as const])
  return {
    seqlab: packageVersion(packageRoot),
    code,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    ...Object.fromEntries([
      ...['@tensorflow/tfjs-core', 'pure-rand'].flatMap((name) => named(name, libraries[name])),
      ...['onnxruntime-node', '@tensorflow/tfjs-node'].flatMap((name) => named(name, installedVersion(name))),
    ]),
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

function build(): Static<typeof buildSchema> {
  const file = join(builtRoot, 'build.json')
  if (!existsSync(file)) throw new SeqlabError('run', `${file} is missing`, { hint: 'Run `npm run build` first.' })
  return parseChecked(buildSchema, readFileSync(file, 'utf8'), file)
}

/** Of an optional package too. */
function installedVersion(name: string): string | undefined {
  const folder = packageFolder(name)
  return folder === undefined ? undefined : packageVersion(folder)
}

function packageVersion(folder: string): string {
  const file = join(folder, 'package.json')
  return parseChecked(packageSchema, readFileSync(file, 'utf8'), file).version
}
