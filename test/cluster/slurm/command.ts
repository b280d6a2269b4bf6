// The command line on Slurm: submitted and left, looked at, cancelled, and taken by the same command.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Findings } from '../../faults/harness.js'
import { writeStudy } from '../../faults/study.js'
import { studyBytes } from '../../runner/support/plan.js'
import { type Said, seqlab } from '../built.js'
import { startSlurm, withoutSlurm } from '../slurm.js'

export async function slurmCommand(): Promise<Findings> {
  if (withoutSlurm !== undefined) return { counts: { 'commands on Slurm': 0 }, problems: [] }
  const cluster = await startSlurm()
  const problems: string[] = []
  let count = 0
  const expect = (what: string, holds: boolean, said: Said) => {
    count++
    if (!holds) problems.push(`command: ${what}: exit code ${said.code}, ${said.stdout} ${said.stderr}`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'slurm-command-'))
  const study = writeStudy(folder, { steps: 1500, seeds: 2 })
  const profile = join(folder, 'uni.yaml')
  writeFileSync(profile, 'executor: slurm\ntime: 1h\ncores: 1\npack: 1\npoll: 1s\ngrace: 4s\n')
  const out = join(folder, 'runs')
  const run = (...args: readonly string[]) => seqlab(cluster.environment, [...args, '--out', out])
  const sweep = (...args: readonly string[]) => run('sweep', study, ...args)
  const onCluster = ['--cluster', profile]
  try {
    const planned = await sweep(...onCluster, '--plan')
    expect(
      '--plan',
      /On Slurm: 4 jobs of 1 core, about .* core-hours; now 0 queued, 0 running, 0 done/.test(planned.stdout),
      planned,
    )
    for (const node of cluster.nodes)
      cluster.command('scontrol', 'update', `NodeName=${node}`, 'State=DRAIN', 'Reason=test')
    const left = await sweep(...onCluster, '--detach')
    expect('--detach', left.code === 0 && left.stderr.includes('on the cluster: 4 queued, 0 running, 0 done'), left)
    const listed = await run('list', '--json')
    const statuses = listed.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).status)
    expect('list of what is queued', isDeepStrictEqual(statuses, Array(4).fill('queued')), listed)
    const again = await sweep(...onCluster, '--plan')
    expect('--plan of what is queued', again.stdout.includes('now 4 queued, 0 running, 0 done'), again)
    const local = await sweep()
    expect('a local run of what is queued', local.code === 2 && local.stderr.includes('4 trials are on Slurm'), local)
    for (const node of cluster.nodes) cluster.command('scontrol', 'update', `NodeName=${node}`, 'State=RESUME')
    await sleep(8000)
    const cancelled = await run('cancel', 'study')
    expect('cancel', cancelled.code === 0 && /\d trials? (was|were) taken back/.test(cancelled.stdout), cancelled)
    expect('cancel leaves jobs', cluster.queue().length === 0, cancelled)
    const nothing = await run('cancel', 'study')
    expect('cancel of nothing', nothing.stdout === 'nothing of it is on a cluster\n', nothing)
    const useless = await sweep(...onCluster, '--workers', '2')
    expect('--workers', useless.code === 2 && useless.stderr.includes('--workers is about this machine'), useless)
    const nowhere = await sweep('--detach')
    expect('--detach without a cluster', nowhere.code === 2 && nowhere.stderr.includes('there is none'), nowhere)
    const whole = await sweep(...onCluster)
    expect('the whole study', whole.code === 0, whole)
    const here = await seqlab(cluster.environment, ['sweep', study, '--out', join(folder, 'local')])
    expect('the same here', here.code === 0, here)
    if (!isDeepStrictEqual(studyBytes(join(out, 'study')), studyBytes(join(folder, 'local', 'study'))))
      problems.push('command: the study differs from the local run')
    if (existsSync(join(out, 'study', 'cluster'))) problems.push('command: the folder of batches is left')
  } finally {
    await cluster.stop()
  }
  return { counts: { 'commands on Slurm': count }, problems }
}
