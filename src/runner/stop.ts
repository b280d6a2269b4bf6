/** How far a stop has been asked for: `save` drains and saves, `kill` ends everything at once. */
export type StopStage = 'none' | 'save' | 'kill'

/** What Ctrl-C feeds: `request` the first time, `kill` the second. */
export interface StopSignal {
  readonly stage: StopStage
  /** Trials stop at their next step and save. */
  request(): void
  /** Hosts are killed at once; what was saved before stays. */
  kill(): void
  /** Calls back at every change from now on; returns how to end that. */
  onChange(listener: (stage: StopStage) => void): () => void
}

export function createStopSignal(): StopSignal {
  let stage: StopStage = 'none'
  const listeners = new Set<(stage: StopStage) => void>()
  const change = (next: StopStage) => {
    if (stage === 'kill' || stage === next) return
    stage = next
    for (const listener of listeners) listener(next)
  }
  return {
    get stage() {
      return stage
    },
    request: () => change('save'),
    kill: () => change('kill'),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
