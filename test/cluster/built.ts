// The built command as a process.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { builtRoot } from '../../src/core/package.js'

export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCommand {
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly said: { readonly stdout: string; readonly stderr: string }
  readonly ended: Promise<Said>
}

type Environment = Readonly<Record<string, string>>

/** Starts `seqlab` with these arguments, and these variables besides the process's own. */
export function startSeqlab(environment: Environment, args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [join(builtRoot, 'cli', 'main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, NO_COLOR: '1' },
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      said[name] += piece
    })
  const ended = new Promise<Said>((resolve) => {
    child.on('close', (code) => resolve({ code, ...said }))
  })
  return { child, said, ended }
}

export function seqlab(environment: Environment, args: readonly string[]): Promise<Said> {
  return startSeqlab(environment, args).ended
}
