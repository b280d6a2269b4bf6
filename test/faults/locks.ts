import { join } from 'node:path'
import { tinyPlan } from '../runner/support/plan.js'
import { compare, type Findings, folder, start, undisturbed } from './harness.js'

/** Point 4: of two coordinators on one directory the second is refused; a dead one's lock is taken over. */
export async function locks(): Promise<Findings> {
  const plan = await tinyPlan('locks', { seeds: 2, steps: 40, every: 10 })
  const reference = await undisturbed(plan)
  const outDir = folder('locks')
  const problems: string[] = []
  const first = start({ plan, outDir })
  await first.until(({ kind }) => kind === 'trial-started')
  const second = start({ plan, outDir })
  const code = await second.ended
  const refusal = String(second.reported.find(({ kind }) => kind === 'error')?.message)
  if (code !== 3 || !refusal.includes(`in use by process ${first.pid}`)) {
    problems.push(`locks: the second coordinator ended with ${code}: ${refusal}`)
  }
  first.signal('SIGKILL')
  await first.ended
  const third = start({ plan, outDir })
  if ((await third.ended) !== 0)
    problems.push(`locks: a stale lock was not taken over: ${JSON.stringify(third.reported.at(-1))}`)
  if (!third.reported.some(({ message }) => String(message).includes('was taken over'))) {
    problems.push('locks: nothing was said about the stale lock')
  }
  problems.push(...compare('locks', plan, join(outDir, plan.study), reference))
  return { counts: { 'second coordinators refused': 1, 'stale locks taken over': 1 }, problems }
}
