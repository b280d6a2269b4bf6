#!/usr/bin/env node
import { CommanderError } from '@commander-js/extra-typings'
import { toPlainError } from '../core/errors.js'
import { program } from './program.js'
import { formatError } from './text/errors.js'
import { colorsFor } from './text/terminal.js'

const usageError = 2

async function main(): Promise<void> {
  try {
    await program().parseAsync()
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : usageError) : report(error)
  }
}

/** Prints an error; the stack only of bugs of seqlab itself. */
function report(error: unknown): number {
  const plain = toPlainError(error)
  const colors = colorsFor(process.stderr)
  process.stderr.write(`${formatError(plain, colors)}\n`)
  if (plain.code === 'internal' && plain.stack !== undefined) process.stderr.write(`${colors.dim(plain.stack)}\n`)
  return plain.code === 'spec' || plain.code === 'data' || plain.code === 'run' ? usageError : 1
}

/** `seqlab schema | head`: a closed pipe is no error. */
function tolerateClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}

tolerateClosedPipe()
await main()
