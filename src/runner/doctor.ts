import { execFile } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { cacheDirectory, cacheVariable } from '../core/cache-directory.js'
import { toPlainError } from '../core/errors.js'
import { makeFolder, systemProblem, writeFileAtomically } from '../core/files.js'
import { engineNames } from '../engine/index.js'
import type { EngineName } from '../engine/types.js'

/** One thing that runs depend on. `missing` keeps them from working, `absent` is something optional. */
export interface Finding {
  readonly name: string
  readonly status: 'ok' | 'missing' | 'absent'
  readonly found: string
  /** What to do. */
  readonly fix?: string
}

/** How an engine is tried: in a process of its own, which its native library may take down. */
export type TryEngine = (name: EngineName) => Promise<string>

/** Versions of Node that every change is tried on (scripts/node-versions). */
export const testedNodes: readonly number[] = [20, 22, 24, 26]

/** Looks at what a run depends on, and changes nothing: folders that are made to be tried are removed again. */
export async function examine(outDir: string, tryEngine: TryEngine): Promise<readonly Finding[]> {
  const engines: Finding[] = []
  for (const name of engineNames) engines.push(await engineFinding(name, tryEngine))
  return [
    nodeFinding(process.versions.node),
    ...engines,
    cacheFinding(),
    placeFinding('output', outDir, '--out'),
    machine(),
  ]
}

/** Older ones than those tested do not work; others may, and that they are not tested is said. */
export function nodeFinding(version: string): Finding {
  const found = `${version} (${process.platform}-${process.arch})`
  const major = Number.parseInt(version, 10)
  if (testedNodes.includes(major)) return { name: 'node', status: 'ok', found }
  const tested = `Tested with Node ${testedNodes.join(', ')}.`
  if (major < Math.min(...testedNodes)) return { name: 'node', status: 'missing', found, fix: tested }
  return { name: 'node', status: 'ok', found: `${found}, not tested`, fix: tested }
}

async function engineFinding(engine: EngineName, tryEngine: TryEngine): Promise<Finding> {
  const name = `engine ${engine}`
  try {
    return { name, status: 'ok', found: await tryEngine(engine) }
  } catch (error) {
    const found = toPlainError(error).message
    if (engine === 'tfjs-node') {
      return { name, status: 'absent', found, fix: 'Optional: npm install @tensorflow/tfjs-node' }
    }
    return { name, status: 'missing', found, fix: 'Install seqlab again with optional and native packages.' }
  }
}

function cacheFinding(): Finding {
  const place = cacheDirectory()
  if (place !== undefined) return placeFinding('cache', place, cacheVariable)
  const fix = `Name a directory with ${cacheVariable}.`
  return { name: 'cache', status: 'missing', found: 'no home directory', fix }
}

/** Whether something can be written there; where the folder is not there yet, whether it can be made. */
function placeFinding(name: string, directory: string, option: string): Finding {
  const path = resolve(directory)
  const made = firstMissing(path)
  try {
    makeFolder(path)
    writeFileAtomically(join(path, '.seqlab-doctor'), 'seqlab doctor')
    rmSync(join(path, '.seqlab-doctor'))
    return { name, status: 'ok', found: path }
  } catch (error) {
    const { message, hint = '' } = toPlainError(systemProblem(error, { option }) ?? error)
    return { name, status: 'missing', found: message, fix: hint }
  } finally {
    if (made !== undefined && existsSync(made)) rmSync(made, { recursive: true, force: true })
  }
}

/** The uppermost folder of a path that is not there. */
function firstMissing(path: string): string | undefined {
  if (existsSync(path)) return undefined
  return dirname(path) === path ? undefined : (firstMissing(dirname(path)) ?? path)
}

function machine(): Finding {
  const limit = process.constrainedMemory()
  const bytes = limit > 0 && limit < totalmem() ? limit : totalmem()
  const cores = availableParallelism()
  const found = `${cores === 1 ? '1 core' : `${cores} cores`}, ${(bytes / 2 ** 30).toFixed(1)} GiB of memory`
  return { name: 'machine', status: 'ok', found }
}

/** Loads an engine; its version. Throws where it is not installed or does not load. */
export async function probeEngine(name: EngineName): Promise<string> {
  const { createEngine } = await import('../engine/index.js')
  const engine = await createEngine(name, { threads: 1 })
  await engine.dispose()
  return engine.version
}

/** Runs this program again with these arguments; what it prints. Throws with its last words where it fails. */
export function inProcess(program: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    execFile(process.execPath, [program, ...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      const words =
        stderr
          .trim()
          .split('\n')[0]
          ?.replace(/^error: /, '') ||
        (error?.signal ?? 'it failed')
      if (error === null) done(stdout.trim())
      else fail(new Error(words))
    })
  })
}
