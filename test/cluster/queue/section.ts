import { packageRoot } from '../../../src/core/package.js'
import { bundleCoordinator, type Findings, undisturbed } from '../../faults/harness.js'
import { tinyPlan } from '../../runner/support/plan.js'
import { withoutRedis } from '../redis.js'
import { queueEvents } from './events.js'
import { bundleCluster } from './harness.js'
import { disturbed } from './world.js'

/** Events to a study of six trials over Redis, each `repeats` times with seeds from `seed` on; two side by side, and none begins that is not `inTime`. */
export async function queueSection(
  names: readonly string[],
  repeats: number,
  seed: number,
  inTime: () => boolean,
): Promise<Findings> {
  if (withoutRedis !== undefined)
    return { counts: { 'events over Redis (left out: redis-server is missing)': 0 }, problems: [] }
  await bundleCoordinator(packageRoot)
  await bundleCluster()
  const search = { type: 'beam', width: 2 }
  const shape = { seeds: 3, steps: 80, every: 20, hidden: [4, 6], decodes: [undefined, search] }
  const plan = await tinyPlan('six', shape)
  const reference = await undisturbed(plan)
  const waiting = names.flatMap((name) => Array.from({ length: repeats }, (_, at) => ({ name, seed: seed + at })))
  const problems: string[] = []
  let done = 0
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (!inTime()) {
        console.log(`not begun for lack of time: ${next.name}`)
        continue
      }
      done++
      const began = performance.now()
      const event = queueEvents[next.name]
      if (event === undefined) throw new RangeError(`There is no event ${next.name}`)
      const found = await disturbed(next.name, plan, reference, next.seed, event)
      problems.push(...found)
      const seconds = ((performance.now() - began) / 1000).toFixed(0)
      console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${next.name}, seed ${next.seed} (${seconds} s)`)
      for (const problem of found) console.log(`     ${problem}`)
    }
  }
  await Promise.all([lane(), lane()])
  return {
    counts: {
      'events over Redis': done,
      'of them with problems': new Set(problems.map((text) => text.split(':')[0])).size,
    },
    problems,
  }
}
