import { join } from 'node:path'
import { tinyPlan } from '../runner/support/plan.js'
import {
  childrenOf,
  compare,
  duplicates,
  type Findings,
  folder,
  isTraining,
  orphans,
  start,
  undisturbed,
} from './harness.js'

/** Point 3: a host is stopped past its lease and then goes on; what it does late is published by nobody. */
export async function leases(): Promise<Findings> {
  const plan = await tinyPlan('leases', { seeds: 2, steps: 40, every: 4 })
  const reference = await undisturbed(plan)
  const problems: string[] = []
  let late = 0
  let twice = 0
  for (const wakeAt of ['trial-retried', 'trial-finished']) {
    const outDir = folder('leases')
    const limits = { leaseMs: 6000 }
    const coordinator = start({ plan, outDir, limits, spareHosts: true })
    await coordinator.until(isTraining)
    const stopped = childrenOf(coordinator.pid)
    for (const { pid } of stopped) process.kill(pid, 'SIGSTOP')
    await coordinator.until(({ kind }) => kind === wakeAt)
    for (const { pid } of stopped) process.kill(pid, 'SIGCONT')
    const code = await coordinator.ended
    const directory = join(outDir, plan.study)
    late += coordinator.reported.filter(({ kind, what }) => kind === 'late' && what === 'ended').length
    twice += duplicates(directory)
    if (code !== 0) problems.push(`leases: exit code ${code}: ${JSON.stringify(coordinator.reported.filter(isTold))}`)
    if (stopped.length === 0) problems.push('leases: there was no host to stop')
    problems.push(...compare(`leases (woken at ${wakeAt})`, plan, directory, reference))
    if ((await orphans(stopped)) > 0) problems.push('leases: a host outlived its coordinator')
  }
  if (late === 0) problems.push('leases: no attempt ended late, so nothing was proved')
  if (twice > 0) problems.push(`leases: ${twice} trials were published twice`)
  return { counts: { 'hosts stopped past their lease': 2, 'late results ignored': late, duplicates: twice }, problems }
}

/** What explains how a run ended. */
function isTold({ kind }: { readonly kind: string }): boolean {
  return ['trial-retried', 'trial-finished', 'outcome'].includes(kind)
}
