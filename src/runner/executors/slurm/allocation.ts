import { totalmem } from 'node:os'

/** Bytes that this job may take: what Slurm gave it, at most what the machine (or its container) has. */
export function allocatedBytes(environment: NodeJS.ProcessEnv = process.env): number {
  const constrained = process.constrainedMemory?.() ?? 0
  const machine = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  const { SLURM_MEM_PER_NODE: node, SLURM_MEM_PER_CPU: core, SLURM_CPUS_ON_NODE: cores } = environment
  const mebibytes = Number(node ?? Number(core) * Number(cores))
  // 0: all of the node's.
  return mebibytes > 0 ? Math.min(machine, mebibytes * 2 ** 20) : machine
}
