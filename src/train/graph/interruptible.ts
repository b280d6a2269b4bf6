import type { TrialFunctions } from './trial-functions.js'

/** A stop was requested between two runs of a graph. */
export class StopRequested extends Error {}

/** The same functions, which ask before each run of a pure function and throw StopRequested where that is to stop. */
export function interruptible(functions: TrialFunctions, stopRequested: () => boolean): TrialFunctions {
  return {
    ...functions,
    runPure: (state) => {
      const run = functions.runPure(state)
      return async (...call) => {
        if (stopRequested()) throw new StopRequested()
        return run(...call)
      }
    },
  }
}
