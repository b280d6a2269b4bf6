// What somebody who can write to the queue may try against a worker, and what a worker may try against who collects: real
// processes, a real server.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/core/hash.js'
import { isJsonObject } from '../../../src/core/json.js'
import { type Blobs, bytesSource, openBlobs } from '../../../src/runner/executors/redis/blobs.js'
import { collect } from '../../../src/runner/executors/redis/collection.js'
import { type Connection, connect } from '../../../src/runner/executors/redis/connection.js'
import { bullPrefix } from '../../../src/runner/executors/redis/keys.js'
import { type JobQueue, openJobQueue } from '../../../src/runner/executors/redis/queue.js'
import { queueOf } from '../../../src/runner/executors/redis/settings.js'
import { createSubmission } from '../../../src/runner/executors/redis/submission.js'
import { jobIdOf, type WireJob } from '../../../src/runner/executors/redis/wire.js'
import { defaultLimits } from '../../../src/runner/limits.js'
import type { TrainJob } from '../../../src/runner/messages.js'
import { versions } from '../../../src/runner/versions.js'
import { bundleCluster, quickQueue, type Running, startWorker } from '../../cluster/queue/harness.js'
import { type RedisServer, startRedis, withoutRedis } from '../../cluster/redis.js'
import { tinyPlan } from '../support/plan.js'

const study = '0123456789abcdef01234567'
const folder = mkdtempSync(join(tmpdir(), 'seqlab-attacks-'))
const ignore = { onWait: () => {}, onRecovered: () => {} }

