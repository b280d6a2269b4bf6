import { tinyPlan } from '../runner/support/plan.js'
import { compare, type Findings, undisturbed } from './harness.js'

/** Point 8: at 1, 2 and 4 workers, in threads or in processes, on the compiled engine: the same bytes. */
export async function workers(): Promise<Findings> {
  const plan = await tinyPlan('workers', { seeds: 3, steps: 10, every: 5, hidden: [4, 6] })
  const reference = await undisturbed(plan, { workers: 1, engine: 'compiled' })
  const problems: string[] = []
  let ways = 1
  for (const isolation of ['thread', 'process'] as const) {
    for (const count of [1, 2, 4]) {
      if (isolation === 'thread' && count === 1) continue
      const directory = await undisturbed(plan, { workers: count, isolation, engine: 'compiled' })
      problems.push(...compare(`workers (${count}, ${isolation})`, plan, directory, reference))
      ways += 1
    }
  }
  return { counts: { 'ways to run one sweep': ways }, problems }
}
