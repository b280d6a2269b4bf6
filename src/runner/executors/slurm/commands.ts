// Slurm's own commands, as processes: their text is what is read, under an environment in which the user's variables change
// none of it.
import { spawn } from 'node:child_process'

export interface Answer {
  /** Exit code; undefined where it was ended by a signal or took too long. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** There is no such command here. */
  readonly missing: boolean
}

export interface CommandOptions {
  /** Where stdout goes, so that an answer outlives this process; by default it is in the result. */
  readonly stdout?: number
}

const timeoutMs = 120_000
const longestText = 64 << 20

/** Runs one of Slurm's commands. It is not ended with this process: a submission that has begun is finished. */
export function slurmCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
      env: slurmEnvironment(process.env),
      detached: true,
    })
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (piece: string) => {
        if (texts[name].length < longestText) texts[name] += piece
      })
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    const finish = (code: number | undefined, missing: boolean) => {
      clearTimeout(timer)
      resolve({ code, ...texts, missing })
    }
    child.on('error', (error) => {
      texts.stderr ||= error.message
      finish(undefined, 'code' in error && error.code === 'ENOENT')
    })
    child.on('close', (code) => finish(code ?? undefined, false))
  })
}

/** SQUEUE_FORMAT, SQUEUE_STATES, SCANCEL_INTERACTIVE and the like would change what commands do, SBATCH_ARRAY_INX what is submitted. */
function slurmEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) =>
      !/^(SQUEUE_|SCANCEL_|SBATCH_(ARRAY|JOB_NAME|SIGNAL|REQUEUE|NO_REQUEUE|WAIT|DEPENDENCY|OUTPUT|ERROR))/.test(name),
  )
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}

/** What a command said, in one line: without the name that it puts before each of its own. */
export function wordsOf({ stderr, stdout }: Pick<Answer, 'stdout' | 'stderr'>): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n').map((line) => line.replace(/^\w+: (error: )?/, '').trim())
  return lines.filter((line) => line !== '').join('; ')
}
