import { once } from 'node:events'
import { createReadStream, statSync } from 'node:fs'
import { SeqlabError } from '../core/errors.js'
import { systemReason } from '../core/system-errors.js'
import type { Ending } from './signals.js'
import { formatError } from './text/errors.js'
import { colorsFor } from './text/terminal.js'

/**
 * What cannot be printed ends no command: a pipe that its reader closed (`seqlab list | head -1`) is no error; a stdout
 * that takes nothing more is reported once, and the command's exit code is 2 where it would be 0.
 */
export function tolerateLostOutput(usageError: number): void {
  let lost = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || lost) return
    lost = true
    const why = systemReason(error) ?? (error.message || 'it takes no output')
    const hint = 'Send the output to another place; what the command wrote to files is complete.'
    process.stderr.write(
      `${formatError({ code: 'run', message: `Cannot write to stdout: ${why}`, problems: [], hint }, colorsFor(process.stderr))}\n`,
    )
  })
  // Where errors go to a place that is gone, nobody can be told.
  process.stderr.on('error', () => {})
  process.on('exit', (code) => {
    if (lost && code === 0) process.exitCode = usageError
  })
}

/** The bytes of a file, or of standard input (`-`); on a terminal `hint` says what to type. Throws SeqlabError 'run' for a folder. */
export function input(
  file: string,
  hint = 'Type a source and Enter for each output; Ctrl-D ends.',
): AsyncIterable<Uint8Array> {
  if (file !== '-') {
    // A stream's error does not name it.
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
      throw new SeqlabError('run', `Cannot read ${file}: it is a folder`, { hint: 'Name a file in it.' })
    return createReadStream(file)
  }
  if (process.stdin.isTTY) process.stderr.write(`${hint}\n`)
  return process.stdin
}

/**
 * Writes to standard output as fast as it takes text; gives whether it still does: a closed pipe is no error. Nothing is
 * written any more once the command's end was asked for.
 */
export function printer(ending: Pick<Ending, 'asked'>): (text: string) => Promise<boolean> {
  let lost = false
  process.stdout.on('error', () => {
    lost = true
  })
  return async (text) => {
    if (ending.asked) return false
    if (!lost && text !== '' && !process.stdout.write(text))
      await once(process.stdout, 'drain').catch(() => {
        lost = true
      })
    return !lost
  }
}
