import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** What decides the last bits of a matrix product. */
export interface Processor {
  readonly model: string
  readonly architecture: string
  readonly platform: string
  /** The widest vector instructions that it has; absent where the system does not tell. */
  readonly instructions?: string
}

/** What computed a trial. */
export interface Machine extends Processor {
  /** Levels of instructions of other machines that computed some of its steps. */
  readonly earlier?: readonly string[]
}

let known: Processor | undefined

/** Of this machine; looked up once. */
export function thisProcessor(): Processor {
  known ??= examined()
  return known
}

/** The level of instructions that a processor computes at, in a word. */
export function levelOf({ instructions, architecture }: Processor): string {
  return instructions ?? architecture
}

function examined(): Processor {
  const instructions = instructionLevel()
  return {
    model: cpus()[0]?.model.trim() || 'unknown processor',
    architecture: process.arch,
    platform: process.platform,
    ...(instructions === undefined ? {} : { instructions }),
  }
}

/** Widest first, as Linux names them. */
const levels = ['avx512f', 'avx2', 'avx', 'sse4_2', 'asimd', 'neon']

function instructionLevel(): string | undefined {
  try {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? ''
    const flags = new Set(line.split(' '))
    return levels.find((level) => flags.has(level))
  } catch {
    // Not Linux.
    return undefined
  }
}
