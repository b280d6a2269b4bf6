import { levelOf, type Machine, type Processor, thisProcessor } from '../../core/machine.js'

interface MachineOf {
  readonly machine: Machine
  /** Of everything that this attempt's checkpoints will be computed by. */
  readonly levels: readonly string[]
  readonly warning?: string
}

/**
 * This machine, and those of another level of instructions that a checkpoint comes from: their last bits of a matrix product may
 * differ, so that going on there is never silent.
 */
export function machineOf(before: readonly string[], processor: Processor = thisProcessor()): MachineOf {
  const level = levelOf(processor)
  const earlier = before.filter((other) => other !== level)
  const levels = [...before.filter((other) => other !== level), level]
  if (earlier.length === 0) return { machine: processor, levels }
  const warning = `goes on with ${level} from a checkpoint that was computed with ${earlier.join(' and ')}: its last digits may be others than those of one machine (\`constraint\` in the profile of a cluster keeps to one kind)`
  return { machine: { ...processor, earlier }, levels, warning }
}
