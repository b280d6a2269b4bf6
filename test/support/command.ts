import type { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { runCommand } from '../../src/cli/command.js'

/** What a command line printed, and its exit code. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Given {
  readonly cwd?: string
  /** Standard input. */
  readonly input?: string | Buffer
}

let running: readonly string[] | undefined

/**
 * Runs a command line in this process, from the sources: the same streams, folder and exit code as in a process of its own,
 * whose start costs more than most commands do. For what a command reads, does and prints; how the built program starts,
 * takes signals and loses its pipes is shown by processes.
 */
export async function command(args: readonly string[], { cwd = '.', input = '' }: Given = {}): Promise<Ran> {
  // Streams and the working folder belong to the process.
  if (running !== undefined) throw new Error(`${args.join(' ')}: ${running.join(' ')} has not ended`)
  running = args
  const own = { argv: process.argv, cwd: process.cwd(), exitCode: process.exitCode, noColor: process.env.NO_COLOR }
  const [stdout, stderr] = [taken(process.stdout), taken(process.stderr)]
  const restores = [
    keepListeners(process, 'SIGINT'),
    keepListeners(process, 'SIGTERM'),
    replaceInput(input),
    stdout.restore,
    stderr.restore,
  ]
  process.argv = [process.execPath, resolve('dist/cli/main.js'), ...args]
  process.exitCode = undefined
  process.env.NO_COLOR = '1'
  process.chdir(cwd)
  try {
    await runCommand(args)
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    process.chdir(own.cwd)
    process.argv = own.argv
    process.exitCode = own.exitCode
    if (own.noColor === undefined) delete process.env.NO_COLOR
    else process.env.NO_COLOR = own.noColor
    for (const restore of restores) restore()
    running = undefined
  }
}

/** Takes what is written to a stream until it is restored, with the listeners that it had. */
function taken(stream: NodeJS.WriteStream) {
  const chunks: Buffer[] = []
  const { write, isTTY } = stream
  const restoreListeners = keepListeners(stream, 'error')
  const take = (chunk: string | Uint8Array, ...more: readonly unknown[]): boolean => {
    chunks.push(Buffer.from(chunk))
    const done = more.at(-1)
    if (typeof done === 'function') queueMicrotask(() => done())
    return true
  }
  stream.write = take
  stream.isTTY = false
  const restore = () => {
    stream.write = write
    stream.isTTY = isTTY
    restoreListeners()
  }
  return { text: () => Buffer.concat(chunks).toString(), restore }
}

/** A command may leave the removal of its listeners to the end of its process; gives what removes those that came since. */
function keepListeners(emitter: EventEmitter, event: string): () => void {
  const before = new Set(emitter.listeners(event))
  return () => {
    for (const listener of emitter.listeners(event))
      if (!before.has(listener)) emitter.off(event, listener as () => void)
  }
}

function replaceInput(input: string | Buffer): () => void {
  const own = Object.getOwnPropertyDescriptor(process, 'stdin')
  const bytes = Buffer.from(input)
  const value = Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false })
  Object.defineProperty(process, 'stdin', { configurable: true, value })
  return () => {
    if (own !== undefined) Object.defineProperty(process, 'stdin', own)
  }
}
