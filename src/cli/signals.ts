import { createStopSignal, type StopSignal } from '../runner/stop.js'

export interface Signals {
  readonly stop: StopSignal
  /** Removes the signal handlers. */
  release(): void
}

/** The first Ctrl-C (or SIGTERM) requests a stop and calls `onFirst`; the second one terminates at once. */
export function stopOnSignals(onFirst: () => void): Signals {
  const stop = createStopSignal()
  const handle = () => {
    if (stop.stage !== 'none') return stop.kill()
    stop.request()
    onFirst()
  }
  process.on('SIGINT', handle).on('SIGTERM', handle)
  const release = () => process.off('SIGINT', handle).off('SIGTERM', handle)
  return { stop, release }
}

/** How commands end that have nothing to save: predict, score, evaluate, try. */
export interface Ending {
  /** Whether the end was asked for: nothing more is printed. */
  readonly asked: boolean
  /** From now on the command goes on to its end, a few moments away: what it writes is whole or not there. */
  finish(): void
  /** Removes the signal handlers. */
  release(): void
}

const interrupted = 130

/**
 * The first Ctrl-C (or SIGTERM) says so on stderr and ends the process with code 130 as soon as stdout has taken what was
 * printed, so that lines stay whole; the second one ends it at once.
 */
export function endOnSignals(sentence: string): Ending {
  let [asked, finishing] = [false, false]
  const handle = () => {
    if (asked) process.exit(interrupted)
    asked = true
    process.exitCode = interrupted
    if (finishing) return
    process.stderr.write(`${sentence}\n`)
    // Called back when all before it is written, or stdout takes nothing more.
    process.stdout.write('', () => process.exit(interrupted))
  }
  process.on('SIGINT', handle).on('SIGTERM', handle)
  return {
    get asked() {
      return asked
    },
    finish: () => {
      finishing = true
    },
    release: () => void process.off('SIGINT', handle).off('SIGTERM', handle),
  }
}
