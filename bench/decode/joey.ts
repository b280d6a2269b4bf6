// Joey NMT's reverse task, as bench:jobs has it, trained for a short while by both programs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requirementsPython } from '../step/peers.js'
import { startServer } from './server.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const seed = 42

export interface Joey {
  readonly versions: Readonly<Record<string, unknown>>
  /** The test set's sources. */
  readonly sources: readonly string[]
  /** Of Joey's own `translate`, one thread, without loading the model: processor time, and symbols of the outputs. */
  translate(sources: readonly string[], beam: number, batch: number): Promise<{ seconds: number; symbols: number }>
  close(): void
}

/**
 * Joey NMT and what it has trained for `steps` steps in `folder`, where its environment (bench/peers/venv joey) is there.
 * `trainOwn` is given the folder of the data.
 */
export async function openJoey(
  folder: string,
  steps: number,
  trainOwn: (data: string) => void,
): Promise<Joey | undefined> {
  const python = requirementsPython('joey')
  if (python === undefined) return undefined
  mkdirSync(folder, { recursive: true })
  const config = join(folder, `joey-${seed}.yaml`)
  if (!existsSync(join(folder, `model-${seed}`, 'best.ckpt'))) train(python, folder, steps)
  trainOwn(folder)
  const { ask, read, close } = startServer(python, [here('../peers/joey_translate.py'), config], true)
  const versions = await read()
  return {
    versions,
    sources: readFileSync(join(folder, 'test.src'), 'utf8').trim().split('\n'),
    translate: async (sources, beam, batch) => {
      const { seconds, symbols } = await ask({ sources, beam, batch })
      return { seconds: Number(seconds), symbols: Number(symbols) }
    },
    close,
  }
}

function train(python: string, folder: string, steps: number): void {
  process.stdout.write(`training Joey NMT's reverse model for ${steps} steps\n`)
  const given = [here('../peers/joey_reverse.py'), folder, '--seed', `${seed}`, '--steps', `${steps}`]
  const { status, stderr } = spawnSync(python, given, {
    env: { ...process.env, OMP_NUM_THREADS: '1' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`Joey NMT ended with code ${status}: ${stderr.slice(-2000)}`)
}
