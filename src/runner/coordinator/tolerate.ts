import { toPlainError } from '../../core/errors.js'
import type { RunEvent } from '../events.js'

/** A listener whose errors end nothing: what shows a run is optional, its results are not. The first error is a warning. */
export function tolerate(listener: (event: RunEvent) => void): (event: RunEvent) => void {
  let failed = false
  return (event) => {
    try {
      listener(event)
    } catch (error) {
      if (failed) return
      failed = true
      const message = `An event of the run could not be shown: ${toPlainError(error).message}`
      // The listener that failed is the only one there is.
      tryTo(() => listener({ kind: 'warning', message }))
    }
  }
}

function tryTo(work: () => void): void {
  try {
    work()
  } catch {
    // It was told once.
  }
}
