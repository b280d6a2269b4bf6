import { join } from 'node:path'
import { tinyPlan } from '../runner/support/plan.js'
import { childrenOf, compare, type Findings, folder, isTraining, orphans, start, undisturbed } from './harness.js'

/** Point 6: Ctrl-C once drains and saves, twice kills; nobody is left behind, and the next start goes on. */
export async function interrupts(): Promise<Findings> {
  const plan = await tinyPlan('interrupts', { seeds: 3, steps: 40, every: 4 })
  const reference = await undisturbed(plan)
  const problems: string[] = []
  let left = 0
  for (const times of [1, 2]) {
    const outDir = folder('interrupts')
    const coordinator = start({ plan, outDir })
    await coordinator.until(isTraining)
    const hosts = childrenOf(coordinator.pid)
    for (let time = 0; time < times; time++) coordinator.signalGroup('SIGINT')
    const code = await coordinator.ended
    if (code !== 130)
      problems.push(`interrupts: ${times} times: exit code ${code}: ${JSON.stringify(coordinator.reported.at(-1))}`)
    const saved = coordinator.reported.some(({ status }) => status === 'cancelled')
    if (times === 1 && !saved) problems.push('interrupts: once: no trial saved and said so')
    left += await orphans(hosts)
    const again = start({ plan, outDir })
    if ((await again.ended) !== 0)
      problems.push(`interrupts: it did not go on: ${JSON.stringify(again.reported.at(-1))}`)
    problems.push(...compare(`interrupts (${times})`, plan, join(outDir, plan.study), reference))
  }
  if (left > 0) problems.push(`interrupts: ${left} hosts were left behind`)
  return { counts: { interrupts: 2, orphans: left }, problems }
}
