import type { CompileListener } from '../graph/executables.js'
import type { TrialEvent, TrialPhase } from '../types.js'

/** Reports the phases of a trial. A compilation interrupts a phase, which is reported again after it. */
export interface Phases {
  enter(phase: TrialPhase): void
  readonly onCompile: CompileListener
}

export function reportPhases(emit: (event: TrialEvent) => void): Phases {
  let current: TrialPhase | undefined
  let compiling = 0
  const report = (phase: TrialPhase) => emit({ kind: 'phase', phase })
  return {
    enter: (phase) => {
      current = phase
      if (compiling === 0) report(phase)
    },
    onCompile: (state) => {
      compiling += state === 'started' ? 1 : -1
      if (state === 'started' && compiling === 1) report('compile')
      if (state === 'ended' && compiling === 0 && current !== undefined) report(current)
    },
  }
}
