import { join } from 'node:path'
import { builtRoot } from '../../../core/package.js'
import { shellLine } from '../../../core/shell.js'
import { elementPath } from '../../../store/index.js'
import { saveSignal } from './queue.js'
import type { SlurmSettings } from './settings.js'

/**
 * The script of a batch's jobs: what the profile sets up, then the agent in the shell's own process, so that signals for the
 * job reach it. Where something is set up, that decides which Node computes; a login shell knows `module`.
 */
export function jobScript(directory: string, { setup }: Pick<SlurmSettings, 'setup'>): string {
  const node = setup.length === 0 ? process.execPath : 'node'
  const agent = shellLine([node, join(builtRoot, 'runner', 'executors', 'slurm', 'agent.js'), directory])
  const lines = setup.length === 0 ? ['#!/bin/bash'] : ['#!/bin/bash -l', 'set -e', ...setup]
  return [...lines, `exec ${agent}`, ''].join('\n')
}

/** Arguments of `sbatch` for an array of so many jobs. */
export function submitArgs(
  {
    name,
    directory,
    jobs,
    study,
  }: { readonly name: string; readonly directory: string; readonly jobs: number; readonly study: string },
  settings: SlurmSettings,
  script: string,
): readonly string[] {
  const { asked, timeMs, leadMs, memoryBytes, cores, atOnce } = settings
  const throttle = atOnce === undefined ? '' : `%${atOnce}`
  return [
    '--parsable',
    `--job-name=${name}`,
    `--comment=seqlab ${study}`,
    `--array=0-${jobs - 1}${throttle}`,
    // An attempt is computed once: the coordinator sends a new one.
    '--no-requeue',
    `--signal=B:${saveSignal}@${Math.round(leadMs / 1000)}`,
    `--time=${Math.ceil(timeMs / 60_000)}`,
    ...['--nodes=1', '--ntasks=1', `--cpus-per-task=${cores}`],
    ...(memoryBytes === undefined ? [] : [`--mem=${Math.ceil(memoryBytes / 2 ** 20)}M`]),
    ...Object.entries(asked).map(([option, value]) => `--${option}=${value}`),
    ...[`--output=${logPattern(directory)}`, '--open-mode=append', '--export=ALL', `--chdir=${process.cwd()}`],
    script,
  ]
}

/** `%a` is a job's index in the array. */
function logPattern(directory: string): string {
  return elementPath(directory, 0, 'log').replace(/0(?=\.log$)/, '%a')
}
