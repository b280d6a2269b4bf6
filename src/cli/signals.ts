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
