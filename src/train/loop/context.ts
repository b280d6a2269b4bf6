import type { Measured } from '../../core/measured.js'
import type { HostTensor } from '../../core/tensors.js'
import type { Tree } from '../../core/tree.js'
import type { Sampled } from '../../task/evaluate.js'
import type { Costs } from '../selection.js'
import type { AverageLine, TrainState, TrialPorts, ValidationLine } from '../types.js'
import type { Phases } from './phases.js'
import type { StepContext } from './run-step.js'

export interface Validated {
  readonly loss: Measured
  readonly metrics: Readonly<Record<string, Measured>>
  /** What the checkpoint is compared by. */
  readonly costs: Costs
  /** What it gave for the examples that are looked at every time. */
  readonly samples: readonly Sampled[]
}

/** What the training loop needs. */
export interface LoopContext extends StepContext {
  readonly ports: TrialPorts
  readonly phases: Phases
  /** Of the flat vectors as of a state. Throws StopRequested where a stop is requested meanwhile. Undefined where there is nothing to validate on: then the last parameters are the best. */
  readonly validate: ((params: Tree<HostTensor>, state: TrainState) => Promise<Validated>) | undefined
}

/** What a validation needs besides: where what it found goes. */
export interface ValidationContext extends LoopContext {
  onValidated(line: ValidationLine | AverageLine, samples: readonly Sampled[]): void
}
