// The command line over Redis: handed over and left, looked at, refused elsewhere, cancelled, trained by a worker, and taken.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Findings } from '../../faults/harness.js'
import { writeStudy } from '../../faults/study.js'
import { studyBytes } from '../../runner/support/plan.js'
import { type RunningCommand, type Said, seqlab, startSeqlab } from '../built.js'
import { startRedis, withoutRedis } from '../redis.js'

const password = 'not: to/be@seen'

export async function queueCommand(): Promise<Findings> {
  if (withoutRedis !== undefined) return { counts: { 'commands over Redis': 0 }, problems: [] }
  const server = await startRedis({ password })
  const problems: string[] = []
  let count = 0
  const everything: string[] = []
  const expect = (what: string, holds: boolean, said: Said) => {
    count++
    everything.push(said.stdout, said.stderr)
    if (!holds) problems.push(`command over Redis: ${what}: exit code ${said.code}, ${said.stdout} ${said.stderr}`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'queue-command-'))
  const study = writeStudy(folder, { steps: 1500, seeds: 2 })
  const profile = join(folder, 'queue.yaml')
  writeFileSync(profile, 'executor: redis\npoll: 1s\n')
  const out = join(folder, 'runs')
  const environment = { SEQLAB_REDIS_URL: server.url, SEQLAB_CACHE: join(folder, 'cache') }
  const run = (...args: readonly string[]) => seqlab(environment, [...args, '--out', out])
  const sweep = (...args: readonly string[]) => run('sweep', study, ...args)
  const onCluster = ['--cluster', profile]
  const statuses = async () => {
    const listed = await run('list', '--json')
    const lines = listed.stdout.split('\n').filter((line) => line !== '')
    return { listed, all: lines.map((line): string => JSON.parse(line).status).sort() }
  }
  let worker: RunningCommand | undefined
  try {
    const planned = await sweep(...onCluster, '--plan')
    expect('--plan', planned.stdout.includes('On the queue: 4 trials left; now 0 queued, 0 running, 0 done'), planned)
    const left = await sweep(...onCluster, '--detach')
    expect('--detach', left.code === 0 && left.stderr.includes('on the cluster: 4 queued, 0 running, 0 done'), left)
    expect('--detach without a worker', left.stderr.includes('No worker listens to the queue'), left)
    const { listed, all } = await statuses()
    expect('list of what is queued', isDeepStrictEqual(all, Array(4).fill('queued')), listed)
    const again = await sweep(...onCluster, '--plan')
    expect('--plan of what is queued', again.stdout.includes('now 4 queued, 0 running, 0 done'), again)
    const here = await sweep()
    expect(
      'a local run of what is queued',
      here.code === 2 && /4 trials are in a queue on Redis/.test(here.stderr),
      here,
    )
    const cancelled = await run('cancel', 'study')
    expect('cancel', cancelled.stdout.startsWith('4 trials were taken back'), cancelled)
    const nothing = await run('cancel', 'study')
    expect('cancel of nothing', nothing.stdout === 'nothing of it is on a cluster\n', nothing)
    const nowhere = await seqlab({ SEQLAB_REDIS_URL: '' }, ['sweep', study, ...onCluster, '--out', out])
    expect('without an address', nowhere.code === 2 && nowhere.stderr.includes('SEQLAB_REDIS_URL is not set'), nowhere)
    const wrong = server.url.replace(encodeURIComponent(password), 'guessed')
    const refused = await seqlab({ SEQLAB_REDIS_URL: wrong }, ['worker', ...onCluster])
    expect(
      'a wrong password',
      refused.code === 2 && refused.stderr.includes('refuses the user or the password'),
      refused,
    )
    worker = startSeqlab(environment, ['worker', ...onCluster, '--slots', '1'])
    const staying = startSeqlab(environment, ['sweep', study, ...onCluster, '--out', out])
    await until(async () => (await statuses()).all.includes('running'))
    const now = await statuses()
    expect('list of what runs', now.all.includes('running') && now.all.includes('queued'), now.listed)
    const curve = async () => (await run('show', 'study')).stdout
    expect('a curve that grows', await until(async () => /step [1-9][\d,]* of 1,500/.test(await curve())), now.listed)
    const whole = await staying.ended
    expect('the whole study', whole.code === 0, whole)
    worker.child.kill('SIGINT')
    const ended = await worker.ended
    expect('a worker that is stopped', ended.code === 0, ended)
    const local = await seqlab({}, ['sweep', study, '--out', join(folder, 'local')])
    expect('the same here', local.code === 0, local)
    if (!isDeepStrictEqual(studyBytes(join(out, 'study')), studyBytes(join(folder, 'local', 'study'))))
      problems.push('command over Redis: the study differs from the local run')
    if (everything.some((text) => text.includes(password) || text.includes(encodeURIComponent(password))))
      problems.push('command over Redis: the password was printed')
  } finally {
    worker?.child.kill('SIGKILL')
    await server.stop()
  }
  if (problems.length === 0) rmSync(folder, { recursive: true, force: true })
  return { counts: { 'commands over Redis': count }, problems }
}

async function until(holds: () => Promise<boolean>, withinMs = 60_000): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(200))
    if (await holds()) return true
  return false
}
