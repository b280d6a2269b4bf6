import { createStopSignal, type StopSignal } from '../runner/stop.js'

export interface Signals {
  readonly stop: StopSignal
  /** Gives the signals back to Node. */
  release(): void
}

/** Ctrl-C (or SIGTERM) once asks for a stop, and calls `onFirst`; twice ends everything at once. */
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
