// Coordinators on a Slurm of their own, as real processes.
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import type { Failpoint } from '../../../src/core/failpoints.js'
import { builtRoot, packageRoot } from '../../../src/core/package.js'
import type { RunOptions } from '../../../src/runner/events.js'
import type { SlurmSettings } from '../../../src/runner/executors/slurm/settings.js'
import type { Limits } from '../../../src/runner/limits.js'
import type { Plan } from '../../../src/spec/types.js'
import { type Coordinator, watch } from '../../faults/harness.js'
import { runOptions } from '../../runner/support/plan.js'
import type { SlurmCluster } from '../slurm.js'

/** Short waits, so that a test need not take a minute for each. */
const quickSlurm: SlurmSettings = {
  asked: {},
  timeMs: 60 * 60_000,
  leadMs: 120_000,
  memoryBytes: undefined,
  cores: 1,
  pack: 1,
  atOnce: undefined,
  pollMs: 1000,
  graceMs: 4000,
  setup: [],
}

const program = join(builtRoot, 'cluster-slurm')

/** What the processes import, as files that start at once. */
export async function bundleSlurm(): Promise<void> {
  const bundle = await rolldown({
    input: {
      'run-plan': join(packageRoot, 'src/runner/coordinator/run-plan.ts'),
      stop: join(packageRoot, 'src/runner/stop.ts'),
      executor: join(packageRoot, 'src/runner/executors/slurm/executor.ts'),
    },
    platform: 'node',
    external: [/^node:/, 'piscina', 'onnxruntime-node', 'bullmq', 'ioredis'],
    checks: { ineffectiveDynamicImport: false },
  })
  await bundle.write({ dir: program, format: 'esm' })
}

export interface SlurmStart {
  readonly cluster: SlurmCluster
  readonly plan: Plan
  readonly outDir: string
  /** `local`: without the cluster. */
  readonly slurm?: Partial<SlurmSettings> | 'local'
  readonly options?: Partial<RunOptions>
  readonly limits?: Partial<Limits>
  readonly failpoints?: readonly Failpoint[]
  readonly environment?: Readonly<Record<string, string>>
  /** Words before `node`: faketime, say. */
  readonly before?: readonly string[]
}

export function startCoordinator(start: SlurmStart): Coordinator {
  const { cluster, plan, outDir, options, limits = {}, slurm = {}, environment, failpoints = [], before = [] } = start
  const job = join(mkdtempSync(join(tmpdir(), 'slurm-job-')), 'job.json')
  const settings = slurm === 'local' ? {} : { slurm: { ...quickSlurm, ...slurm } }
  writeFileSync(job, JSON.stringify({ program, plan, options: runOptions(outDir, options), limits, ...settings }))
  const [command = '', ...args] = [...before, process.execPath, join(import.meta.dirname, 'coordinate.mjs'), job]
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...cluster.environment,
      ...environment,
      SEQLAB_FAILPOINT: JSON.stringify(failpoints),
    },
  })
  return watch(child)
}
