// `npm run test:faults [section...]`: what a sweep survives, with real processes. Prints what was tried; ends with 1 when
// anything went wrong, and by itself when it takes too long.
import { changes } from './changes.js'
import { commands } from './commands.js'
import { corruption } from './corruption.js'
import { disks } from './disks.js'
import type { Findings } from './harness.js'
import { hosts } from './hosts.js'
import { interrupts } from './interrupts.js'
import { kills } from './kills.js'
import { leases } from './leases.js'
import { locks } from './locks.js'
import { terminal } from './terminal.js'
import { workers } from './workers.js'

const limitMinutes = Number(process.env.SEQLAB_FAULT_MINUTES ?? 10)

const sections: Readonly<Record<string, () => Promise<Findings>>> = {
  kills: () => kills(100),
  hosts,
  leases,
  locks,
  corruption: () => corruption(50, 100),
  disks,
  interrupts,
  terminal,
  commands,
  changes,
  workers,
}

const deadline = setTimeout(() => {
  console.error(`test:faults did not end within ${limitMinutes} minutes`)
  process.exit(1)
}, limitMinutes * 60_000)

const chosen = process.argv.slice(2)
let failed = false
for (const [name, section] of Object.entries(sections)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const before = performance.now()
  const { counts, problems } = await section()
  const seconds = ((performance.now() - before) / 1000).toFixed(0)
  const reported = Object.entries(counts).map(([what, count]) => `${what} ${count}`)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s): ${reported.join(', ')}`)
  for (const problem of problems.slice(0, 20)) console.log(`     ${problem}`)
  failed ||= problems.length > 0
}
clearTimeout(deadline)
process.exitCode = failed ? 1 : 0
