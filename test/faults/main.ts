// `npm run test:faults [section...]`: what a sweep survives, with real processes. Prints what was tried; ends with 1 when
// anything went wrong, and by itself when it takes longer than SEQLAB_FAULT_MINUTES (8). Every kind of fault is tried however
// short that is; of kills, truncations, flipped bits and restarts as many as there is time for, all of them from 20 minutes.
import { packageRoot } from '../../src/core/package.js'
import { changes } from './changes.js'
import { commands } from './commands.js'
import { corruption } from './corruption.js'
import { disks } from './disks.js'
import { bundleCoordinator, type Findings, inTwoLanes } from './harness.js'
import { hosts } from './hosts.js'
import { interrupts } from './interrupts.js'
import { kills } from './kills.js'
import { leases } from './leases.js'
import { locks } from './locks.js'
import { terminal } from './terminal.js'
import { workers } from './workers.js'

const limitMinutes = Number(process.env.SEQLAB_FAULT_MINUTES ?? 8)
if (!(limitMinutes > 0)) throw new RangeError('SEQLAB_FAULT_MINUTES takes a number of minutes, such as 20')
/** What part of the faults that are many of a kind is tried: of 100 kills, 40 in 8 minutes. */
const share = Math.min(1, limitMinutes / 20)

type Section = () => Promise<Findings>

/** These keep two cores busy by themselves. */
const alone: Readonly<Record<string, Section>> = {
  kills: () => kills(Math.ceil(100 * share)),
  corruption: () => corruption(share),
}

/** Two at a time: the waits of one (for a lease, a limit, a signal) are the other's time. The longest are first. */
const sideBySide: Readonly<Record<string, Section>> = {
  hosts,
  leases,
  commands,
  disks,
  changes,
  locks,
  interrupts,
  workers,
  terminal,
}

const deadline = setTimeout(() => {
  console.error(`test:faults did not end within ${limitMinutes} minutes`)
  process.exit(1)
}, limitMinutes * 60_000)

const chosen = process.argv.slice(2)
const asked = (sections: Readonly<Record<string, Section>>) =>
  Object.entries(sections).filter(([name]) => chosen.length === 0 || chosen.includes(name))
let failed = false

async function report([name, section]: readonly [string, Section]): Promise<void> {
  const before = performance.now()
  const { counts, problems } = await section()
  const seconds = ((performance.now() - before) / 1000).toFixed(0)
  const reported = Object.entries(counts).map(([what, count]) => `${what} ${count}`)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s): ${reported.join(', ')}`)
  for (const problem of problems.slice(0, 20)) console.log(`     ${problem}`)
  failed ||= problems.length > 0
}

await bundleCoordinator(packageRoot)
for (const named of asked(alone)) await report(named)
await inTwoLanes(asked(sideBySide), report)
clearTimeout(deadline)
process.exitCode = failed ? 1 : 0
