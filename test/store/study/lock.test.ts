import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { studyPath } from '../../../src/store/layout.js'
import { sealJson } from '../../../src/store/sealed-json.js'
import { takeLock } from '../../../src/store/study/lock.js'
import { identityOf, isAlive, type ProcessIdentity } from '../../../src/store/study/processes.js'

const folder = () => mkdtempSync(join(tmpdir(), 'lock-'))
const lockOf = (holder: ProcessIdentity) => sealJson({ holder, command: 'seqlab run x', since: 'then', nonce: 'n' })

describe('the lock of a run directory', () => {
  it('is refused while its process lives, with who that is', async () => {
    const directory = folder()
    const lock = await takeLock(directory, 'seqlab run a.yaml')
    await expect(takeLock(directory, 'seqlab run b.yaml')).rejects.toThrow(
      new RegExp(`in use by process ${process.pid} on ${hostname()} .*seqlab run a.yaml`),
    )
    lock.release()
    expect(existsSync(studyPath(directory, 'lock'))).toBe(false)
    ;(await takeLock(directory, 'seqlab run b.yaml')).release()
  })

  it('is taken over when its process has ended', async () => {
    const directory = folder()
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
    const holder = identityOf(child.pid ?? 0)
    writeFileSync(studyPath(directory, 'lock'), lockOf(holder))
    await expect(takeLock(directory, 'x')).rejects.toThrow(/in use by process/)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isAlive(holder)).toBe(false)
    expect((await takeLock(directory, 'x')).takenOver).toMatch(`a lock of process ${holder.pid}`)
  })

  it('is taken over when its process id belongs to another process now', async () => {
    const directory = folder()
    writeFileSync(studyPath(directory, 'lock'), lockOf({ ...identityOf(process.pid), started: 'boot/1' }))
    const lock = await takeLock(directory, 'x')
    expect(lock.takenOver).toBeDefined()
    lock.check()
  })

  it('is left alone when another machine holds it', async () => {
    const directory = folder()
    writeFileSync(studyPath(directory, 'lock'), lockOf({ pid: 1, host: 'elsewhere', started: 'boot/1' }))
    await expect(takeLock(directory, 'x')).rejects.toThrow(/process 1 on elsewhere/)
  })

  it('names a damaged lock file and touches nothing', async () => {
    const directory = folder()
    const text = lockOf({ pid: 1, host: hostname() }).replace('"n"', '"m"')
    writeFileSync(studyPath(directory, 'lock'), text)
    await expect(takeLock(directory, 'x')).rejects.toThrow(/lock.json cannot be read.*checksum/)
    expect(readFileSync(studyPath(directory, 'lock'), 'utf8')).toBe(text)
  })

  it('goes to one of several that take over a stale lock at once', async () => {
    const directory = folder()
    writeFileSync(studyPath(directory, 'lock'), lockOf({ pid: 1, host: hostname(), started: 'boot/1' }))
    const results = await Promise.allSettled([1, 2, 3, 4].map((n) => takeLock(directory, `run ${n}`)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('notices that it was taken away', async () => {
    const directory = folder()
    const lock = await takeLock(directory, 'x')
    writeFileSync(studyPath(directory, 'lock'), 'other')
    expect(() => lock.check()).toThrow(/taken away/)
  })
})
