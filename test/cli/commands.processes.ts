import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readStudy } from '../../src/store/index.js'
import type { RunRecord } from '../../src/store/trial/record.js'
import { command } from '../support/command.js'
import { base, recordsIn, studyOfCells } from '../support/study-of-cells.js'
import { built as builtIn } from '../support/trained-runs.js'

// What `run` and `sweep` of the built program write to their two outputs.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-cli-'))
const out = join(folder, 'runs')
afterAll(() => rmSync(folder, { recursive: true }))

const seqlab = (...args: readonly string[]) => command(args)
const built = (...args: readonly string[]) => builtIn('.', args)

const study = studyOfCells(folder)

test('run --json: records alone on stdout; the second time nothing is trained again', async () => {
  const args = [
    'run',
    base,
    '--out',
    out,
    '--json',
    '--set',
    'model.encoder.hidden=8,16',
    '--name',
    'json',
    '--workers',
    '2',
  ]
  const first = await built(...args)
  expect(first.code).toBe(0)
  const records = recordsIn(first.stdout)
  expect(records.map(({ status, label }) => [status, label]).sort()).toEqual([
    ['completed', 'base hidden=16'],
    ['completed', 'base hidden=8'],
  ])
  for (const { trialId } of records) {
    expect(readdirSync(join(out, 'json', trialId))).toEqual(
      expect.arrayContaining(['record.json', 'report.html', 'spec.yaml']),
    )
  }
  const again = await seqlab(...args, '--quiet')
  expect([again.code, again.stderr]).toEqual([0, ''])
  const byId = (left: RunRecord, right: RunRecord) => (left.trialId < right.trialId ? -1 : 1)
  expect([...recordsIn(again.stdout)].sort(byId)).toEqual([...records].sort(byId))
})

test('run: a summary on stdout, progress on stderr', async () => {
  const { code, stdout, stderr } = await built('run', base, '--out', out)
  expect(code).toBe(0)
  expect(stdout).toMatch(/test ser ↓ \(95 %\)/)
  expect(stdout).toMatch(/^base seed 1 .*%.*\(.* to .*\)/m)
  expect(stdout).toMatch(/^report {2}.*report\.html$/m)
  expect(stderr).toMatch(/validated at step 10: ser/)
})

test('sweep --quiet: results are on stdout, and nothing is on stderr', async () => {
  const args = ['sweep', study, '--out', out, '--name', 'quiet', '--quiet', '--workers', '2']
  const { code, stdout, stderr } = await seqlab(...args)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain(`\ncomparison  ${join(out, 'quiet', 'comparison.html')}\n`)
  const json = await seqlab(...args, '--json')
  expect(recordsIn(json.stdout)).toHaveLength(4)
})

test('sweep --only runs a part of the study, and the next command the rest', async () => {
  const part = await seqlab('sweep', study, '--out', out, '--json', '--quiet', '--only', 'elman', '--workers', '1')
  expect(part.code).toBe(0)
  expect(
    recordsIn(part.stdout)
      .map(({ label, seed }) => [label, seed])
      .sort(),
  ).toEqual([
    ['elman', 1],
    ['elman', 2],
  ])
  const whole = await built('sweep', study, '--out', out, '--json', '--workers', '2')
  expect(whole.stderr).toMatch(/study: 4 trials \(2 finished, 2 to do\)/)
  expect(recordsIn(whole.stdout).every(({ status, stepsDone }) => status === 'completed' && stepsDone === 4)).toBe(true)
  expect(recordsIn(whole.stdout)).toHaveLength(4)
})

test('another plan in the same folder is refused, with each way on as a command', async () => {
  const changed = await seqlab('sweep', study, '--out', out, '--set', 'train.batchSize=2')
  expect(changed.code).toBe(2)
  const sweep = `seqlab sweep ${study} --out ${out} --set train.batchSize=2`
  expect(changed.stderr).toMatch(/was created by a different plan.*\(1 difference\):\n {2}train\.batchSize: \d+ -> 2\n/)
  for (const way of ['--name study-2', '--fresh', '--force']) expect(changed.stderr).toContain(`  ${sweep} ${way}  `)
  const renamed = await seqlab(
    ...sweep.split(' ').slice(1),
    '--name',
    'study-2',
    '--only',
    'elman',
    '--quiet',
    '--workers',
    '1',
  )
  const published = readStudy(join(out, 'study-2')).trials.filter(({ state }) => state === 'published')
  expect([renamed.code, published.length]).toEqual([0, 2])
})
