import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Failpoint } from '../../src/core/failpoints.js'
import type { Limits } from '../../src/runner/limits.js'
import { tinyPlan } from '../runner/support/plan.js'
import {
  childrenOf,
  compare,
  duplicates,
  type Findings,
  folder,
  isTraining,
  results,
  type Start,
  start,
  undisturbed,
} from './harness.js'

interface Fault {
  readonly name: string
  readonly point?: Omit<Failpoint, 'at' | 'trial'>
  readonly limits?: Partial<Limits>
  readonly environment?: Readonly<Record<string, string>>
  /** The trial ends in a failed record, the others are completed. */
  readonly fatal?: boolean
  /** It is not tried again: the fault is its own. Where that shows only when it runs alone, it depends on its neighbours. */
  readonly own?: boolean | 'when alone'
}

/** Point 2: what can befall a host or a thread. Only the trials it concerns are affected, and they finish. */
export async function hosts(): Promise<Findings> {
  const plan = await tinyPlan('hosts', { seeds: 3, steps: 12, every: 4 })
  const reference = await undisturbed(plan)
  const first = plan.trials[0]?.id ?? ''
  const problems: string[] = []
  const { faults, skipped } = await allFaults()
  let twice = 0
  for (const { name, point, limits, environment, fatal, own } of faults) {
    const outDir = folder('hosts')
    const failpoints: Failpoint[] = point === undefined ? [] : [{ at: 'step', trial: first, ...point }]
    const settings: Start = { plan, outDir, failpoints, ...(limits && { limits }), ...(environment && { environment }) }
    const coordinator = start(settings)
    if (point === undefined) {
      await coordinator.until(isTraining)
      for (const { pid } of childrenOf(coordinator.pid)) process.kill(pid, 'SIGKILL')
    }
    const code = await coordinator.ended
    const directory = join(outDir, plan.study)
    const retried = coordinator.reported.some(({ kind, trialId }) => kind === 'trial-retried' && trialId === first)
    if (code !== (fatal ? 1 : 0))
      problems.push(`hosts: ${name}: exit code ${code}: ${JSON.stringify(coordinator.reported.at(-1))}`)
    if (own !== 'when alone' && retried === (own ?? false))
      problems.push(`hosts: ${name}: ${retried ? 'tried again' : 'not tried again'}`)
    if (fatal) problems.push(...(await failedAlone(name, directory, first)))
    else problems.push(...compare(`hosts: ${name}`, plan, directory, reference))
    twice += duplicates(directory)
  }
  if (twice > 0) problems.push(`hosts: ${twice} trials were published twice`)
  return { counts: { 'host and thread faults': faults.length, skipped, duplicates: twice }, problems }
}

async function failedAlone(name: string, directory: string, id: string): Promise<string[]> {
  const { records, problems } = await results(directory)
  const wrong = records.filter(({ status, trialId }) => (status === 'failed') !== (trialId === id))
  const reasonless = records.some(({ status, error }) => status === 'failed' && error?.message === undefined)
  return [
    ...problems,
    ...wrong.map(() => `hosts: ${name}: another trial failed`),
    ...(reasonless ? [`${name}: no reason`] : []),
  ]
}

async function allFaults(): Promise<{ faults: readonly Fault[]; skipped: number }> {
  const once = { attempt: 1, step: 6 }
  const libraries = nativeLibraries()
  const native: readonly Fault[] =
    libraries === undefined
      ? []
      : [
          { name: 'a real segmentation fault', point: { ...once, do: 'load', library: libraries.crash } },
          { name: 'an abort in native code', point: { ...once, do: 'load', library: libraries.abort } },
          {
            name: 'hanging in native code',
            point: { ...once, do: 'load', library: libraries.hang },
            limits: { noProgressMs: 6000 },
          },
        ]
  const faults: readonly Fault[] = [
    { name: 'SIGKILL of the host' },
    { name: 'an abort', point: { ...once, do: 'abort' } },
    { name: 'hanging', point: { ...once, do: 'hang' }, limits: { noProgressMs: 6000 } },
    { name: 'process.exit in the thread', point: { ...once, do: 'exit' } },
    { name: 'a late rejection', point: { ...once, do: 'reject-late' } },
    {
      name: 'out of memory in the thread',
      point: { ...once, do: 'out-of-memory' },
      environment: { NODE_OPTIONS: '--max-old-space-size=150' },
    },
    {
      name: 'more memory than a host may take',
      point: { step: 6, do: 'out-of-memory' },
      limits: { hostBytes: 600 * 2 ** 20 },
      environment: { NODE_OPTIONS: '--max-old-space-size=3000' },
      fatal: true,
      own: 'when alone',
    },
    { name: 'throwing', point: { step: 6, do: 'throw' }, fatal: true, own: true },
    { name: 'aborting at every attempt', point: { step: 2, do: 'abort' }, fatal: true },
    { name: 'a time limit', point: { step: 6, do: 'hang' }, limits: { trialMs: 15_000 }, fatal: true, own: true },
    ...native,
  ]
  return { faults, skipped: libraries === undefined ? 3 : 0 }
}

/** Libraries whose start-up code crashes, aborts or never returns; undefined where there is no C compiler. */
function nativeLibraries(): { readonly crash: string; readonly abort: string; readonly hang: string } | undefined {
  const directory = folder('native')
  const compile = (name: string, body: string): string => {
    const source = join(directory, `${name}.c`)
    writeFileSync(
      source,
      `#include <stdlib.h>\n#include <unistd.h>\n__attribute__((constructor)) static void start(void) { ${body} }\n`,
    )
    const library = join(directory, `${name}.node`)
    execFileSync('cc', ['-shared', '-fPIC', '-O0', '-o', library, source], { stdio: 'ignore' })
    return library
  }
  try {
    return {
      crash: compile('crash', '*(volatile int *)0 = 1;'),
      abort: compile('abort', 'abort();'),
      hang: compile('hang', 'for (;;) pause();'),
    }
  } catch {
    return undefined
  }
}
