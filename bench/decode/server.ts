import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A program that answers lines of JSON, each with one. */
export interface Server {
  ask(line: object): Promise<Readonly<Record<string, unknown>>>
  /** The next line that it writes without being asked. */
  read(): Promise<Readonly<Record<string, unknown>>>
  close(): void
}

export function startServer(command: string, given: readonly string[], quiet = false): Server {
  const env = { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
  const child = spawn(command, given, { stdio: ['pipe', 'pipe', quiet ? 'ignore' : 'inherit'], env })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const read = async () => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${given[0]} ended`)
    return JSON.parse(value)
  }
  return {
    read,
    ask: async (line) => {
      if (!child.stdin.write(`${JSON.stringify(line)}\n`)) await once(child.stdin, 'drain')
      return read()
    },
    close: () => child.stdin.end(),
  }
}
