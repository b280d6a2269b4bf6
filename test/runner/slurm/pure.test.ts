import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { allocatedBytes } from '../../../src/runner/executors/slurm/allocation.js'
import { wordsOf } from '../../../src/runner/executors/slurm/commands.js'
import { goneFailure } from '../../../src/runner/executors/slurm/failures.js'
import { arrayJobsIn } from '../../../src/runner/executors/slurm/limits.js'
import { expectedOf, packed } from '../../../src/runner/executors/slurm/pack.js'
import { hasEnded, parseQueue } from '../../../src/runner/executors/slurm/queue.js'
import { jobScript, submitArgs } from '../../../src/runner/executors/slurm/script.js'
import { slurmSettings } from '../../../src/runner/executors/slurm/settings.js'
import { submissionOf } from '../../../src/runner/executors/slurm/submission.js'
import { versionProblem } from '../../../src/runner/executors/slurm/version-problem.js'
import { machineOf } from '../../../src/runner/hosts/levels.js'
import {
  beginElement,
  createBatch,
  endElement,
  isElementOver,
  listBatches,
  removeBatch,
} from '../../../src/store/index.js'

const minutes = (...each: readonly number[]) => each.map((count) => ({ ms: count * 60_000 }))
const sizes = (tasks: readonly (readonly unknown[])[]) => tasks.map((task) => task.length)

describe('packing', () => {
  const one = { pack: 'auto', cores: 1, atOnce: undefined } as const

  it('aims at 15 minutes a job where all jobs may run at once', () => {
    // 5 + 5 + 5 is 15; a fourth would make 20.
    expect(sizes(packed(minutes(5, 5, 5, 5, 5, 5, 5), one))).toEqual([3, 3, 1])
    expect(sizes(packed(minutes(1, 1, 1, 1, 1, 1), one))).toEqual([6])
    expect(sizes(packed(minutes(240, 30, 1), one))).toEqual([1, 1, 1])
  })

  it('aims at up to 60 where fewer run at once', () => {
    // 40 jobs of 5 minutes are 200; over 4 at once 50 each.
    expect(sizes(packed(minutes(...Array(40).fill(5)), { ...one, atOnce: 4 }))).toEqual([10, 10, 10, 10])
    expect(sizes(packed(minutes(...Array(40).fill(5)), { ...one, atOnce: 1 }))).toEqual([12, 12, 12, 4])
  })

  it('fills the cores of a job, and counts on them', () => {
    expect(sizes(packed(minutes(90, 90, 90, 90, 90), { ...one, cores: 4 }))).toEqual([4, 1])
    expect(sizes(packed(minutes(...Array(20).fill(5)), { ...one, cores: 4 }))).toEqual([12, 8])
  })

  it('takes as many as it is told', () => {
    expect(sizes(packed(minutes(1, 2, 3, 4, 5), { ...one, pack: 2 }))).toEqual([2, 2, 1])
  })

  it('says what is held until the longest trial ends', () => {
    // Two cores: 30 and 90 minutes side by side hold both for 90; the third holds both for 60.
    expect(expectedOf(minutes(90, 30, 60), { pack: 2, cores: 2, atOnce: undefined })).toEqual({ jobs: 2, coreHours: 5 })
    expect(expectedOf([], one)).toEqual({ jobs: 0, coreHours: 0 })
  })
})

test('the queue is read line by line, arrays that wait in one line too', () => {
  const queue = parseQueue(
    'seqlab-a|7|3|RUNNING|None\nseqlab-a|7|[0-1,5%2]|PENDING|Resources\nseqlab-b|9|0|NODE_FAIL|NodeDown\n\n',
  )
  expect(queue.get('seqlab-a')?.map(({ index, state }) => [index, state])).toEqual([
    [3, 'RUNNING'],
    [0, 'PENDING'],
    [1, 'PENDING'],
    [5, 'PENDING'],
  ])
  expect(queue.get('seqlab-b')?.map(hasEnded)).toEqual([true])
  expect([...queue.keys()]).toEqual(['seqlab-a', 'seqlab-b'])
})

test('MaxArraySize 1001 means indices 0 to 1000', () => {
  expect(arrayJobsIn('Foo = 1\nMaxArraySize            = 1001\nMaxDBDMsgs = 2\n')).toBe(1001)
})

test("what Slurm's words about a submission mean", () => {
  const invalid = 'invalid partition specified: nosuch; Batch job submission failed: Invalid partition name specified'
  expect(submissionOf(invalid)).toEqual({ refused: invalid })
  const limit =
    "Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)"
  expect(submissionOf(`QOSMaxSubmitJobPerUserLimit; ${limit}`)).toBe('put-off')
  expect(submissionOf('AssocMaxSubmitJobLimit')).toBe('put-off')
  expect(submissionOf('Batch job submission failed: Socket timed out on send/recv operation')).toBe('unknown')
  expect(submissionOf('Batch job submission failed: Unable to contact slurm controller (connect failure)')).toBe(
    'unknown',
  )
  expect(submissionOf('')).toBe('unknown')
  expect(wordsOf({ stdout: '', stderr: 'sbatch: error: one\nsbatch: error: two\n' })).toBe('one; two')
})

