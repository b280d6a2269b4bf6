import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FailpointName } from '../../src/core/failpoints.js'
import { fromSeed } from '../../src/core/random.js'
import type { Plan } from '../../src/spec/types.js'
import { tinyPlan } from '../runner/support/plan.js'
import { childrenOf, compare, duplicates, type Findings, folder, orphans, start, undisturbed } from './harness.js'

const failpoints: readonly FailpointName[] = [
  'before-publish-line',
  'after-publish-line',
  'between-renames',
  'after-publish',
  'before-evaluated-line',
  'after-evaluated-line',
]

/**
 * Point 1: the coordinator is killed at random instants and at each failpoint, and started again until all is done: at least
 * `wanted` times, and until it was killed at every failpoint.
 */
export async function kills(wanted: number): Promise<Findings> {
  const decodes = ['greedy', { type: 'beam', width: 2 }]
  const plan = await tinyPlan('kills', { seeds: 4, steps: 24, every: 4, hidden: [4, 6], decodes })
  const began = performance.now()
  const reference = await undisturbed(plan)
  const longestMs = 0.8 * (performance.now() - began)
  const random = fromSeed(6)
  const totals = { kills: 0, studies: 0, orphans: 0, duplicates: 0, blows: 0 }
  const reached = new Set<FailpointName>()
  const problems: string[] = []
  const lane = async (workers: number) => {
    while (totals.kills < wanted || (reached.size < failpoints.length && totals.kills < 3 * wanted))
      await oneStudy(workers)
  }
  const oneStudy = async (workers: number) => {
    const study = await killUntilDone(plan, workers, () => {
      // Every third blow is at a failpoint, one after the other, whichever study it falls on.
      const blow = totals.blows++
      const at = blow % 3 === 2 ? failpoints[Math.floor(blow / 3) % failpoints.length] : undefined
      return { afterMs: random.uniform() * longestMs, ...(at === undefined ? {} : { at }) }
    })
    totals.studies += 1
    totals.kills += study.kills
    totals.orphans += study.orphans
    totals.duplicates += duplicates(study.directory)
    for (const at of study.reached) reached.add(at)
    problems.push(...study.problems, ...compare('kills', plan, study.directory, reference))
  }
  await Promise.all([lane(1), lane(2)])
  const lost = problems.filter((problem) => problem.endsWith('is lost')).length
  if (totals.duplicates > 0) problems.push(`kills: ${totals.duplicates} trials were published twice`)
  if (totals.orphans > 0) problems.push(`kills: ${totals.orphans} hosts outlived their coordinator`)
  for (const at of failpoints) if (!reached.has(at)) problems.push(`kills: no coordinator was killed at ${at}`)
  const { kills: survived, studies, orphans: left, duplicates: twice } = totals
  const counts = {
    'kills survived': survived,
    'failpoints reached': reached.size,
    studies,
    'trials lost': lost,
    duplicates: twice,
    orphans: left,
  }
  return { counts, problems }
}

interface Blow {
  readonly afterMs: number
  readonly at?: FailpointName
}

/** Starts and kills until a start gets through before its blow. */
async function killUntilDone(plan: Plan, workers: number, nextBlow: () => Blow) {
  const outDir = folder('kills')
  const directory = join(outDir, plan.study)
  const problems: string[] = []
  const reached: FailpointName[] = []
  let killed = 0
  let left = 0
  for (;;) {
    const { afterMs, at } = nextBlow()
    const failpoint = at === undefined ? [] : [{ at, do: 'kill' as const }]
    const coordinator = start({ plan, outDir, failpoints: failpoint, options: { workers } })
    const timer = at === undefined ? sleep(afterMs, 'blow' as const) : new Promise<never>(() => {})
    const first = await Promise.race([timer, coordinator.ended])
    if (first === 0) return { directory, kills: killed, orphans: left, reached, problems }
    if (first !== 'blow' && first !== null)
      problems.push(`kills: a coordinator ended with ${first}: ${last(coordinator.reported)}`)
    if (first === 'blow') {
      const hosts = childrenOf(coordinator.pid)
      coordinator.signal('SIGKILL')
      await coordinator.ended
      left += await orphans(hosts)
    }
    killed += 1
    if (at !== undefined && first === null) reached.push(at)
    if (problems.length > 3) return { directory, kills: killed, orphans: left, reached, problems }
  }
}

const last = (reported: readonly unknown[]) => JSON.stringify(reported.at(-1))
