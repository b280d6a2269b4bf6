import type { SlurmOptions } from '../../../spec/cluster/options.js'
import { durationMs, sizeBytes } from '../../../spec/cluster/units.js'

/** A profile in numbers, and what only tests set. */
export interface SlurmSettings {
  /** Options of `sbatch` by name: partition, account, ... */
  readonly asked: Readonly<Record<string, string>>
  readonly timeMs: number
  /** From the signal that a job is asked to save with until its time limit. */
  readonly leadMs: number
  readonly memoryBytes: number | undefined
  readonly cores: number
  readonly pack: number | 'auto'
  readonly atOnce: number | undefined
  readonly pollMs: number
  readonly graceMs: number
  readonly setup: readonly string[]
}

export function slurmSettings(options: SlurmOptions): SlurmSettings {
  const { partition, account, qos, constraint, memory, atOnce } = options
  const asked = Object.entries({ partition, account, qos, constraint })
  return {
    asked: Object.fromEntries(asked.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    timeMs: durationMs(options.time),
    leadMs: durationMs(options.lead),
    memoryBytes: memory === undefined ? undefined : sizeBytes(memory),
    cores: options.cores,
    pack: options.pack,
    atOnce,
    pollMs: durationMs(options.poll),
    graceMs: durationMs(options.grace),
    setup: options.setup,
  }
}
