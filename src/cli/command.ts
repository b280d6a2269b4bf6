import { CommanderError } from '@commander-js/extra-typings'
import { toPlainError } from '../core/errors.js'
import { systemProblem } from '../core/files.js'
import { program } from './program.js'
import { hintForSetting } from './settings-without-set.js'
import { formatError } from './text/errors.js'
import { printable } from './text/printable.js'
import { colorsFor } from './text/terminal.js'

export const usageError = 2

/** Runs a command line, `['check', 'spec.yaml']`; an error is printed. The exit code is `process.exitCode`. */
export async function runCommand(args: readonly string[]): Promise<void> {
  const root = program()
  try {
    await root.parseAsync(args, { from: 'user' })
  } catch (error) {
    const hint = hintForSetting(error, args, root)
    if (hint !== undefined) process.stderr.write(`    hint ${printable(hint)}\n`)
    process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : usageError) : reportError(error)
  }
}

const bugHint = 'This is a bug in seqlab: please report it. SEQLAB_DEBUG=1 shows where it happened.'

/** Prints an error in words, its stack only with SEQLAB_DEBUG=1; the exit code. */
export function reportError(error: unknown): number {
  const plain = toPlainError(systemProblem(error) ?? error)
  const colors = colorsFor(process.stderr)
  const isBug = plain.code === 'internal'
  process.stderr.write(`${formatError(isBug ? { ...plain, hint: bugHint } : plain, colors)}\n`)
  if (process.env.SEQLAB_DEBUG === '1') process.stderr.write(`${colors.dim(stackOf(error))}\n`)
  return plain.code === 'spec' || plain.code === 'data' || plain.code === 'run' ? usageError : 1
}

/** With the stacks of what caused it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
