import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { builtRoot } from '../../src/core/package.js'
import { readLedger } from '../../src/store/study/ledger.js'
import type { RunRecord } from '../../src/store/trial/record.js'
import { studyBytes } from '../runner/support/plan.js'
import { type Findings, folder } from './harness.js'
import { writeStudy } from './study.js'

interface Ended {
  readonly code: number | null
  readonly records: readonly RunRecord[]
  readonly stderr: string
}

/** The built command: a budget that runs out, `--retry-failed`, `--fresh`; on stdout nothing but records all the time. */
export async function commands(): Promise<Findings> {
  const problems = [...(await budget()), ...(await failures())]
  return { counts: { 'budgets run out': 1, 'sweeps run afresh': 1, 'failed sweeps tried again': 1 }, problems }
}

/** Out of minutes: every trial is `cancelled` with that reason, stays so, and goes on when asked to the same bytes. */
async function budget(): Promise<string[]> {
  const problems: string[] = []
  const specs = folder('study')
  const out = folder('budget')
  const size = { steps: 6000, seeds: 1 }
  const hurried = await sweep(writeStudy(specs, { ...size, minutes: 0.025 }), out)
  const statuses = ({ records }: Ended) =>
    records.map(({ status, error }) => `${status} ${error?.message ?? ''}`.trim())
  const cancelled = ['cancelled The budget of minutes ran out', 'cancelled The budget of minutes ran out']
  const expect = (what: string, got: unknown, wanted: unknown) => {
    if (!isDeepStrictEqual(got, wanted)) problems.push(`budget: ${what}: ${JSON.stringify(got)}`)
  }
  expect('when it runs out', [hurried.code, ...statuses(hurried)], [0, ...cancelled])
  const study = writeStudy(specs, size)
  const again = await sweep(study, out)
  expect('the same command', [again.code, ...statuses(again)], [0, ...cancelled])
  const retried = await sweep(study, out, '--retry-failed')
  expect('--retry-failed', [retried.code, ...statuses(retried)], [0, 'completed', 'completed'])
  const bytes = studyBytes(join(out, 'study'))
  const fresh = await sweep(study, out, '--fresh')
  expect('--fresh', [fresh.code, ...statuses(fresh)], [0, 'completed', 'completed'])
  expect('--fresh gives other bytes', isDeepStrictEqual(studyBytes(join(out, 'study')), bytes), true)
  const { entries } = readLedger(join(out, 'study'))
  const afresh = entries.filter((entry) => entry.kind === 'discarded' && entry.reason === 'run afresh')
  expect('trials that were run afresh', afresh.length, 2)
  return problems
}

/** A failed trial is reported again, but run again only on request. */
async function failures(): Promise<string[]> {
  const problems: string[] = []
  const study = writeStudy(folder('study'), { steps: 20, seeds: 1 })
  const out = folder('failures')
  const wild = ['--set', 'train.optimizer={type: sgd, learningRate: 1e30}']
  for (const [more, tried] of [
    [[], 2],
    [[], 2],
    [['--retry-failed'], 4],
  ] as const) {
    const { code, records, stderr } = await sweep(study, out, ...wild, ...more)
    const { entries } = readLedger(join(out, 'study'))
    const attempts = entries.filter(({ kind }) => kind === 'started').length
    const failed = records.filter(({ status }) => status === 'failed').length
    if (code !== 1 || failed !== 2 || attempts !== tried)
      problems.push(`failures: ${more.join(' ')}: exit code ${code}, ${failed} failed, ${attempts} attempts: ${stderr}`)
  }
  return problems
}

/** `seqlab sweep --json`. Throws where a line of stdout is no record. */
function sweep(study: string, out: string, ...more: readonly string[]): Promise<Ended> {
  const args = ['sweep', study, '--out', out, '--workers', '2', '--json', ...more]
  const child = spawn(process.execPath, [join(builtRoot, 'cli', 'main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      texts[name] += piece
    })
  }
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      try {
        const records = texts.stdout.split('\n').slice(0, -1)
        resolve({ code, records: records.map((line) => JSON.parse(line) as RunRecord), stderr: texts.stderr })
      } catch (error) {
        reject(new Error(`stdout is not only records: ${texts.stdout.slice(0, 500)}`, { cause: error }))
      }
    })
  })
}