test('what is submitted', () => {
  const settings = slurmSettings({
    ...{ executor: 'slurm', partition: 'cpu', time: '90m', lead: '2m', memory: '1.5GiB', cores: 4, pack: 'auto' },
    ...{ atOnce: 50, constraint: 'avx512', poll: '30s', grace: '60s', setup: [] },
  })
  const about = { name: 'seqlab-1', directory: '/s/cluster/seqlab-1', jobs: 7, study: 'scorers' }
  const args = submitArgs(about, settings, '/s/cluster/seqlab-1/job.sh')
  for (const arg of [
    ...['--array=0-6%50', '--no-requeue', '--time=90', '--signal=B:USR2@120', '--mem=1536M', '--cpus-per-task=4'],
    ...['--partition=cpu', '--constraint=avx512', '--output=/s/cluster/seqlab-1/%a.log'],
  ])
    expect(args).toContain(arg)
  expect(jobScript('/s x', { setup: [] })).toMatch(/^#!\/bin\/bash\nexec .*agent\.js '\/s x'\n$/)
  expect(jobScript('/s', { setup: ['module load nodejs'] })).toMatch(
    /^#!\/bin\/bash -l\nset -e\nmodule load nodejs\nexec node .*agent\.js \/s\n$/,
  )
})

test('memory is what the job was given', () => {
  expect(allocatedBytes({ SLURM_MEM_PER_NODE: '100' })).toBe(100 * 2 ** 20)
  expect(allocatedBytes({ SLURM_MEM_PER_CPU: '50', SLURM_CPUS_ON_NODE: '2' })).toBe(100 * 2 ** 20)
  const all = allocatedBytes({})
  expect(all).toBeGreaterThan(100 * 2 ** 20)
  expect(allocatedBytes({ SLURM_MEM_PER_NODE: '0' })).toBe(all)
})

test('only what a trial itself may have caused is shared by the trials of a job', () => {
  expect(goneFailure('NODE_FAIL', '', 3)).toEqual({
    kind: 'stopped-by-cluster',
    message: 'the node of its job failed',
    shared: false,
  })
  expect(goneFailure('OUT_OF_MEMORY', 'oom', 3)).toMatchObject({ kind: 'over-memory', shared: true })
  expect(goneFailure('TIMEOUT', '', 1).kind).toBe('time-limit')
  expect(goneFailure('', '', 1).message).toBe('Slurm does not know its job any more')
})

test('another version is named, with the node', () => {
  expect(versionProblem({ node: '20', code: 'a' }, { node: '20', code: 'a' }, 'n1')).toBeUndefined()
  expect(versionProblem({ node: '20', code: 'a' }, { node: '18', code: 'a' }, 'n1')?.message).toBe(
    'The job on n1 has other versions than this command: node: 20 -> 18',
  )
})

test('going on with other instructions is never silent', () => {
  const processor = { model: 'm', architecture: 'x64', platform: 'linux', instructions: 'avx2' }
  expect(machineOf([], processor)).toEqual({ machine: processor, levels: ['avx2'] })
  expect(machineOf(['avx2'], processor)).toEqual({ machine: processor, levels: ['avx2'] })
  const mixed = machineOf(['avx512f', 'avx2'], processor)
  expect(mixed.machine.earlier).toEqual(['avx512f'])
  expect(mixed.levels).toEqual(['avx512f', 'avx2'])
  expect(mixed.warning).toContain('goes on with avx2 from a checkpoint that was computed with avx512f')
})

test('a job of a batch is begun once, and told when nobody waits for it', () => {
  const study = mkdtempSync(join(tmpdir(), 'batches-'))
  const elements = [[{ trialId: 'a', attempt: 1 }], [{ trialId: 'b', attempt: 2 }]]
  const batch = createBatch(study, { name: 'seqlab-x', elements, script: () => '', tasks: [{ n: 1 }, { n: 2 }] })
  expect(listBatches(study)).toEqual({ batches: [batch], problems: [] })
  expect([beginElement(batch.directory, 0, {}), beginElement(batch.directory, 0, {})]).toEqual([true, false])
  expect(isElementOver(batch.directory, 1)).toBe(false)
  endElement(batch.directory, 1)
  expect([isElementOver(batch.directory, 0), isElementOver(batch.directory, 1)]).toEqual([false, true])
  removeBatch(study, batch)
  expect([isElementOver(batch.directory, 0), listBatches(study).batches]).toEqual([true, []])
})
