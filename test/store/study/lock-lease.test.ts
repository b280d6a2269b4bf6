import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sealJson } from '../../../src/store/sealed-json.js'
import { takeLock } from '../../../src/store/study/lock.js'

/** A study's folder that a process of another machine has. */
function heldElsewhere(leaseMs?: number): string {
  const study = mkdtempSync(join(tmpdir(), 'locks-'))
  const holder = { pid: 1, host: 'another-machine' }
  const lock = { holder, command: 'seqlab sweep', since: '2026-11-29', nonce: '1', ...(leaseMs && { leaseMs }) }
  writeFileSync(join(study, 'lock.json'), sealJson(lock))
  return study
}

test('a lock of another machine is taken over where nobody touches it for its lease, by the clock of this one', async () => {
  const study = heldElsewhere(1000)
  // Its own times are of no matter: clocks differ.
  const later = new Date(Date.now() + 3_600_000)
  utimesSync(join(study, 'lock.json'), later, later)
  const said: string[] = []
  const began = performance.now()
  const lock = await takeLock(study, 'seqlab again', { onWait: (message) => said.push(message) })
  expect(performance.now() - began).toBeGreaterThan(950)
  expect(said).toEqual(['Process 1 on another-machine had the run directory: watching for 1 s whether it still runs'])
  expect(lock.takenOver).toContain('process 1 on another-machine')
  lock.check()
  lock.release()
})

test('it is refused as soon as its holder touches it', async () => {
  const study = heldElsewhere(4000)
  const touching = setInterval(() => utimesSync(join(study, 'lock.json'), new Date(), new Date()), 200)
  const began = performance.now()
  await expect(takeLock(study, 'seqlab again')).rejects.toThrow('in use by process 1 on another-machine')
  expect(performance.now() - began).toBeLessThan(4000)
  clearInterval(touching)
})

test('one of an older version, which nobody touches, is left alone', async () => {
  await expect(takeLock(heldElsewhere(), 'seqlab again')).rejects.toThrow('in use by process 1')
})

test('its holder touches a lock several times in a lease', async () => {
  const study = mkdtempSync(join(tmpdir(), 'locks-'))
  const lock = await takeLock(study, 'seqlab', { leaseMs: 800 })
  const old = new Date(0)
  utimesSync(join(study, 'lock.json'), old, old)
  const { statSync } = await import('node:fs')
  await expect.poll(() => statSync(join(study, 'lock.json')).mtimeMs, { timeout: 2000 }).toBeGreaterThan(1)
  lock.release()
})
