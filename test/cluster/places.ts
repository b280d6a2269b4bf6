// A study and its comparison here, on Slurm and over Redis: the same bytes, by digest.
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../src/core/package.js'
import type { Findings } from '../faults/harness.js'
import { lastingBytes } from '../runner/support/plan.js'
import { seqlab, startSeqlab } from './built.js'
import { startRedis, withoutRedis } from './redis.js'
import { startSlurm, withoutSlurm } from './slurm.js'

const study = join(packageRoot, 'experiments', 'scorers.yaml')

export async function samePlaces(): Promise<Findings> {
  if (withoutSlurm !== undefined || withoutRedis !== undefined)
    return { counts: { 'places compared': 0 }, problems: [] }
  const folder = mkdtempSync(join(tmpdir(), 'places-'))
  const [slurm, redis] = [await startSlurm(), await startRedis()]
  const queue = { SEQLAB_REDIS_URL: redis.url, SEQLAB_CACHE: join(folder, 'cache') }
  writeFileSync(join(folder, 'slurm.yaml'), 'executor: slurm\ntime: 1h\ncores: 2\npack: 5\npoll: 1s\n')
  writeFileSync(join(folder, 'redis.yaml'), 'executor: redis\npoll: 1s\n')
  const problems: string[] = []
  const sweep = async (place: string, environment: Readonly<Record<string, string>>) => {
    const profile = place === 'local' ? [] : ['--cluster', join(folder, `${place}.yaml`)]
    const said = await seqlab(environment, ['sweep', study, '--quick', ...profile, '--out', join(folder, place)])
    if (said.code !== 0) {
      problems.push(`places: ${place}: exit code ${said.code}, ${said.stderr}`)
      return {}
    }
    return digests(join(folder, place, 'scorers-quick'))
  }
  const worker = startSeqlab(queue, ['worker', '--cluster', join(folder, 'redis.yaml'), '--quiet'])
  try {
    const local = await sweep('local', {})
    const others = { slurm: await sweep('slurm', slurm.environment), redis: await sweep('redis', queue) }
    for (const [place, found] of Object.entries(others))
      for (const name of new Set([...Object.keys(local), ...Object.keys(found)]))
        if (local[name] !== found[name]) problems.push(`places: ${name} differs from the undisturbed run on ${place}`)
    const count = Object.keys(local).length
    const all = createHash('sha256').update(JSON.stringify(local)).digest('hex')
    console.log(
      `${problems.length === 0 ? 'ok  ' : 'FAIL'} scorers.yaml, quick: ${count} files in three places, ${all}`,
    )
    for (const problem of problems) console.log(`     ${problem}`)
    return { counts: { 'files compared in three places': count }, problems }
  } finally {
    worker.child.kill('SIGINT')
    await worker.ended
    await Promise.all([slurm.stop(), redis.stop()])
    if (problems.length === 0) rmSync(folder, { recursive: true, force: true })
  }
}

/** Of all that has no clock in it: trials less their timings, attempts, memory and machine, models, and the comparison. */
function digests(directory: string): Record<string, string> {
  const found: Record<string, string> = {}
  const add = (name: string, bytes: string | Buffer) => {
    found[name] = createHash('sha256').update(bytes).digest('hex')
  }
  const trials = readdirSync(directory).filter((name) => /^[0-9a-f]{16}$/.test(name))
  for (const trial of trials.sort()) {
    for (const [name, text] of Object.entries(lastingBytes(join(directory, trial)))) add(`${trial}/${name}`, text)
    const model = join(directory, trial, 'model')
    for (const name of readdirSync(model).sort()) add(`${trial}/model/${name}`, readFileSync(join(model, name)))
  }
  const comparison = readFileSync(join(directory, 'comparison.json'), 'utf8')
  add('comparison.json', JSON.stringify(JSON.parse(comparison, withoutPlace)))
  return found
}

/** A comparison less the folder that it is of, in its commands too, and times. */
function withoutPlace(key: string, value: unknown): unknown {
  return ['command', 'directory', 'rerun', 'trainMs', 'perStep'].includes(key) ? undefined : value
}