describe.skipIf(withoutRedis !== undefined)(`attacks over Redis ${withoutRedis ?? ''}`, () => {
  let server: RedisServer
  let connection: Connection
  let queue: JobQueue
  let blobs: Blobs
  let worker: Running
  let sound: WireJob
  let attempts = 0
  const name = queueOf(quickQueue.queue, versions())

  beforeAll(async () => {
    await bundleCluster()
    server = await startRedis()
    connection = await connect({ url: server.url, server: 'here', graceMs: 5000 }, ignore)
    queue = await openJobQueue(connection, name, quickQueue, { onProgress: () => {}, onChange: () => {} })
    blobs = openBlobs(connection, queue.keys, quickQueue)
    worker = startWorker({ url: server.url })
    const settings = { engine: { name: 'tfjs-cpu' as const }, parts: [], limits: defaultLimits }
    const submission = createSubmission({ study, blobs, settings, warn: () => {} })
    sound = await submission.wireJob(await trainJob())
  })
  afterAll(async () => {
    worker.signal('SIGKILL')
    await queue.close()
    await connection.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function trainJob(): Promise<TrainJob> {
    const [trial] = (await tinyPlan('attacks', { seeds: 1, steps: 4, every: 2 })).trials
    if (trial === undefined) throw new Error('there is no trial')
    const { id: trialId, spec, seed, label, digests, baseDir } = trial
    const directory = join(folder, 'attempt')
    return { kind: 'train', trialId, attempt: 1, directory, spec, seed, label, digests, baseDir, resumeFrom: [] }
  }

  /** Puts a job into the queue, whatever it holds; how the worker ended it. */
  async function ending(job: unknown): Promise<string> {
    const jobId = jobIdOf({ ...sound, attempt: ++attempts })
    await add(jobId, isJsonObject(job) && 'attempt' in job ? { ...job, attempt: attempts } : job)
    for (;;) {
      const end = await queue.ending(jobId)
      if (end === undefined) await sleep(50)
      else if ('failed' in end) return end.failed
      else return JSON.stringify(end.returned)
    }
  }

  async function add(jobId: string, data: unknown): Promise<void> {
    const { Queue } = connection.libraries.bullmq
    const raw = new Queue(name, { connection: connection.redis, prefix: bullPrefix })
    await raw.add('train', data, { jobId, attempts: 1 })
    await raw.close()
  }

  it('a sound job is done', async () => {
    expect(await ending(sound)).toContain('"status":"completed"')
  })

  it('no file that a spec names is opened: the data are what the job has by digest', async () => {
    const pipe = join(folder, 'pipe')
    // Whoever opens it for reading waits for ever.
    execFileSync('mkfifo', [pipe])
    const source = { type: 'tsv', train: pipe, sourceColumn: 1, targetColumn: 2, header: false }
    const { data } = sound.spec
    if (!isJsonObject(data)) throw new Error('the spec has no data')
    const split = { dev: 2, test: 2, seed: 1, keepTogether: 'source' }
    const end = await ending({ ...sound, spec: { ...sound.spec, data: { ...data, source, split } } })
    // Its spec is completed by defaults that are not known here, or it is trained on the job's own data: nothing waits.
    expect(end).toMatch(/"status":"completed"|is not complete|does not accept/)
    const direct = await ending({
      ...sound,
      spec: { ...sound.spec, data: { ...data, source: { type: 'inline', train: [] } } },
    })
    expect(direct).toMatch(/"status":"completed"|is not complete|does not accept/)
  })

  it.each([
    ['a path of its own', { resumeFrom: ['/etc'] }],
    ['a folder to write to', { directory: folder }],
    ['a file whose name leads elsewhere', { resume: { '../../escaped': { sha256: '0'.repeat(64), bytes: 1 } } }],
    ['a file with an absolute name', { resume: { '/etc/passwd': { sha256: '0'.repeat(64), bytes: 1 } } }],
    ['code of a part', { parts: [{ file: 'x.js', digest: '0'.repeat(64), modules: [{ text: 'process.exit(7)' }] }] }],
    ['another schema', { schemaVersion: 2 }],
    ['numbers that are none', { seed: 'one' }],
  ])('a job with %s is refused', async (_, change) => {
    expect(await ending({ ...sound, ...change })).toContain('the job is not one of this version of seqlab')
  })

  it.each([[[]], ['text'], [{}], [{ kind: 'train' }], [null]])('JSON of another kind is refused: %j', async (job) => {
    expect(await ending(job)).toContain('the job is not one of this version of seqlab')
  })

  it('a checkpoint with a name that no attempt writes is refused, and nothing is written', async () => {
    const reference = await blobs.put({ name: study }, bytesSource(Buffer.from('#!/bin/sh\n')))
    expect(await ending({ ...sound, resume: { 'record.json': reference } })).toContain(
      'has a file that nobody asked for',
    )
  })

  it('a part that the worker was not given is not run', async () => {
    const parts = [{ file: 'evil.js', digest: 'e'.repeat(64) }]
    expect(await ending({ ...sound, parts })).toContain('was not given the parts evil.js')
  })

  it('a spec with a part that is not known here is refused', async () => {
    const model = {
      ...(isJsonObject(sound.spec.model) ? sound.spec.model : {}),
      encoder: { cell: { type: 'evil' }, hidden: 4 },
    }
    expect(await ending({ ...sound, spec: { ...sound.spec, model } })).toContain('does not accept')
  })

  it('data with another digest than they say are refused', async () => {
    const forged = { sha256: sha256('what it says'), bytes: 12 }
    const stored = Buffer.concat([Buffer.of(0), Buffer.from('what it is..')])
    await connection.redis.hset(queue.keys.blob(forged.sha256), 'bytes', '12', '0', stored)
    expect(await ending({ ...sound, dataset: forged })).toContain('its contents have another digest')
  })

  it('data that are no dataset, or another one than the job is about, are refused', async () => {
    const rubbish = await blobs.put({ name: study }, bytesSource(Buffer.from('rubbish')))
    // Under other digests than those of the data that a thread has in memory already.
    const digests = { ...sound.digests, test: '0'.repeat(64) }
    expect(await ending({ ...sound, digests, dataset: rubbish })).toContain('is too short')
    expect(await ending({ ...sound, digests })).toContain('The data changed after the run was planned')
  })

  it('data that grow without end when they are decompressed are not', async () => {
    const bomb = { sha256: 'b'.repeat(64), bytes: 1000 }
    const stored = Buffer.concat([Buffer.of(1), deflateRawSync(Buffer.alloc(512 * 2 ** 20))])
    await connection.redis.hset(queue.keys.blob(bomb.sha256), 'bytes', '1000', '0', stored)
    expect(await ending({ ...sound, dataset: bomb })).toContain('does not decompress to 1000 bytes')
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8'))?.[1]
    expect(Number(peak)).toBeLessThan(400 * 1024)
  })

  it('after all that the worker still works', async () => {
    expect(await ending(sound)).toContain('"status":"completed"')
    expect(existsSync(join(folder, 'attempt'))).toBe(false)
  })

  describe('results of a worker that cannot be trusted', () => {
    const ports = () => ({ connection, queue, blobs, warn: () => {} })
    const directory = join(folder, 'collected')

    /** Ends a job as a worker would, with anything; what the coordinator makes of it. */
    async function collected(end: (job: TrainJob) => Promise<unknown>) {
      mkdirSync(directory, { recursive: true })
      const job = { ...(await trainJob()), directory }
      const jobId = jobIdOf({ study, ...job, attempt: ++attempts })
      worker.signal('SIGSTOP')
      await add(jobId, sound)
      const { Worker } = connection.libraries.bullmq
      const thief = new Worker(name, null, { connection: connection.redis, prefix: bullPrefix, autorun: false })
      let taken = await thief.getNextJob('mine')
      while (taken?.id !== jobId) taken = await thief.getNextJob('mine')
      await taken.moveToCompleted(await end(job), 'mine', false)
      await thief.close()
      worker.signal('SIGCONT')
      return collect(ports(), jobId, job)
    }

    const lost = (message: RegExp) => ({
      kind: 'failure',
      failure: expect.objectContaining({ kind: 'stopped-by-cluster', message: expect.stringMatching(message) }),
      // It ends the trial: the same worker would send the same again.
      refused: true,
    })
    const refused = { kind: 'refused', error: { code: 'data', message: 'x', problems: [] } }

    it.each([
      [null],
      ['text'],
      [{ kind: 'outcome' }],
      [{ schemaVersion: 1, kind: 'outcome', outcome: { ...refused, more: 1 }, files: {} }],
    ])('no result: %j', async (end) => {
      expect(await collected(async () => end)).toEqual(lost(/reported something that is no result/))
    })

    it('files that are written elsewhere, or that only a coordinator writes', async () => {
      const reference = await blobs.put({ name: study }, bytesSource(Buffer.from('{}')))
      const end = (file: string) => async () => ({
        schemaVersion: 1,
        kind: 'outcome',
        outcome: refused,
        files: { [file]: reference },
      })
      expect(await collected(end('../record.json'))).toEqual(lost(/reported something that is no result/))
      for (const file of [
        'record.json',
        'manifest.json',
        'spec.yaml',
        'report.html',
        'model/deep/x',
        'evaluations/x/predictions.jsonl',
      ])
        expect(await collected(end(file))).toEqual(lost(/has a file that nobody asked for/))
      expect(existsSync(join(directory, 'record.json'))).toBe(false)
    })

    it('an outcome whose files are missing', async () => {
      const end = await ending(sound)
      const said = JSON.parse(end)
      const answer = await collected(async () => ({ ...said, files: {} }))
      expect(answer).toEqual(lost(/is not among its files, or another one/))
    })
  })
})
