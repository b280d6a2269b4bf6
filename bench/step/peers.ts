import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createEngine } from '../../src/engine/index.js'
import type { EngineName } from '../../src/engine/types.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Who can make a step: a command that speaks the protocol of bench/peers/cases.py. */
export interface Who {
  readonly name: string
  readonly command: readonly string[]
  /** Whether it knows all models, those with other heads and cells too. */
  readonly knowsAll?: boolean
}

/** The Python of the environment that `bench/peers/venv step` makes; `SEQLAB_PEERS` names another environment. */
export function peerPython(): string | undefined {
  return requirementsPython('step', process.env.SEQLAB_PEERS)
}

/** The Python of the environment that `bench/peers/venv NAME` makes, or of another one. */
export function requirementsPython(name: string, other?: string): string | undefined {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const digest = createHash('sha256')
    .update(readFileSync(here(`../peers/requirements-${name}.txt`)))
    .digest('hex')
  const made = join(cache, 'seqlab', 'peers', `${name}-${digest.slice(0, 12)}`)
  const python = join(other ?? made, 'bin', 'python')
  return existsSync(python) ? python : undefined
}

/** `tfjs-node` is a program in plain TF.js; `eager` is seqlab itself on tfjs-node, with its gradients written out. */
export async function everyone(): Promise<Who[]> {
  const node = (name: string, file: string, ...given: string[]): Who => ({
    name,
    command: [process.execPath, '--import', 'tsx', here(file), ...given],
  })
  const python = peerPython()
  const peer = (name: string, file: string): Who[] =>
    python === undefined ? [] : [{ name, command: [python, here(`../peers/${file}`)] }]
  const installed = await isInstalled('tfjs-node')
  return [
    { ...node('seqlab', 'serve.ts'), knowsAll: true },
    ...peer('pytorch', 'step_torch.py').map((pytorch) => ({ ...pytorch, knowsAll: true })),
    ...peer('jax', 'step_jax.py'),
    ...(installed ? [node('tfjs-node', 'tfjs.ts'), node('eager', 'serve.ts', '--engine', 'tfjs-node')] : []),
  ]
}

/** What one turn took a step: by the clock, and of the process's own time on all cores. */
export interface Turn {
  readonly msPerStep: number
  readonly cpuMsPerStep: number
}

async function isInstalled(engine: EngineName): Promise<boolean> {
  return createEngine(engine, { threads: 1 }).then(
    (made) => made.dispose().then(() => true),
    () => false,
  )
}

/** A running peer, on the cores given. */
export class Peer {
  private readonly child: ChildProcess
  private readonly answers: AsyncIterator<string>

  constructor({ command }: Who, threads: number, cores: readonly number[] | undefined) {
    const pinned = cores === undefined ? [] : ['taskset', '-c', cores.join(',')]
    const [program = '', ...rest] = [...pinned, ...command, '--threads', String(threads)]
    // TensorFlow at its fastest: seqlab itself turns oneDNN off, which cannot be on quietly.
    const count = String(threads)
    const environment = { ...process.env, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count, TF_ENABLE_ONEDNN_OPTS: '1' }
    this.child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'ignore'], env: environment })
    const stdout = this.child.stdout
    if (stdout === null) throw new Error('the peer has no output')
    this.answers = createInterface({ input: stdout })[Symbol.asyncIterator]()
  }

  /** `which` is a case as the peer knows it. */
  async prepare(which: object): Promise<Record<string, number>> {
    return this.ask({ op: 'prepare', case: which })
  }

  async run(steps: number): Promise<Turn> {
    const { msPerStep = Number.NaN, cpuMsPerStep = Number.NaN } = await this.ask({ op: 'run', steps })
    return { msPerStep, cpuMsPerStep }
  }

  quit(): void {
    this.child.stdin?.end(`${JSON.stringify({ op: 'quit' })}\n`)
  }

  private async ask(message: object): Promise<Record<string, number>> {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`)
    const { value, done } = await this.answers.next()
    if (done) throw new Error('a peer ended before it answered')
    return JSON.parse(value) as Record<string, number>
  }
}
