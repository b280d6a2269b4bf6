import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tinyPlan } from '../runner/support/plan.js'
import { childrenOf, compare, type Findings, folder, orphans, results, start, undisturbed } from './harness.js'

/** Point 5, disks: no space left and a read-only file system; skipped where mounting is not permitted. */
export async function disks(): Promise<Findings> {
  const plan = await tinyPlan('disks', { seeds: 4, steps: 24, every: 4, hidden: [8] })
  const reference = await undisturbed(plan)
  const problems: string[] = []
  let tried = 0
  let skipped = 0
  for (const fault of [noSpace, readOnly]) {
    const outDir = folder('disk')
    if (!mount('tmpfs', fault.before, outDir)) {
      skipped += 1
      continue
    }
    tried += 1
    try {
      if (fault.later !== undefined) {
        const before = start({ plan, outDir })
        await before.until(({ kind }) => kind === 'trial-finished')
        const hosts = childrenOf(before.pid)
        before.signal('SIGKILL')
        await before.ended
        const left = await orphans(hosts)
        if (left > 0) problems.push(`disks: ${left} hosts were left behind`)
        if (!(await mountSoon(fault.later, outDir))) problems.push(`disks: ${fault.later} was not possible`)
      }
      const coordinator = start({ plan, outDir })
      const code = await coordinator.ended
      const error = coordinator.reported.find(({ kind }) => kind === 'error')
      if (code !== 3 || !String(error?.message).includes(fault.says)) {
        problems.push(`disks: ${fault.says}: exit code ${code}: ${JSON.stringify(coordinator.reported.at(-1))}`)
      }
      const directory = join(outDir, plan.study)
      if (existsSync(join(directory, 'study.json'))) problems.push(...(await results(directory)).problems)
      mount('tmpfs', 'remount,rw,size=64m', outDir)
      const again = start({ plan, outDir })
      if ((await again.ended) !== 0) problems.push(`disks: fixed: ${JSON.stringify(again.reported.at(-1))}`)
      problems.push(...compare(`disks: ${fault.says}`, plan, directory, reference))
    } finally {
      execFileSync('umount', ['-l', outDir], { stdio: 'ignore' })
    }
  }
  return { counts: { 'disk faults': tried, skipped }, problems }
}

interface DiskFault {
  readonly before: string
  /** Mounted so once a trial is published and the coordinator was killed. */
  readonly later?: string
  readonly says: string
}

const noSpace: DiskFault = { before: 'size=100k', says: 'no space is left' }
const readOnly: DiskFault = { before: 'size=64m', later: 'remount,ro', says: 'read-only' }

/** The kernel refuses to make a file system read-only as long as it has not let go of the files of ended processes. */
async function mountSoon(options: string, at: string, withinMs = 5_000): Promise<boolean> {
  const until = Date.now() + withinMs
  while (!mount('tmpfs', options, at)) {
    if (Date.now() > until) return false
    await sleep(50)
  }
  return true
}

function mount(type: string, options: string, at: string): boolean {
  try {
    execFileSync('mount', ['-t', type, '-o', options, type, at], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
