import type { Plan } from '../../spec/types.js'
import { diskProblem, openStudy } from '../../store/index.js'
import type { RunEvent, RunOptions, RunOutcome } from '../events.js'
import type { StopSignal } from '../stop.js'
import { versions } from '../versions.js'
import type { RunPorts } from './ports.js'
import { Run } from './run.js'
import { tolerate } from './tolerate.js'

/**
 * Runs a plan's trials, and publishes each exactly once under `<outDir>/<study>/<trial id>/`. What is finished already
 * is kept, unfinished trials continue from their checkpoints. Throws SeqlabError 'run' when the directory is in use, was
 * created by a different plan or version, or cannot be written; an error of `listener` ends nothing.
 */
export async function runPlan(
  plan: Plan,
  options: RunOptions,
  listener: (event: RunEvent) => void,
  stop: StopSignal,
  ports: RunPorts = {},
): Promise<RunOutcome> {
  const onEvent = tolerate(listener)
  try {
    const study = await openStudy(plan, versions(), options, (message) => onEvent({ kind: 'warning', message }))
    try {
      return await new Run(study, plan, options, onEvent, stop, ports).go()
    } finally {
      study.close()
    }
  } catch (error) {
    throw diskProblem(error) ?? error
  }
}
