import { packageRoot } from '../../../src/core/package.js'
import type { Plan } from '../../../src/spec/types.js'
import { bundleCoordinator, type Findings, undisturbed } from '../../faults/harness.js'
import { type Shape, tinyPlan } from '../../runner/support/plan.js'
import { withoutSlurm } from '../slurm.js'
import { slurmEvents } from './events.js'
import { bundleSlurm } from './harness.js'
import { disturbed } from './world.js'

/** What to do to how many studies: an event's name, and the seed of its moments. */
export interface Drawn {
  readonly name: string
  readonly seed: number
}

/** Does these things to studies of six trials on Slurm; two side by side, and none begins that is not `inTime`. */
export async function slurmSection(drawn: readonly Drawn[], inTime: () => boolean): Promise<Findings> {
  if (withoutSlurm !== undefined) {
    console.log(`Left out: events on Slurm: ${withoutSlurm}`)
    return { counts: { 'events on Slurm': 0 }, problems: [] }
  }
  await bundleCoordinator(packageRoot)
  await bundleSlurm()
  const search = { type: 'beam', width: 2 }
  const shape = { seeds: 3, steps: 80, every: 20, hidden: [4, 6], decodes: [undefined, search] }
  const plan = await tinyPlan('six', shape)
  const reference = await undisturbed(plan)
  const waiting = [...drawn]
  let done = 0
  const problems: string[] = []
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (!inTime()) {
        console.log(`not begun for lack of time: Slurm: ${next.name}`)
        continue
      }
      done++
      const began = performance.now()
      const event = slurmEvents[next.name]
      if (event === undefined) throw new RangeError(`There is no event ${next.name}`)
      const [own, ownReference] = event.plan === undefined ? [plan, reference] : await ownPlan(event.plan)
      const found = await disturbed(next.name, own, ownReference, next.seed, event.disturb, event.shape)
      problems.push(...found)
      const seconds = ((performance.now() - began) / 1000).toFixed(0)
      console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} Slurm: ${next.name}, seed ${next.seed} (${seconds} s)`)
      for (const problem of found) console.log(`     ${problem}`)
    }
  }
  await Promise.all([lane(), lane()])
  return { counts: { 'events on Slurm': done, 'trials on Slurm': 6 * done }, problems }
}

async function ownPlan(shape: Shape): Promise<[Plan, string]> {
  const plan = await tinyPlan('own', shape)
  return [plan, await undisturbed(plan)]
}
